/** A recording stand-in for the `electron` module: enough for the built main process to start, with every setting kept. */
import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { vi } from 'vitest';

type Listener = (...args: unknown[]) => unknown;

export class FakeWebContents extends EventEmitter {
  openHandler: ((details: unknown) => unknown) | null = null;
  reloads = 0;
  readonly mainFrame: FakeFrame = {
    parent: null,
    detached: false,
    origin: 'candela://app',
    url: 'candela://app/',
    posted: [],
    postMessage(channel, message, ports) {
      this.posted.push({ channel, message, ports });
    },
  };
  setWindowOpenHandler(handler: (details: unknown) => unknown): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export interface FakeFrame {
  parent: unknown;
  detached: boolean;
  origin: string;
  url: string;
  readonly posted: { channel: string; message: unknown; ports: unknown[] }[];
  postMessage(channel: string, message: unknown, ports: unknown[]): void;
}

export interface FakeSession extends EventEmitter {
  readonly settings: Record<string, unknown>;
  readonly schemeHandlers: Map<string, (request: Request) => Promise<Response>>;
  readonly requestFilters: { readonly urls: readonly string[]; readonly listener: Listener }[];
}

function createFakeSession(): FakeSession {
  const settings: Record<string, unknown> = {};
  const schemeHandlers = new Map<string, (request: Request) => Promise<Response>>();
  const requestFilters: { urls: readonly string[]; listener: Listener }[] = [];
  const keep = (name: string) => (value: unknown) => {
    settings[name] = value;
  };
  return Object.assign(new EventEmitter(), {
    settings,
    schemeHandlers,
    requestFilters,
    setPermissionRequestHandler: keep('permissionRequest'),
    setPermissionCheckHandler: keep('permissionCheck'),
    setDevicePermissionHandler: keep('devicePermission'),
    setDisplayMediaRequestHandler: keep('displayMedia'),
    setSpellCheckerEnabled: keep('spellChecker'),
    setProxy: async (value: unknown) => keep('proxy')(value),
    webRequest: {
      onBeforeRequest: (filter: { urls: readonly string[] }, listener: Listener) =>
        requestFilters.push({ urls: filter.urls, listener }),
    },
    protocol: {
      handle: (name: string, handler: (request: Request) => Promise<Response>) =>
        schemeHandlers.set(name, handler),
    },
  });
}

/** One fake module. `order` holds what happened before and after `ready`, in order. */
export function createFakeElectron(conditions: { readonly isPackaged: boolean; readonly gotLock?: boolean }) {
  const order: string[] = [];
  const sessions = new Map<string, FakeSession>();
  const windows: FakeWindow[] = [];
  const handlers = new Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>>();
  const schemes: unknown[] = [];
  const app = Object.assign(new EventEmitter(), {
    isPackaged: conditions.isPackaged,
    commandLine: { appendSwitch: (name: string) => order.push(`switch ${name}`) },
    setPath: (name: string, path: string) => order.push(`path ${name} ${path}`),
    enableSandbox: () => order.push('enableSandbox'),
    requestSingleInstanceLock: () => conditions.gotLock ?? true,
    whenReady: async () => {
      order.push('ready');
    },
    getLocale: () => 'en',
    exit: (code: number) => order.push(`exit ${code}`),
    quit: () => order.push('quit'),
    setLoginItemSettings: (settings: unknown) => order.push(`login ${JSON.stringify(settings)}`),
  });

  class FakeWindow extends EventEmitter {
    readonly webContents = new FakeWebContents();
    readonly options: Record<string, unknown>;
    loaded = '';
    constructor(options: Record<string, unknown>) {
      super();
      this.options = options;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    async loadURL(url: string): Promise<void> {
      this.loaded = url;
    }
    show = vi.fn();
    maximize = vi.fn();
    isMaximized = () => true;
    focus = vi.fn();
    close = vi.fn();
    isMinimized = () => false;
    isDestroyed = () => false;
    getNormalBounds = () => ({ x: 10, y: 20, width: 1200, height: 800 });
  }

  class FakeMessageChannel {
    readonly port1: unknown;
    readonly port2: unknown;
    constructor() {
      const { port1, port2 } = new MessageChannel();
      this.port1 = Object.assign(port1, { start: () => port1.ref() });
      this.port2 = port2;
    }
  }

  /** Keeps which file it was made of. */
  class FakeIcon {
    readonly paths: string[] = [];
    addRepresentation({ dataURL }: { readonly dataURL: string }): void {
      this.paths.push(dataURL);
    }
  }

  const trays: FakeTray[] = [];
  class FakeTray extends EventEmitter {
    setToolTip = vi.fn();
    setContextMenu = vi.fn();
    destroy = vi.fn();
    readonly icon: FakeIcon;
    constructor(icon: FakeIcon) {
      super();
      this.icon = icon;
      trays.push(this);
    }
  }

  const module = {
    app,
    BrowserWindow: FakeWindow,
    Tray: FakeTray,
    nativeImage: {
      createFromPath: (path: string) => ({ resize: () => ({ toDataURL: () => path }) }),
      createEmpty: () => new FakeIcon(),
    },
    powerSaveBlocker: { start: vi.fn(() => 1), stop: vi.fn() },
    safeStorage: {
      isEncryptionAvailable: () => true,
      encryptString: (text: string) => Buffer.from(text, 'utf8'),
      decryptString: (bytes: Buffer) => bytes.toString('utf8'),
    },
    MessageChannelMain: FakeMessageChannel,
    dialog: {
      showErrorBox: vi.fn(),
      showOpenDialog: vi.fn(),
      showSaveDialog: vi.fn(),
      showMessageBox: vi.fn(),
    },
    ipcMain: {
      handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => Promise<unknown>) =>
        handlers.set(channel, handler),
    },
    Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn() },
    protocol: {
      registerSchemesAsPrivileged: (given: unknown[]) => {
        order.push('schemes');
        schemes.push(...given);
      },
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      fromPartition: (name: string) => {
        const known = sessions.get(name) ?? createFakeSession();
        sessions.set(name, known);
        return known;
      },
    },
  };
  return { module, app, order, sessions, windows, handlers, schemes, trays };
}

export type FakeElectron = ReturnType<typeof createFakeElectron>;
