/** Brings the browser shell up for a person: remembered port, opened browser or printed address, Enter for a new one. */
import { mkdir } from 'node:fs/promises';
import type { Host } from '../../core/contract/host.ts';
import { chooseLanguage, type Language, say } from '../../core/terms/term.ts';
import { loadStaticAssets } from '../shell/static-assets.ts';
import { enterWords } from './enter-page.ts';
import { hasDisplay, openBrowser, removeLaunchers } from './open-browser.ts';
import { recallPort, rememberPort } from './port-memory.ts';
import { type BrowserShell, type BrowserShellOptions, startBrowserShell } from './server.ts';

export interface ServeOptions {
  readonly host: Host;
  /** The build's `out` folder. */
  readonly outFolder: string;
  readonly dataFolder: string;
  /** Given: this port or an error. Absent: the remembered one, or any. */
  readonly port?: number;
  /** Open the default browser where there is a display. */
  readonly open: boolean;
  readonly print: (line: string) => void;
  /** For the words around the address; the machine's when absent. */
  readonly language?: Language;
  readonly report?: BrowserShellOptions['report'];
  readonly onRefused?: BrowserShellOptions['onRefused'];
}

const machineLanguage = () => chooseLanguage('system', Intl.DateTimeFormat().resolvedOptions().locale);

/** Starts, prints the address, and opens the browser when asked and possible. @throws EADDRINUSE for a given port */
export async function serve(options: ServeOptions): Promise<BrowserShell> {
  const { host, dataFolder, print, report, onRefused } = options;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await removeLaunchers(dataFolder);
  const assets = await loadStaticAssets(options.outFolder);
  const start = (port: number) =>
    startBrowserShell({ host, assets, port, ...(report && { report }), ...(onRefused && { onRefused }) });

  let shell: BrowserShell;
  if (options.port === undefined) {
    const remembered = await recallPort(dataFolder);
    shell = await start(remembered ?? 0).catch(() => start(0));
    if (shell.port !== remembered) await rememberPort(dataFolder, shell.port);
  } else {
    shell = await start(options.port);
  }

  print(`Candela: ${shell.terminalUrl()}`);
  if (options.open && hasDisplay(process.env, process.platform)) {
    const isOpened = await openBrowser(dataFolder, shell.origin, shell.launchToken());
    if (!isOpened) print(say(options.language ?? machineLanguage(), enterWords.noBrowser));
  }
  return shell;
}

/** Enter in the terminal prints a fresh address, since the printed one works once and for ten minutes. */
export function printOnEnter(
  shell: BrowserShell,
  input: NodeJS.ReadStream,
  print: (line: string) => void,
): void {
  if (!input.isTTY) return;
  input.setEncoding('utf8');
  input.on('data', () => print(`Candela: ${shell.terminalUrl()}`));
  input.unref();
}
