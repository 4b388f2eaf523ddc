/** `npm run build`: kernels and codecs to resources/wasm, the shells and the page to out/. Does nothing when nothing changed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeAssetList } from './build/asset-list.ts';
import { sourceStamp } from './build/source-stamp.ts';

const root = join(import.meta.dirname, '..');
const stampPath = join(root, 'out/.candela-build');

/** What the build reads. Tests and documents change nothing in it. */
const inputs = ['core', 'main', 'preload', 'renderer', 'native', 'resources/icons', 'scripts'];
const inputFiles = ['package-lock.json', 'package.json', 'electron.vite.config.ts', 'tsconfig.json'];
const outputs = ['out/main/server.js', 'out/renderer/index.html', 'out/assets.json', 'resources/wasm'];

/** The steps in order; a script that is not there yet is left out. */
const steps: readonly { readonly name: string; readonly script: string; readonly args: readonly string[] }[] =
  [
    { name: 'codecs', script: 'scripts/copy-assets.mjs', args: [] },
    { name: 'kernels', script: 'scripts/build-native.mjs', args: [] },
    {
      name: 'shells and page',
      script: 'node_modules/electron-vite/bin/electron-vite.js',
      args: ['build', '--logLevel', 'warn'],
    },
  ];

export interface BuildOutcome {
  readonly built: boolean;
  readonly elapsedMs: number;
}

/**
 * Builds when a source, a configuration file or the lock file changed since the last good build.
 * Progress goes to stderr. @throws with the name of the step that failed.
 */
export function build(options: { readonly force?: boolean } = {}): BuildOutcome {
  const startedMs = performance.now();
  const elapsed = () => Math.round(performance.now() - startedMs);
  const stamp = sourceStamp(root, inputs, inputFiles);
  if (!options.force && isFresh(stamp)) return { built: false, elapsedMs: elapsed() };

  process.stderr.write('candela: building …\n');
  rmSync(stampPath, { force: true });
  for (const { name, script, args } of steps) {
    if (existsSync(join(root, script))) runStep(name, [join(root, script), ...args]);
  }
  writeAssetList(root);
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stampPath, stamp);
  return { built: true, elapsedMs: elapsed() };
}

function isFresh(stamp: string): boolean {
  if (!existsSync(stampPath) || readFileSync(stampPath, 'utf8') !== stamp) return false;
  return outputs.every((path) => existsSync(join(root, path)));
}

function runStep(name: string, args: readonly string[]): void {
  const result = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  throw new Error(`build step "${name}" failed`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { built, elapsedMs } = build({ force: process.argv.includes('--force') });
    process.stderr.write(
      `candela: ${built ? `built in ${(elapsedMs / 1000).toFixed(1)} s` : 'nothing to build'}\n`,
    );
  } catch (error) {
    process.stderr.write(`candela: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
