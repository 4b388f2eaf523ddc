/** Finds Electron's binary, or fetches it: one short attempt, whose failure is remembered for a week. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const failureKeptMs = 7 * 24 * 3600 * 1000;

/** Where the executable lies in a distribution folder. */
export function executableIn(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** The binary that is already there: `ELECTRON_OVERRIDE_DIST_PATH`, or the package's own `dist`. */
export function findElectron(root: string, environment: NodeJS.ProcessEnv): string | null {
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules/electron/dist');
  const path = join(folder, executableIn(process.platform));
  return existsSync(path) ? path : null;
}

export interface FetchMemory {
  readonly file: string;
  readonly nowMs: number;
}

/** Whether an attempt within the last week failed from the same source. */
export function hasFailedLately({ file, nowMs }: FetchMemory, source: string): boolean {
  try {
    const memory: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof memory !== 'object' || memory === null) return false;
    const { atMs, from } = memory as { readonly atMs?: unknown; readonly from?: unknown };
    return typeof atMs === 'number' && from === source && nowMs - atMs < failureKeptMs && nowMs >= atMs;
  } catch {
    return false;
  }
}

export type ElectronAnswer = { readonly path: string } | { readonly reason: 'failed-lately' | 'unreachable' };

/**
 * The binary, fetched when it is not there. A mirror set after a failure is a new source and gets its own attempt.
 * Runs the fetch in a process of its own, so that proxies are honoured by Node's and Electron's own settings.
 */
export function ensureElectron(root: string, environment: NodeJS.ProcessEnv = process.env): ElectronAnswer {
  const there = findElectron(root, environment);
  if (there) return { path: there };
  const memory = { file: join(root, '.cache/electron-fetch.json'), nowMs: Date.now() };
  const source = environment['ELECTRON_MIRROR'] ?? environment['npm_config_electron_mirror'] ?? 'default';
  if (hasFailedLately(memory, source)) return { reason: 'failed-lately' };

  process.stderr.write('candela: fetching Electron (once) …\n');
  const script = join(root, 'scripts/electron/fetch.ts');
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...environment, NODE_USE_ENV_PROXY: '1', ELECTRON_GET_USE_PROXY: '1' },
  });
  const fetched = findElectron(root, environment);
  if (fetched) {
    rmSync(memory.file, { force: true });
    return { path: fetched };
  }
  mkdirSync(dirname(memory.file), { recursive: true });
  writeFileSync(memory.file, JSON.stringify({ atMs: memory.nowMs, from: source }));
  return { reason: 'unreachable' };
}
