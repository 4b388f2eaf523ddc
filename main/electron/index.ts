/** Entry of the desktop shell: one window over one host. `candela [--data DIR]`; every other argument is ignored (W15). */
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  Tray,
} from 'electron';
import type { Host } from '../../core/contract/host.ts';
import { defaultDataDir } from '../host/folder.ts';
import { makeFolder } from '../host/media/make-folder.ts';
import { openHost, packageVersion } from '../shell/open-host.ts';
import { loadStaticAssets } from '../shell/static-assets.ts';
import { followInBackground } from './background.ts';
import { registerIpc } from './ipc.ts';
import { applyNavigationPolicy } from './navigation-policy.ts';
import { createPdfPrinter } from './print-pdf.ts';
import { saveBytes, saveFile } from './save-bytes.ts';
import { appOrigin, createSchemeHandler, createWindowPrefixes, customScheme, schemeName } from './scheme.ts';
import { applySessionPolicy, quietSwitches, sessionPartition } from './session-policy.ts';
import { trayIcon } from './tray-icon.ts';
import { findUnsafeFlag } from './unsafe-flags.ts';
import { recallPlace, rememberPlace, reviveOnCrash, windowOptions } from './window.ts';

/** `appId` of electron-builder.yml. */
const appUserModelId = 'org.candela.workstation';
const outFolder = join(import.meta.dirname, '..');
const report = (where: string, error: unknown) =>
  process.stderr.write(`candela: ${where}: ${error instanceof Error ? error.name : 'error'}\n`);
const refused = (rule: string) => process.stderr.write(`candela: refused (${rule})\n`);

/** The value of `--data DIR` or `--data=DIR`; a deep link or a file name among the arguments means nothing to us. */
function chosenDataFolder(args: readonly string[]): string {
  const index = args.indexOf('--data');
  const value =
    index >= 0 ? args[index + 1] : args.find((argument) => argument.startsWith('--data='))?.slice(7);
  return value || defaultDataDir();
}

function main(): void {
  const flag = app.isPackaged ? findUnsafeFlag(process.argv.slice(1)) : null;
  if (flag) {
    process.stderr.write(`candela: UNSAFE_FLAG ${flag}\n`);
    app.exit(1);
    return;
  }
  const dataFolder = chosenDataFolder(process.argv);
  makeFolder(join(dataFolder, 'electron'), 0o700);
  // The lock below is per userData folder: one desktop per data folder.
  app.setPath('userData', join(dataFolder, 'electron'));
  // As the installed shortcut has it: else Windows shows two symbols in its bar.
  if (process.platform === 'win32') app.setAppUserModelId(appUserModelId);
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([customScheme]);
  for (const name of quietSwitches) app.commandLine.appendSwitch(name);
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write(
      'candela: Candela is already open on this data folder; its window was brought to the front\n',
    );
    app.exit(0);
    return;
  }
  app.on('web-contents-created', (_event, contents) => applyNavigationPolicy(contents, refused));
  app
    .whenReady()
    .then(() => open(dataFolder))
    .catch((error: unknown) => {
      report('start', error);
      app.exit(1);
    });
}

/** Passwords of other stations, sealed with the signed-in person's key. */
const secretBox = {
  seal: (text: string) => new Uint8Array(safeStorage.encryptString(text)),
  open(bytes: Uint8Array): string | null {
    try {
      return safeStorage.decryptString(Buffer.from(bytes));
    } catch {
      return null;
    }
  },
};

const askTarget =
  (window: BrowserWindow) =>
  async (defaultPath: string): Promise<string | null> => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
    return canceled || !filePath ? null : filePath;
  };

async function open(dataFolder: string): Promise<void> {
  const opened = await openHost({
    dataDir: dataFolder,
    shell: 'electron',
    version: packageVersion(import.meta.filename),
    language: app.getLocale(),
    quit: () => app.quit(),
    restart: () => {
      app.relaunch();
      app.quit();
    },
    ...(safeStorage.isEncryptionAvailable() && { secretBox }),
    printPdf: createPdfPrinter({
      createWindow: (options) => new BrowserWindow(options),
      sessionOf: (partition) => session.fromPartition(partition),
    }),
  });
  if ('words' in opened) {
    dialog.showErrorBox('Candela', opened.words);
    app.exit(1);
    return;
  }
  const { host } = opened;
  const assets = await loadStaticAssets(outFolder);
  const prefixes = createWindowPrefixes();
  const windowSession = session.fromPartition(sessionPartition);
  await applySessionPolicy(windowSession);
  windowSession.protocol.handle(schemeName, createSchemeHandler({ host, assets, prefixes }));
  setMenu();

  const links = registerIpc({
    ipcMain,
    host,
    prefixes,
    createChannel: () => new MessageChannelMain(),
    chooseFiles: async (window, properties) => {
      const { filePaths } = await dialog.showOpenDialog(window, { ...(properties && { properties }) });
      return filePaths;
    },
    save: (window, path) => saveBytes(host, path, askTarget(window)),
    saveFile: (window, name, bytes) => saveFile(name, bytes, askTarget(window)),
    nowMs: Date.now,
    report,
    onRefused: (rule) => {
      refused(rule);
      host.noteRefusal(rule);
    },
  });

  const openWindow = (): BrowserWindow => {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const preload = join(outFolder, 'preload/index.cjs');
    const { bounds, isMaximised } = recallPlace(dataFolder, areas);
    const window = new BrowserWindow(windowOptions({ preload, isPackaged: app.isPackaged, bounds }));
    const link = links.addWindow(window);
    // The title bar never carries a patient's name (D13).
    window.on('page-title-updated', (event) => event.preventDefault());
    window.once('ready-to-show', () => {
      if (isMaximised) window.maximize();
      window.show();
    });
    window.on('close', () =>
      rememberPlace(dataFolder, { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() }),
    );
    window.on('closed', () => links.removeWindow(link));
    reviveOnCrash(window, Date.now, () => window.close());
    window.loadURL(`${appOrigin}/`).catch((error: unknown) => report('load', error));
    return window;
  };

  // Started with the system: the receiver listens, and nobody asked for a window.
  const isHidden =
    process.argv.includes('--hidden') ||
    (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
  let current: BrowserWindow | null = isHidden ? null : openWindow();
  const show = () => {
    if (!current || current.isDestroyed()) current = openWindow();
    if (current.isMinimized()) current.restore();
    current.focus();
  };
  app.on('second-instance', show);
  app.on('activate', show);
  const background = followInBackground({
    electron: { app, Tray, Menu, dialog, powerSaveBlocker },
    host,
    dataFolder,
    icon: () => trayIcon(nativeImage, join(outFolder, '..', 'resources', 'icons', 'candela.png')),
    show,
    isHidden,
  });
  app.on('window-all-closed', () => {
    background.lastWindowClosed().catch((error: unknown) => report('close', error));
  });
  closeBeforeQuit(host);
}

/** Jobs and the store get their orderly end before the process does. */
function closeBeforeQuit(host: Host): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    host
      .close()
      .catch((error: unknown) => report('close', error))
      .finally(() => {
        isClosed = true;
        app.quit();
      });
  });
}

/** macOS needs a menu for copy, paste and quit; its words come from the system. Elsewhere the page has everything. */
function setMenu(): void {
  const isMac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    isMac
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  );
}

main();
