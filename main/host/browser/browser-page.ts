import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** One page of an installed browser without a window, driven over a pipe (DevTools protocol). */
export interface BrowserPage {
  /** The value of an expression, which may be a promise. Throws where it throws, and when the browser ends. */
  evaluate(expression: string): Promise<unknown>;
  /** A document as PDF, in its own page size with backgrounds. Throws where the browser does not print. */
  printPdf(html: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Longest that one answer may take; a picture takes a fraction of a second. */
const answerMs = 60_000;

class Pipe {
  readonly #write: Duplex;
  readonly #waiting = new Map<number, (reply: Reply | Error) => void>();
  #nextId = 1;
  #rest: Buffer[] = [];

  constructor(child: ChildProcess) {
    this.#write = child.stdio[3] as Duplex;
    this.#write.on('error', () => this.#end());
    (child.stdio[4] as Duplex).on('data', (part: Buffer) => this.#read(part)).on('error', () => this.#end());
    child.once('error', () => this.#end());
    child.once('exit', () => this.#end());
  }

  call(method: string, params: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, new Error(`${method}: no answer`)), answerMs);
      this.#waiting.set(id, (reply) => {
        clearTimeout(timer);
        if (reply instanceof Error) reject(reply);
        else if (reply.error) reject(new Error(reply.error.message));
        else resolve(reply.result ?? {});
      });
      this.#write.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
  }

  #settle(id: number, reply: Reply | Error): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.(reply);
  }

  #end(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, new Error('the browser ended'));
  }

  /** Messages end with a zero byte. */
  #read(part: Buffer): void {
    let from = 0;
    for (let end = part.indexOf(0); end >= 0; end = part.indexOf(0, from)) {
      const text = Buffer.concat([...this.#rest, part.subarray(from, end)]).toString('utf8');
      this.#rest = [];
      from = end + 1;
      const reply = JSON.parse(text) as Reply;
      if (reply.id !== undefined) this.#settle(reply.id, reply);
    }
    if (from < part.length) this.#rest.push(part.subarray(from));
  }
}

/** Waits for fonts and pictures, which come after the document itself. */
const allThere = `document.fonts.ready.then(() => Promise.all([...document.images].map((image) =>
  image.decode().catch(() => undefined)))).then(() => true)`;

async function printPdf(
  call: (method: string, params: object) => Promise<Readonly<Record<string, unknown>>>,
  evaluate: BrowserPage['evaluate'],
  html: string,
): Promise<Uint8Array> {
  const { frameTree } = (await call('Page.getFrameTree', {})) as {
    readonly frameTree: { readonly frame: { readonly id: string } };
  };
  // Through the pipe: what is printed never lies in a file of the temporary folder.
  await call('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
  await evaluate(allThere);
  const { data } = await call('Page.printToPDF', {
    printBackground: true,
    preferCSSPageSize: true,
    ...{ marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 },
  });
  return Buffer.from(String(data), 'base64');
}

/** Starts the browser on an empty page from a file, which counts as a secure context; everything is removed on close. */
export async function openBrowserPage(executable: string): Promise<BrowserPage> {
  const folder = await mkdtemp(join(tmpdir(), 'candela-page-'));
  const file = join(folder, 'page.html');
  await writeFile(file, '<!doctype html><meta charset="utf-8"><title>Candela</title>');
  // Root cannot use the browser's sandbox; the page shows nothing but our own pictures.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    executable,
    [
      ...['--headless', '--remote-debugging-pipe', `--user-data-dir=${join(folder, 'profile')}`, ...asRoot],
      ...['--no-first-run', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--mute-audio', 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  };
  try {
    const pipe = new Pipe(child);
    const { targetId } = await pipe.call('Target.createTarget', { url: pathToFileURL(file).href });
    const { sessionId } = await pipe.call('Target.attachToTarget', { targetId, flatten: true });
    const evaluate = async (expression: string): Promise<unknown> => {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const answer = await pipe.call('Runtime.evaluate', params, sessionId as string);
      if (answer['exceptionDetails']) throw new Error('the page could not do it');
      return (answer['result'] as { readonly value?: unknown }).value;
    };
    for (
      let tries = 0;
      (await evaluate('document.title').catch(() => '')) !== 'Candela' && tries < 100;
      tries++
    )
      await new Promise((resolve) => setTimeout(resolve, 50));
    const call = (method: string, params: object) => pipe.call(method, params, sessionId as string);
    return { evaluate, printPdf: (html) => printPdf(call, evaluate, html), close };
  } catch (error) {
    await close();
    throw error;
  }
}
