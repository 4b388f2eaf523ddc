/** Life without a window: the receiver keeps Candela in the tray, and the machine awake while images come. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  Menu,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  MessageBoxReturnValue,
  NativeImage,
  Tray,
} from 'electron';
import type { Host } from '../../core/contract/host.ts';
import type { ReceiverStatus } from '../../core/contract/network.ts';
import type { Settings } from '../../core/contract/settings.ts';
import { chooseLanguage, type Language, say, type Term, type TermParams } from '../../core/terms/term.ts';
import { trayTerms } from '../../core/terms/tray.ts';

/** What of Electron is used here; tests give a recording one. */
export interface BackgroundElectron {
  readonly app: {
    quit(): void;
    getLocale(): string;
    setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }): void;
  };
  readonly Tray: new (icon: NativeImage) => Pick<Tray, 'setToolTip' | 'setContextMenu' | 'destroy' | 'on'>;
  readonly Menu: { buildFromTemplate(template: MenuItemConstructorOptions[]): Menu };
  readonly dialog: {
    showMessageBox(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  };
  readonly powerSaveBlocker: {
    start(kind: 'prevent-app-suspension'): number;
    stop(id: number): boolean;
  };
}

export interface Background {
  /** The last window was closed: stays in the tray, or quits. Asks once, and remembers. */
  lastWindowClosed(): Promise<void>;
}

/** After the last image the machine may sleep again. */
const restMs = 60_000;
const keep = 0;

interface BackgroundOptions {
  readonly electron: BackgroundElectron;
  readonly host: Host;
  readonly icon: () => NativeImage;
  readonly dataFolder: string;
  readonly show: () => void;
  /** Started with the system, without a window. */
  readonly isHidden?: boolean;
  readonly platform?: NodeJS.Platform;
}

/** Follows the host's events for as long as the process lives. */
export function followInBackground(options: BackgroundOptions): Background {
  const { electron, host, icon, show } = options;
  let settings: Settings | null = null;
  let status: ReceiverStatus | null = null;
  let tray: InstanceType<BackgroundElectron['Tray']> | null = null;
  const awake = stayAwake(electron.powerSaveBlocker);
  const language = (): Language => chooseLanguage(settings?.language ?? 'system', electron.app.getLocale());
  const word = (term: Term, params?: TermParams): string => say(language(), term, params);

  const refresh = (): void => {
    const isOn = settings?.network.receiver.enabled === true;
    if (!isOn || settings?.network.receiver.keepInTray === false) {
      tray?.destroy();
      tray = null;
      return;
    }
    tray ??= newTray();
    tray.setToolTip(`Candela · ${word(stateTerm(status), stateParams(status))}`);
    tray.setContextMenu(
      electron.Menu.buildFromTemplate([
        { label: word(trayTerms.open), click: show },
        { label: word(stateTerm(status), stateParams(status)), enabled: false },
        { type: 'separator' },
        { label: word(trayTerms.quit), click: () => electron.app.quit() },
      ]),
    );
  };
  const newTray = () => {
    const made = new electron.Tray(icon());
    made.on('click', show);
    return made;
  };

  const take = (next: Settings): void => {
    const before = settings?.network.receiver.startAtLogin ?? false;
    settings = next;
    const { startAtLogin } = next.network.receiver;
    if (startAtLogin !== before) void startWithSystem(options, startAtLogin);
    refresh();
  };
  host.subscribe(0, (event) => {
    if (event.topic === 'settings') take(event.payload);
    if (event.topic === 'receiver') {
      status = event.payload;
      awake.note(status.associations.length > 0);
      refresh();
    }
  });
  void host.call('settings.get', {}).then((read) => {
    if (read.ok && !settings) {
      settings = read.value;
      refresh();
    }
    // With neither a tray nor a window nobody could see that it runs, or end it.
    if (options.isHidden && !tray) show();
  });

  return {
    async lastWindowClosed() {
      const receiver = settings?.network.receiver;
      if (!settings || !receiver?.enabled) return electron.app.quit();
      if (receiver.keepInTray === null) {
        const { response } = await electron.dialog.showMessageBox({
          type: 'question',
          message: word(trayTerms.askTitle),
          detail: word(trayTerms.askDetail),
          buttons: [word(trayTerms.askKeep), word(trayTerms.askQuit)],
          defaultId: keep,
          cancelId: keep,
        });
        const keepInTray = response === keep;
        const network = { ...settings.network, receiver: { ...receiver, keepInTray } };
        await host.call('settings.set', { changes: { network } });
        if (!keepInTray) electron.app.quit();
        return;
      }
      if (!receiver.keepInTray) electron.app.quit();
    },
  };
}

function stayAwake(blocker: BackgroundElectron['powerSaveBlocker']): { note(isBusy: boolean): void } {
  let id: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  return {
    note(isBusy) {
      if (isBusy) {
        if (timer) clearTimeout(timer);
        timer = null;
        id ??= blocker.start('prevent-app-suspension');
      } else if (id !== null && !timer) {
        timer = setTimeout(() => {
          if (id !== null) blocker.stop(id);
          id = null;
          timer = null;
        }, restMs);
        timer.unref();
      }
    },
  };
}

/** Windows and macOS by Electron; other desktops by an autostart entry (freedesktop.org). */
async function startWithSystem(options: BackgroundOptions, isOn: boolean): Promise<void> {
  const { electron, dataFolder, platform = process.platform } = options;
  // An AppImage and a portable program run from a temporary folder; where they lie themselves is told by these.
  const program = process.env['APPIMAGE'] || process.env['PORTABLE_EXECUTABLE_FILE'] || process.execPath;
  if (platform === 'win32') {
    // Electron joins these with spaces; a quote behind a backslash would be a letter.
    const args = ['--hidden', '--data', `"${dataFolder.replace(/\\+$/, '$&$&')}"`];
    electron.app.setLoginItemSettings({ openAtLogin: isOn, path: program, args });
    return;
  }
  if (platform === 'darwin') return electron.app.setLoginItemSettings({ openAtLogin: isOn });
  const config = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const path = join(config, 'autostart', 'candela.desktop');
  if (!isOn) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true });
  const command = [program, '--hidden', '--data', dataFolder].map(quoted).join(' ');
  await writeFile(path, `[Desktop Entry]\nType=Application\nName=Candela\nExec=${command}\nTerminal=false\n`);
}

/** Desktop Entry Specification, Exec key: quotes, and `%%` for a percent sign. */
const quoted = (word: string): string => `"${word.replaceAll(/["\\`$]/g, '\\$&').replaceAll('%', '%%')}"`;

function stateTerm(status: ReceiverStatus | null): Term {
  if (status?.state === 'failed') return trayTerms.failed;
  if (status?.state !== 'listening') return trayTerms.off;
  return status.associations.length > 0 ? trayTerms.receiving : trayTerms.listening;
}

const stateParams = (status: ReceiverStatus | null): TermParams => ({
  aeTitle: status?.aeTitle ?? '',
  // Not grouped: a port is a name.
  port: String(status?.port ?? ''),
  n: status?.associations.length ?? 0,
});
