/**
 * One driver for every end-to-end spec: starts a shell on an empty data folder and gives its page, whichever shell it is.
 *
 *     const app = await launch('browser');
 *     await app.page.getByRole('row').first().dblclick();
 *     await app.close();            // also fails on CSP violations
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  _electron,
  type Browser,
  type BrowserContext,
  chromium,
  type ElectronApplication,
  type Page,
  type Request,
} from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import { findElectron } from '../../scripts/electron/binary.ts';

const root = join(import.meta.dirname, '../..');

export type ShellName = 'browser' | 'electron';

export interface LaunchOptions {
  /** Kept after `close` when given; else a new one in the temporary folder, deleted at the end. */
  readonly dataFolder?: string;
  readonly locale?: 'zh-CN' | 'en-US';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface LaunchedApp {
  readonly shell: ShellName;
  readonly page: Page;
  readonly dataFolder: string;
  /** Content-Security-Policy reports and uncaught errors of all pages so far; must stay empty. */
  readonly faults: readonly string[];
  /** The browser shell's origin; `candela://app` in Electron. */
  readonly origin: string;
  /** A fresh address with a token, as printed when Enter is pressed; browser shell only. */
  readonly url: string;
  readonly context: BrowserContext;
  /** Until what was done on the pages is in the host: a page saves within a second of its own time. */
  untilKept(): Promise<void>;
  close(): Promise<void>;
}

/** Why a shell cannot be driven here, in one sentence; null when it can. */
export function skipReason(shell: ShellName): string | null {
  if (!existsSync(join(root, 'out/main/server.js'))) return 'the build is missing: run npm run build first';
  if (shell === 'browser') return findChromium() ? null : 'no Chromium, Chrome or Edge is installed';
  if (!findElectron(root, process.env)) return "Electron's binary is not installed";
  if (process.getuid?.() === 0) return 'Electron refuses to run as root';
  const needsDisplay =
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  return needsDisplay ? 'there is no display for Electron' : null;
}

/** Starts a shell and waits until its page has loaded. Call only when `skipReason` is null. */
export async function launch(shell: ShellName, options: LaunchOptions = {}): Promise<LaunchedApp> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'candela-e2e-'));
  const cleanUp = () => {
    if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const app =
      shell === 'browser'
        ? await launchBrowser(dataFolder, options)
        : await launchElectron(dataFolder, options);
    return {
      ...app,
      shell,
      dataFolder,
      async close() {
        await app.close();
        cleanUp();
        if (app.faults.length > 0) throw new Error(`The page had faults:\n${app.faults.join('\n')}`);
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

type Launched = Omit<LaunchedApp, 'shell' | 'dataFolder'>;

async function launchBrowser(dataFolder: string, options: LaunchOptions): Promise<Launched> {
  const args = [join(root, 'out/main/server.js'), '--data', dataFolder, '--port', '0', '--no-open'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let browser: Browser | undefined;
  try {
    const url = await printedAddress(server);
    const executablePath = findChromium();
    if (!executablePath) throw new Error('no Chromium');
    // Without a UTF-8 locale (a bare CI machine) Chromium misreads the names of files that are dropped on it.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' } as Record<string, string>;
    browser = await chromium.launch({ executablePath, args: chromiumFlags(), env });
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1920, height: 1080 },
      ...(options.locale && { locale: options.locale }),
    });
    // A busy machine gets its time.
    context.setDefaultTimeout(90_000);
    const faults = watchFaults(context);
    const untilKept = watchCalls(context);
    await context.addInitScript(reportViolations);
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForURL((address) => address.pathname === '/');
    const { origin } = new URL(url);
    const started = browser;
    const close = async () => {
      await started.close();
      await stop(server);
    };
    return { page, context, faults, origin, url, untilKept, close };
  } catch (error) {
    await browser?.close();
    await stop(server);
    throw error;
  }
}

async function launchElectron(dataFolder: string, options: LaunchOptions): Promise<Launched> {
  const executablePath = findElectron(root, process.env);
  if (!executablePath) throw new Error('no Electron');
  const language = options.locale ? [`--lang=${options.locale}`] : [];
  const app: ElectronApplication = await _electron.launch({
    executablePath,
    args: [root, '--data', dataFolder, ...language],
  });
  const context = app.context();
  const faults = watchFaults(context);
  const untilKept = watchCalls(context);
  await context.addInitScript(reportViolations);
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  const origin = 'candela://app';
  return { page, context, faults, origin, url: `${origin}/`, untilKept, close: () => app.close() };
}

const violationMark = 'candela-csp-violation';

/** Runs in every page: a violation that only reaches the console would go unseen. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`candela-csp-violation ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
  });
}

function watchFaults(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    const text = message.text();
    if (text.includes(violationMark) || text.includes('Content Security Policy')) faults.push(text);
  });
  context.on('weberror', (error) => faults.push(error.error().stack ?? String(error.error())));
  return faults;
}

/** Longer than a page waits with what it saves: the places of a reader who stays. */
const savedWithinMs = 2200;

/** Answers a function that waits until nothing that pages save is on its way. */
function watchCalls(context: BrowserContext): () => Promise<void> {
  const underWay = new Set<Request>();
  const isSave = (request: Request) => /\/call\/(reading|masks|settings)\./.test(request.url());
  context.on('request', (request) => isSave(request) && underWay.add(request));
  context.on('response', (response) => underWay.delete(response.request()));
  context.on('requestfailed', (request) => underWay.delete(request));
  // The page's own clock: a timer that it set before ends before this one, however busy it is.
  const waited = (page: Page) =>
    page.evaluate((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)), savedWithinMs);
  return async () => {
    await Promise.all(context.pages().map(waited));
    // One save may follow another: what a state refers to goes first.
    for (let quiet = 0; quiet < 3; quiet = underWay.size === 0 ? quiet + 1 : 0)
      await new Promise((resolve) => setTimeout(resolve, 100));
  };
}

/** True in the page and in every worker it runs: without isolation there is no SharedArrayBuffer. */
export async function isIsolatedEverywhere(page: Page): Promise<boolean> {
  const inWorkers = await Promise.all(
    page.workers().map((worker) => worker.evaluate(() => self.crossOriginIsolated)),
  );
  return (await page.evaluate(() => self.crossOriginIsolated)) && inWorkers.every(Boolean);
}

/** The address with its token, from the line that the shell prints for a person. */
export function printedAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+\/enter#\S+/.exec(text);
      if (found) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`the browser shell ended with code ${code}`)));
    server.once('error', reject);
  });
}

function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => server.kill('SIGKILL'), 10_000);
    server.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    server.kill('SIGTERM');
  });
}
