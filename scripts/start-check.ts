/** `npm start -- --check`: starts the browser shell on a free port with an empty data folder and reads a page from it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';

const readyMs = 60_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What entering gave: proof for a browser, and the version that the host told. */
interface Entered {
  readonly version: string;
  readonly cookie: string;
  readonly nonce: string;
}

/** Prints one line and answers the exit code: 0 when page and host answer, else 1. */
export async function checkStart(root: string): Promise<number> {
  const startedMs = performance.now();
  const dataFolder = mkdtempSync(join(tmpdir(), 'candela-check-'));
  const args = [join(root, 'out/main/server.js'), '--data', dataFolder, '--port', '0', '--no-open'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  try {
    const address = await withDeadline(printedAddress(child), readyMs, 'no address printed');
    const entered = await withDeadline(readStudiesPage(address), readyMs, 'no answer');
    const how = await showStudiesPage(address.origin, entered);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    process.stdout.write(
      `Candela ${entered.version}: the Studies page answers (browser shell, ${how}, ${seconds} s).\n`,
    );
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stdout.write(`Candela: start check failed: ${reason}\n`);
    process.stderr.write(errors);
    return 1;
  } finally {
    await ended(child);
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Asks the server to stop, and insists when it does not. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The address with its token, from the line that the shell prints for a person. */
function printedAddress(child: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+\/enter#\S+/.exec(text);
      if (found) resolve(new URL(found[0]));
    });
    child.once('exit', (code) => reject(new Error(`the shell ended with code ${code}`)));
    child.once('error', reject);
  });
}

/** Enters as a browser would, loads the page and its script, and asks the host who it is. */
async function readStudiesPage(address: URL): Promise<Entered> {
  const { origin } = address;
  const own = { origin, 'sec-fetch-site': 'same-origin' };
  const token = JSON.stringify({ token: address.hash.slice(1) });
  const entered = await ask(`${origin}/enter`, 'POST', { ...own, 'content-type': 'application/json' }, token);
  if (entered.status !== 200) throw new Error(`/enter answered ${entered.status}`);
  const { nonce } = JSON.parse(entered.body) as { readonly nonce: string };
  const cookie = (entered.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

  const page = await ask(`${origin}/`, 'GET', { cookie });
  const script = /<script[^>]+src="\.?(\/[^"]+)"/.exec(page.body)?.[1];
  if (page.status !== 200 || !script) throw new Error(`the page answered ${page.status}`);
  const code = await ask(`${origin}${script}`, 'GET', { cookie });
  if (code.status !== 200) throw new Error(`the page's script answered ${code.status}`);

  const proof = { ...own, cookie, 'x-candela-nonce': nonce };
  const list = { filter: {}, sort: [], offset: 0, limit: 10 };
  await call(origin, proof, 'studies.list', list);
  const info = await call(origin, proof, 'app.info', {});
  return { version: String(info['version']), cookie, nonce };
}

/**
 * Draws the page where a browser is at hand; a browser that does not start says nothing about Candela.
 * @throws when the page does not come to show the Studies page
 */
async function showStudiesPage(origin: string, entered: Entered): Promise<string> {
  const executablePath = findChromium();
  if (!executablePath) return 'by HTTP, no Chromium to draw it';
  let browser: Browser;
  try {
    browser = await chromium.launch({ executablePath, args: chromiumFlags(), timeout: 20_000 });
  } catch {
    return 'by HTTP, Chromium did not start';
  }
  try {
    const context = await browser.newContext();
    const [name = '', value = ''] = entered.cookie.split('=');
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
    await context.addInitScript((nonce) => sessionStorage.setItem('candela.nonce', nonce), entered.nonce);
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    await page.waitForSelector('[data-page="studies"][data-ready="true"]', { timeout: 30_000 });
    return 'drawn by Chromium';
  } finally {
    await browser.close();
  }
}

async function call(
  origin: string,
  proof: Record<string, string>,
  name: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const answer = await ask(`${origin}/call/${name}`, 'POST', proof, JSON.stringify(input));
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}`);
  const result = JSON.parse(answer.body) as {
    readonly ok: boolean;
    readonly value: Record<string, unknown>;
    readonly problem?: { readonly code: string };
  };
  if (!result.ok) throw new Error(`${name} answered ${result.problem?.code}`);
  return result.value;
}

function ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
