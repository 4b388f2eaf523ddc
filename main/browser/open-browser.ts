/** Opens the person's default browser on a launcher file, never on an address with the token in it. */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launcherPage } from './enter-page.ts';
import { launchTokenMs } from './sessions.ts';

/** A browser can be opened: there is a screen, and a person who is not root sits at it. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/** The system's own opener; each takes the path as one argument and no shell reads it. */
export function openerFor(platform: NodeJS.Platform): { readonly command: string; readonly args: string[] } {
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  return { command: platform === 'darwin' ? 'open' : 'xdg-open', args: [] };
}

/**
 * Writes the launcher (0600) into the data folder, opens it and deletes it when its token has expired.
 * @returns false when the opener could not be started; the printed address still works then
 */
export async function openBrowser(dataFolder: string, origin: string, token: string): Promise<boolean> {
  const folder = join(dataFolder, 'launch');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `candela-${process.pid}.html`);
  await writeFile(file, launcherPage(origin, token), { mode: 0o600 });
  setTimeout(() => void rm(file, { force: true }), launchTokenMs).unref();
  const { command, args } = openerFor(process.platform);
  return new Promise((resolve) => {
    const child = spawn(command, [...args, file], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Removes a launcher that a killed process left behind. */
export async function removeLaunchers(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, 'launch'), { recursive: true, force: true });
}
