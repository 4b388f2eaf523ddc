/**
 * A Chromium with nothing watching its network. Playwright asks for every response's body, which the page's process
 * then keeps a copy of: that adds half a second and 100 MB to a series of 200 MB. So opening is measured here.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';

export interface PlainPage {
  /** The browser's own process; all others of it descend from it. */
  readonly pid: number;
  /** Whether the browser puts its window together by the card, which is not certain where pages draw by it. */
  composesByCard(): Promise<boolean>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page; it must not use anything from outside of itself. */
  evaluate<T, A = undefined>(work: (argument: A) => T | Promise<T>, argument?: A): Promise<T>;
  waitFor(selector: string): Promise<void>;
  /** Real input in the middle of the first match, as a hand does it: the second press a tenth of a second after the first. */
  doubleClick(selector: string): Promise<void>;
  /** A key by its code, such as `KeyM`. */
  press(key: string, code: string, withAlt?: boolean): Promise<void>;
}

const waitMs = 60_000;

/** Starts a Chromium with a profile in `folder` and one page, and ends it. */
export async function withPlainPage<T>(
  folder: string,
  size: { readonly width: number; readonly height: number },
  work: (page: PlainPage) => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  const executable = findChromium();
  if (!executable) throw new Error('no Chromium, Chrome or Edge is installed');
  mkdirSync(folder, { recursive: true });
  const flags = [
    ...['--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--hide-scrollbars'],
    ...['--no-first-run', '--disable-background-networking', '--disable-component-update', '--lang=en-US'],
    `--window-size=${size.width},${size.height}`,
  ];
  const browser = spawn(executable, [...chromiumFlags(), ...flags, ...more, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  try {
    const connection = await Connection.open(await debuggingAddress(browser.stderr));
    const { targetId } = await connection.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    });
    const { sessionId } = await connection.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    return await work(pageOf(browser.pid ?? 0, connection, sessionId));
  } finally {
    browser.kill('SIGTERM');
    await ended;
  }
}

function debuggingAddress(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.setEncoding('utf8');
    output.on('data', (part: string) => {
      text += part;
      const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    output.once('end', () => reject(new Error(`Chromium ended: ${text.slice(-400)}`)));
  });
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static open(address: string): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address);
      socket.addEventListener('open', () => resolve(new Connection(socket)), { once: true });
      socket.addEventListener('error', () => reject(new Error('no connection to Chromium')), { once: true });
    });
  }

  send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result as T);
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    });
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

interface SystemInfo {
  readonly gpu: { readonly featureStatus?: Readonly<Record<string, string>> };
}

function pageOf(pid: number, connection: Connection, sessionId: string): PlainPage {
  const send = <T>(method: string, params?: object): Promise<T> => connection.send(method, params, sessionId);
  const evaluate: PlainPage['evaluate'] = async <T, A>(
    work: (argument: A) => T | Promise<T>,
    argument?: A,
  ): Promise<T> => {
    const expression = `(${work})(${JSON.stringify(argument) ?? 'undefined'})`;
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails: failed } = await send<Evaluated>('Runtime.evaluate', params);
    if (failed) throw new Error(failed.exception?.description ?? failed.text);
    return result.value as T;
  };
  const waitFor = async (selector: string): Promise<void> => {
    const deadline = performance.now() + waitMs;
    while (!(await isThere(evaluate, selector))) {
      if (performance.now() > deadline) throw new Error(`${selector} did not appear`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return {
    pid,
    async composesByCard() {
      const { gpu } = await connection.send<SystemInfo>('SystemInfo.getInfo');
      return gpu.featureStatus?.['gpu_compositing'] === 'enabled';
    },
    evaluate,
    waitFor,
    async goto(url) {
      await send('Page.navigate', { url });
    },
    async reload() {
      await send('Page.reload');
      await new Promise((resolve) => setTimeout(resolve, 500));
    },
    async doubleClick(selector) {
      const at = await evaluate((wanted: string) => {
        const box = document.querySelector(wanted)?.getBoundingClientRect();
        return box && { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      }, selector);
      if (!at) throw new Error(`no ${selector}`);
      for (const clickCount of [1, 2]) {
        if (clickCount === 2) await new Promise((resolve) => setTimeout(resolve, 100));
        for (const type of ['mousePressed', 'mouseReleased']) {
          await send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount });
        }
      }
    },
    async press(key, code, withAlt = false) {
      const modifiers = withAlt ? 1 : 0;
      for (const type of ['rawKeyDown', 'keyUp']) {
        await send('Input.dispatchKeyEvent', { type, key, code, modifiers });
      }
    },
  };
}

/** A page that is being replaced has no answer: asked again. */
const isThere = (evaluate: PlainPage['evaluate'], selector: string): Promise<boolean> =>
  evaluate((wanted: string) => document.querySelector(wanted) !== null, selector).catch(() => false);
