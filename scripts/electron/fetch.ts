/** Fetches Electron's binary in a process of its own: first asks for one byte, then runs the package's installer. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const firstByteMs = 10_000;

/**
 * Whether the server starts to send the file in time: slow or filtered networks must not hold up the first start.
 * @returns false on any refusal, error or silence
 */
export async function answersInTime(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    return response.ok && (first?.value?.byteLength ?? 0) > 0;
  } catch {
    return false;
  }
}

/** Where Electron's installer will look: its default, or the mirror and folder that the environment names. */
export function artifactUrl(version: string, environment: NodeJS.ProcessEnv): string {
  const base =
    environment['ELECTRON_MIRROR'] ||
    environment['npm_config_electron_mirror'] ||
    'https://github.com/electron/electron/releases/download/';
  const folder = (environment['ELECTRON_CUSTOM_DIR'] || `v${version}`).replace('{{ version }}', version);
  return `${base}${folder}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

async function main(): Promise<number> {
  const folder = join(import.meta.dirname, '../../node_modules/electron');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const url = artifactUrl(version, process.env);
  if (!(await answersInTime(url, firstByteMs))) return 1;
  return spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 2, 2] }).status ?? 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main();
