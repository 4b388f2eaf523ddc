/** Prints a document as PDF in a hidden window of its own: no preload, no page of ours, nothing it could load. */
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { schemeName } from './scheme.ts';

const partition = 'candela-print';
const address = `${schemeName}://print/`;
/** Longest that a page of text and a few pictures may take. */
const printMs = 60_000;

export interface PrintParts {
  readonly createWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly sessionOf: (partition: string) => Session;
}

function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('printing: no answer')), printMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** One document after the other. @throws where the window does not load or print it */
export function createPdfPrinter({
  createWindow,
  sessionOf,
}: PrintParts): (html: string) => Promise<Uint8Array> {
  let last: Promise<unknown> = Promise.resolve();
  let current = '';
  let isReady = false;

  async function print(html: string): Promise<Uint8Array> {
    const own = sessionOf(partition);
    if (!isReady) {
      isReady = true;
      own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
      own.webRequest.onBeforeRequest((details, answer) =>
        answer({ cancel: details.url !== address && !details.url.startsWith('data:') }),
      );
      own.protocol.handle(
        schemeName,
        () => new Response(current, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
      );
    }
    current = html;
    const window = createWindow({
      show: false,
      webPreferences: { partition, contextIsolation: true, sandbox: true, nodeIntegration: false },
    });
    try {
      await window.loadURL(address);
      // Fonts come after the document.
      await window.webContents.executeJavaScript('document.fonts.ready.then(() => true)');
      return await window.webContents.printToPDF({
        printBackground: true,
        preferCSSPageSize: true,
        margins: { top: 0, bottom: 0, left: 0, right: 0 },
      });
    } finally {
      current = '';
      window.destroy();
    }
  }

  return (html) => {
    const next = last.then(() => within(print(html)));
    last = next.catch(() => undefined);
    return next;
  };
}
