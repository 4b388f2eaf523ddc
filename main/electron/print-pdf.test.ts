import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { createPdfPrinter } from './print-pdf.ts';

/** A window and a session that keep what was asked of them. */
function fakes(load: (url: string, page: () => Promise<string>) => Promise<void> = async () => undefined) {
  const seen = {
    options: [] as BrowserWindowConstructorOptions[],
    destroyed: 0,
    printed: [] as string[],
    partitions: new Set<string>(),
    handlers: 0,
  };
  let answer: (() => Response) | null = null;
  let filter: ((details: { url: string }, answer: (part: { cancel: boolean }) => void) => void) | null = null;
  const session = {
    setPermissionRequestHandler: () => undefined,
    webRequest: {
      onBeforeRequest(listener: NonNullable<typeof filter>) {
        filter = listener;
      },
    },
    protocol: {
      handle: (_scheme: string, handler: () => Response) => {
        seen.handlers += 1;
        answer = handler;
      },
    },
  } as unknown as Session;
  const page = async (): Promise<string> => (answer ? await answer().text() : '');
  const createWindow = (options: BrowserWindowConstructorOptions): BrowserWindow => {
    seen.options.push(options);
    let html = '';
    return {
      async loadURL(url: string) {
        await load(url, page);
        html = await page();
      },
      webContents: {
        executeJavaScript: async () => true,
        async printToPDF(how: { preferCSSPageSize: boolean }) {
          seen.printed.push(html);
          return Buffer.from(`%PDF ${how.preferCSSPageSize} ${html}`);
        },
      },
      destroy() {
        seen.destroyed += 1;
      },
    } as unknown as BrowserWindow;
  };
  const sessionOf = (partition: string): Session => {
    seen.partitions.add(partition);
    return session;
  };
  const isBlocked = (url: string): boolean => {
    let cancelled = false;
    filter?.({ url }, ({ cancel }) => {
      cancelled = cancel;
    });
    return cancelled;
  };
  return { seen, isBlocked, print: createPdfPrinter({ createWindow, sessionOf }) };
}

describe('printing in the desktop shell', () => {
  it('prints in a hidden window without a preload, in memory, and removes it', async () => {
    const { seen, print } = fakes();
    expect(Buffer.from(await print('<p>a')).toString()).toBe('%PDF true <p>a');
    expect(seen.options[0]).toMatchObject({ show: false, webPreferences: { sandbox: true } });
    expect(seen.options[0]?.webPreferences?.preload).toBeUndefined();
    expect([...seen.partitions].every((name) => !name.startsWith('persist:'))).toBe(true);
    expect(seen.destroyed).toBe(1);
  });
  it('lets a document load nothing but itself and what it holds', async () => {
    const { isBlocked, print } = fakes();
    await print('<p>a');
    const urls = ['candela://print/', 'data:image/png;base64,AA', 'candela://app/', 'file:///etc/passwd'];
    expect(urls.map(isBlocked)).toEqual([false, false, true, true]);
    expect(isBlocked('https://example.org/')).toBe(true);
  });
  it('prints each document as it was given, also when several come at once', async () => {
    const { seen, print } = fakes();
    const made = await Promise.all(['a', 'b', 'c'].map(print));
    expect(made.map((bytes) => Buffer.from(bytes).toString())).toEqual([
      '%PDF true a',
      '%PDF true b',
      '%PDF true c',
    ]);
    expect(seen.handlers).toBe(1);
  });
  it('fails where the window does not load, and prints the next one', async () => {
    let times = 0;
    const { seen, print } = fakes(async () => {
      times += 1;
      if (times === 1) throw new Error('no');
    });
    await expect(print('a')).rejects.toThrow('no');
    expect(Buffer.from(await print('b')).toString()).toBe('%PDF true b');
    expect(seen.destroyed).toBe(2);
  });
});
