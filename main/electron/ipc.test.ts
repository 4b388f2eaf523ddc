import { MessageChannel } from 'node:worker_threads';
import type { BrowserWindow, IpcMainInvokeEvent, MessageChannelMain } from 'electron';
import { describe, expect, it } from 'vitest';
import { ok } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { HostEvent } from '../../core/contract/index.ts';
import type { FileGrant } from '../../core/contract/preload.ts';
import { type IpcRefusal, registerIpc } from './ipc.ts';
import { createWindowPrefixes } from './scheme.ts';

interface Frame {
  parent: unknown;
  detached: boolean;
  origin: string;
  url: string;
  postMessage(channel: string, message: unknown, ports: unknown[]): void;
}

function desk() {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(event: HostEvent) => void>();
  const host = {
    call: async (name: string, input: unknown) => {
      calls.push({ name, input });
      return ok(null);
    },
    subscribe: (_fromSeq: number, listener: (event: HostEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    fetch: async () => ({ status: 404, headers: {}, body: null }),
    close: async () => {},
  } as Host;
  const handlers = new Map<string, (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<unknown>>();
  const refusals: IpcRefusal[] = [];
  const prefixes = createWindowPrefixes();
  const saved: string[] = [];
  let now = 0;
  const links = registerIpc({
    ipcMain: { handle: (channel, handler) => handlers.set(channel, handler) },
    host,
    prefixes,
    createChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: Object.assign(port1, { start: () => {} }), port2 } as unknown as MessageChannelMain;
    },
    chooseFiles: async () => ['/media/disc/DICOM'],
    save: async (_window, path) => saved.push(path) > 0,
    saveFile: async (_window, name, bytes) =>
      saved.push(`${name} ${bytes.join()}`) > 0 ? 'saved' : 'failed',
    nowMs: () => now,
    report: () => {},
    onRefused: (rule) => refusals.push(rule),
  });
  const posted: { channel: string; message: unknown; ports: unknown[] }[] = [];
  const frame: Frame = {
    parent: null,
    detached: false,
    origin: 'candela://app',
    url: 'candela://app/',
    postMessage: (channel, message, ports) => posted.push({ channel, message, ports }),
  };
  const window = { webContents: { mainFrame: frame } } as unknown as BrowserWindow;
  const link = links.addWindow(window);
  const send = (
    channel: string,
    args: unknown[],
    senderFrame: unknown = frame,
    sender: unknown = window.webContents,
  ) =>
    handlers.get(channel)?.({ sender, senderFrame } as IpcMainInvokeEvent, ...args) ??
    Promise.reject(new Error(channel));
  return {
    calls,
    listeners,
    refusals,
    prefixes,
    saved,
    links,
    link,
    frame,
    posted,
    send,
    pass: (ms: number) => (now += ms),
  };
}

const codeOf = async (answer: Promise<unknown>) => JSON.parse(String(await answer)).problem?.code ?? 'ok';

describe('the sender of a message', () => {
  it('is a known window, its top frame, at candela://app', async () => {
    const { send, calls } = desk();
    expect(await codeOf(send('candela:call', ['app.info', '{}']))).toBe('ok');
    expect(calls).toHaveLength(1);
  });

  it.each<[string, Partial<Frame> | null]>([
    ['a dead frame', null],
    ['a detached frame', { detached: true }],
    ['a frame inside a frame', { parent: {} }],
    ['another origin', { origin: 'https://evil.example', url: 'https://evil.example/' }],
    ['an opaque origin', { origin: 'null' }],
    ['an origin that only begins like ours', { origin: 'candela://app.evil' }],
    ['an address that only begins like ours', { url: 'candela://application/' }],
  ])('W13 is refused when it is %s', async (_what, change) => {
    const { send, calls, refusals, frame } = desk();
    if (change) Object.assign(frame, change);
    await expect(send('candela:call', ['app.info', '{}'], change ? frame : null)).rejects.toThrow(
      /^FORBIDDEN$/,
    );
    expect(calls).toEqual([]);
    expect(refusals).toEqual(['sender']);
  });

  it('W13 is refused when its window is not ours, or no more', async () => {
    const { send, links, link, frame } = desk();
    await expect(send('candela:call', ['app.info', '{}'], frame, {})).rejects.toThrow('FORBIDDEN');
    links.removeWindow(link);
    await expect(send('candela:call', ['app.info', '{}'])).rejects.toThrow('FORBIDDEN');
  });

  it('learns nothing from a refusal', async () => {
    const { send } = desk();
    const refusal = await send('candela:call', ['app.info', '{}'], null).catch((error: Error) => error);
    expect(refusal).toMatchObject({ message: 'FORBIDDEN', stack: 'FORBIDDEN' });
  });
});

describe('W12 a compromised page', () => {
  it.each<[string, unknown[]]>([
    ['candela:call', ['app.info']],
    ['candela:call', ['app.info', '{}', 'more']],
    ['candela:call', [{ toString: 'x' }, '{}']],
    ['candela:call', ['x'.repeat(65), '{}']],
    ['candela:call', ['app.info', ' '.repeat(1024 * 1024 + 1)]],
    ['candela:listen', [-1, 0]],
    ['candela:listen', [0, Number.NaN]],
    ['candela:choose', ['everything']],
    ['candela:dropped', ['/etc/passwd']],
    ['candela:save', [7]],
    ['candela:save-file', ['a.png']],
    ['candela:save-file', ['', new Uint8Array(1)]],
    ['candela:save-file', ['a.png', 'text']],
    ['candela:save-file', ['a.png', { length: 1, 0: 1 }]],
    ['candela:bytes-prefix', [1]],
  ])('is refused %s %j', async (channel, args) => {
    const { send, refusals, calls } = desk();
    await expect(send(channel, args)).rejects.toThrow('FORBIDDEN');
    expect(refusals).toEqual(['schema']);
    expect(calls).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'nothing.known'])('has no call %s', async (name) => {
    expect(await codeOf(desk().send('candela:call', [name, '{}']))).toBe('NOT_FOUND');
  });

  it('gets 200 calls a second, and 200 other messages', async () => {
    const { send, calls, pass } = desk();
    const codes = [];
    for (let i = 0; i < 10_000; i++) codes.push(await codeOf(send('candela:call', ['app.info', '{}'])));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(200);
    expect(calls).toHaveLength(200);
    for (let i = 0; i < 200; i++) await send('candela:bytes-prefix', []);
    await expect(send('candela:bytes-prefix', [])).rejects.toThrow('FORBIDDEN');
    pass(1000);
    await send('candela:bytes-prefix', []);
  });
});

describe('files', () => {
  const start = (paths: unknown) => ['import.start', JSON.stringify({ paths, mode: 'import' })];

  it('are imported by the handle of what a person chose, and the host gets the path', async () => {
    const { send, calls } = desk();
    const [grant] = (await send('candela:choose', ['folder'])) as FileGrant[];
    expect(grant?.name).toBe('DICOM');
    expect(grant?.handle).toMatch(/^grant:[\w-]{43}$/);
    expect(await codeOf(send('candela:call', start([grant?.handle])))).toBe('ok');
    expect(calls).toEqual([
      { name: 'import.start', input: { paths: ['/media/disc/DICOM'], mode: 'import' } },
    ]);
  });

  it('are imported by the handle of what was dropped', async () => {
    const { send, calls } = desk();
    const [grant] = (await send('candela:dropped', [['/home/a/b.dcm']])) as FileGrant[];
    await send('candela:call', start([grant?.handle]));
    expect(calls[0]?.input).toEqual({ paths: ['/home/a/b.dcm'], mode: 'import' });
  });

  it('are never imported by path, by a guessed handle or by another window’s', async () => {
    const { send, calls } = desk();
    const other = desk();
    const [foreign] = (await other.send('candela:choose', ['files'])) as FileGrant[];
    for (const path of ['/etc/passwd', 'grant:guess', foreign?.handle, 7, null]) {
      expect(await codeOf(send('candela:call', start([path])))).toBe('PATH_REFUSED');
    }
    expect(await codeOf(send('candela:call', start('/etc')))).toBe('INPUT_INVALID');
    expect(calls).toEqual([]);
  });

  it('are not browsed by a page', async () => {
    expect(await codeOf(desk().send('candela:call', ['media.browse', '{"path":null}']))).toBe('FORBIDDEN');
  });

  it('are saved from a plain byte route only', async () => {
    const { send, saved } = desk();
    expect(await send('candela:save', ['/instance/s.1'])).toBe(true);
    expect(await send('candela:save', ['/../x'])).toBe(false);
    expect(saved).toEqual(['/instance/s.1']);
  });

  it('are saved from what the page made', async () => {
    const { send, saved } = desk();
    expect(await send('candela:save-file', ['a.png', new Uint8Array([1, 2])])).toBe('saved');
    expect(saved).toEqual(['a.png 1,2']);
  });
});

describe('a window', () => {
  it('follows the events through a port, until it is gone', async () => {
    const { send, posted, listeners, links, link, prefixes } = desk();
    await send('candela:listen', [5, 0]);
    expect(posted.map(({ channel, message }) => [channel, message])).toEqual([['candela:events', 5]]);
    const port = posted[0]?.ports[0] as import('node:worker_threads').MessagePort;
    const got = new Promise((resolve) => port.once('message', resolve));
    for (const listener of listeners) listener({ seq: 1, topic: 'studies', payload: { studyKeys: [] } });
    expect(JSON.parse(String(await got))).toEqual({ seq: 1, topic: 'studies', payload: { studyKeys: [] } });
    const prefix = String(await send('candela:bytes-prefix', []));
    expect(prefixes.has(prefix)).toBe(true);
    links.removeWindow(link);
    expect(listeners.size).toBe(0);
    expect(prefixes.has(prefix)).toBe(false);
  });
});
