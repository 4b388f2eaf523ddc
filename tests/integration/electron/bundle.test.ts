/** The built desktop shell against a recording fake of the `electron` module: what it sets, refuses and serves. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentSecurityPolicy } from '../../../main/shell/security-headers.ts';
import { createFakeElectron, type FakeElectron } from './fake-electron.ts';

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'out/main/electron.js');
const isBuilt = existsSync(bundle);
const dataFolder = mkdtempSync(join(tmpdir(), 'candela-electron-'));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

async function start(fake: FakeElectron, args: readonly string[] = []): Promise<void> {
  vi.resetModules();
  vi.doMock('electron', () => fake.module);
  const before = process.argv;
  process.argv = ['electron', root, '--data', dataFolder, ...args];
  try {
    await import(/* @vite-ignore */ bundle);
  } finally {
    process.argv = before;
  }
}

describe.skipIf(!isBuilt)(`the desktop shell's bundle${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  let fake: FakeElectron;
  beforeAll(async () => {
    fake = createFakeElectron({ isPackaged: true });
    await start(fake);
    await vi.waitFor(() => expect(fake.windows).toHaveLength(1), { timeout: 90_000 });
  });
  afterEach(() => vi.restoreAllMocks());

  const theWindow = () => {
    const window = fake.windows[0];
    if (!window) throw new Error('no window');
    return window;
  };
  const theSession = () => {
    const session = fake.sessions.get('candela');
    if (!session) throw new Error('no session');
    return session;
  };

  it('sandboxes everything and registers its scheme before it is ready', () => {
    const ready = fake.order.indexOf('ready');
    for (const step of [
      'enableSandbox',
      'schemes',
      'switch disable-component-update',
      'switch dns-prefetch-disable',
    ]) {
      expect(fake.order.indexOf(step), step).toBeGreaterThanOrEqual(0);
      expect(fake.order.indexOf(step), step).toBeLessThan(ready);
    }
    expect(fake.order).toContain(`path userData ${join(dataFolder, 'electron')}`);
    expect(fake.schemes).toEqual([
      {
        scheme: 'candela',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          stream: true,
          bypassCSP: false,
          corsEnabled: false,
          allowServiceWorkers: false,
          allowExtensions: false,
        },
      },
    ]);
  });

  it('D1 opens its window with every switch of the design', () => {
    const preferences = theWindow().options['webPreferences'] as Record<string, unknown>;
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      safeDialogs: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      plugins: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
      partition: 'candela',
    });
    expect(preferences['preload']).toBe(join(root, 'out/preload/index.cjs'));
    expect(theWindow().loaded).toBe('candela://app/');
  });

  it('D4 grants three permissions and no device, display, proxy or download', () => {
    const { settings } = theSession();
    const request = settings['permissionRequest'] as (
      a: null,
      name: string,
      answer: (is: boolean) => void,
    ) => void;
    const check = settings['permissionCheck'] as (a: null, name: string) => boolean;
    const asked = (name: string) => {
      let granted: boolean | undefined;
      request(null, name, (is) => {
        granted = is;
      });
      expect(check(null, name)).toBe(granted);
      return granted;
    };
    for (const name of ['fullscreen', 'clipboard-sanitized-write', 'window-management'])
      expect(asked(name)).toBe(true);
    for (const name of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
      'fileSystem',
    ]) {
      expect(asked(name), name).toBe(false);
    }
    expect((settings['devicePermission'] as () => boolean)()).toBe(false);
    expect(settings['proxy']).toEqual({ mode: 'direct' });
    expect(settings['spellChecker']).toBe(false);
    const preventDefault = vi.fn();
    theSession().emit('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  it('D3 cancels every request that is not of its own scheme', () => {
    const [filter] = theSession().requestFilters;
    expect(filter?.urls.map((url) => url.split(':')[0]).sort()).toEqual([
      'file',
      'ftp',
      'http',
      'https',
      'ws',
      'wss',
    ]);
    const answer = vi.fn();
    filter?.listener({}, answer);
    expect(answer).toHaveBeenCalledWith({ cancel: true });
  });

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'D5 prevents %s',
    (name) => {
      const preventDefault = vi.fn();
      theWindow().webContents.emit(name, { preventDefault });
      expect(preventDefault).toHaveBeenCalled();
    },
  );

  it('D5 denies new windows', () => {
    expect(theWindow().webContents.openHandler?.({ url: 'https://evil.example' })).toEqual({
      action: 'deny',
    });
  });

  it('D13 keeps the title bar as it is', () => {
    const preventDefault = vi.fn();
    theWindow().emit('page-title-updated', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
    expect(theWindow().options['title']).toBe('Candela');
  });

  it('D2 D3 serves the page with its headers, by GET, from the list alone', async () => {
    const handler = theSession().schemeHandlers.get('candela');
    if (!handler) throw new Error('no handler');
    const page = await handler(new Request('candela://app/'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="root"');
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect((await handler(new Request('candela://app/', { method: 'POST' }))).status).toBe(405);
    for (const path of [
      'package.json',
      '..%2fmain%2felectron.js',
      'index.html%00',
      'w/guess/thumb/s.1',
      'thumb/s.1',
    ]) {
      expect((await handler(new Request(`candela://app/${path}`))).status, path).toBe(404);
    }
    // As long as ours, so that only the name tells them apart.
    expect((await handler(new Request('candela://abc/'))).status).toBe(404);
  });

  it('D6 answers its own top frame and nobody else', async () => {
    const { webContents } = theWindow();
    const frame = webContents.mainFrame;
    const call = fake.handlers.get('candela:call');
    const ask = (sender: unknown, senderFrame: unknown) => call?.({ sender, senderFrame }, 'app.info', '{}');
    expect(JSON.parse(String(await ask(webContents, frame)))).toMatchObject({ ok: true });
    await expect(ask(webContents, null)).rejects.toThrow('FORBIDDEN');
    await expect(ask(webContents, { ...frame })).rejects.toThrow('FORBIDDEN');
    await expect(ask({}, frame)).rejects.toThrow('FORBIDDEN');
  });

  it('registers exactly the channels of the contract', () => {
    expect([...fake.handlers.keys()].sort()).toEqual([
      'candela:bytes-prefix',
      'candela:call',
      'candela:choose',
      'candela:dropped',
      'candela:listen',
      'candela:save',
      'candela:save-file',
    ]);
  });

  it('D4 saves what the page made where a person says, and nowhere else', async () => {
    const { webContents } = theWindow();
    const event = { sender: webContents, senderFrame: webContents.mainFrame };
    const save = fake.handlers.get('candela:save-file');
    const target = join(dataFolder, 'chosen.png');
    const { showSaveDialog } = fake.module.dialog;
    showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: target });
    expect(await save?.(event, '../a.png', new Uint8Array([1, 2, 3]))).toBe('saved');
    expect(showSaveDialog.mock.calls.at(-1)).toEqual([theWindow(), { defaultPath: '_a.png' }]);
    expect([...readFileSync(target)]).toEqual([1, 2, 3]);
    showSaveDialog.mockResolvedValueOnce({ canceled: true, filePath: '' });
    expect(await save?.(event, 'b.png', new Uint8Array(1))).toBe('cancelled');
    await expect(save?.({ ...event, sender: {} }, 'c.png', new Uint8Array(1))).rejects.toThrow('FORBIDDEN');
  });

  it('F32 loads the page again when its process died, three times a minute at most', () => {
    const window = theWindow();
    for (let i = 0; i < 4; i++) window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.webContents.reloads).toBe(3);
    expect(window.close).toHaveBeenCalledOnce();
  });

  it('takes its screen the first time, and remembers its place', () => {
    theWindow().emit('ready-to-show');
    expect(theWindow().maximize).toHaveBeenCalledOnce();
    expect(theWindow().show).toHaveBeenCalled();
    theWindow().emit('close');
    expect(JSON.parse(readFileSync(join(dataFolder, 'electron/window.json'), 'utf8'))).toEqual({
      x: 10,
      y: 20,
      width: 1200,
      height: 800,
      isMaximised: true,
    });
  });
});

describe.skipIf(!isBuilt)(`the start of the desktop shell${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  it.each([
    '--no-sandbox',
    '--remote-debugging-port=9222',
    '--disable-web-security',
    '--js-flags=--expose-gc',
    '--inspect',
  ])('D7 a release refuses %s', async (flag) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const fake = createFakeElectron({ isPackaged: true });
    await start(fake, [flag]);
    expect(fake.order).toEqual(['exit 1']);
    expect(said.mock.calls.join()).toContain('UNSAFE_FLAG');
    said.mockRestore();
  });

  it('a second desktop on the same data folder leaves at once', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const fake = createFakeElectron({ isPackaged: true, gotLock: false });
    await start(fake);
    expect(fake.order.at(-1)).toBe('exit 0');
    expect(fake.windows).toHaveLength(0);
    said.mockRestore();
  });
});

describe.skipIf(!isBuilt)(`the preload's bundle${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  it('is one CommonJS file that loads electron and nothing else', () => {
    const text = readFileSync(join(root, 'out/preload/index.cjs'), 'utf8');
    const required = [...text.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map((match) => match[1]);
    expect(required).toEqual(['electron']);
    expect(text).not.toMatch(/\bimport\s*[({]/);
  });

  it('exposes the functions of PreloadApi and nothing of Electron', () => {
    const exposed: Record<string, Record<string, unknown>> = {};
    const fakeElectron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: Record<string, unknown>) => {
          exposed[name] = api;
        },
      },
      ipcRenderer: { on: () => {}, invoke: async () => '' },
      webUtils: { getPathForFile: () => '' },
    };
    const code = readFileSync(join(root, 'out/preload/index.cjs'), 'utf8');
    const run = new Function('require', 'module', 'exports', code);
    run(() => fakeElectron, { exports: {} }, {});
    expect(Object.keys(exposed)).toEqual(['candela']);
    expect(Object.keys(exposed['candela'] ?? {}).sort()).toEqual([
      'bytesPrefix',
      'call',
      'choose',
      'dropped',
      'listen',
      'save',
      'saveFile',
    ]);
  });
});

describe.skipIf(!isBuilt)(`the built files${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  it('only the desktop entry loads electron', () => {
    for (const name of ['server.js', 'cli.js']) {
      const path = join(root, 'out/main', name);
      if (existsSync(path)) expect(readFileSync(path, 'utf8')).not.toMatch(/from ["']electron["']/);
    }
    expect(readFileSync(bundle, 'utf8')).toMatch(/from ["']electron["']/);
  });

  it('W20 ships no source map and no script made from text', () => {
    const { assets } = JSON.parse(readFileSync(join(root, 'out/assets.json'), 'utf8')) as { assets: object };
    const paths = Object.keys(assets);
    expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
    const page = readFileSync(join(root, 'out/renderer/index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });
});
