/** `npm run dist [-- electron-builder arguments]`: packages for this platform. Needs Electron's binary. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { build } from './build.ts';
import { ensureElectron } from './electron/binary.ts';

const root = join(import.meta.dirname, '..');

try {
  build();
  const electron = ensureElectron(root);
  if (!('path' in electron)) throw new Error(`Electron's binary is not there (${electron.reason})`);
  const distribution =
    process.platform === 'darwin' ? join(dirname(electron.path), '../../..') : dirname(electron.path);
  const builder = join(root, 'node_modules/electron-builder/cli.js');
  const args = ['--config', 'electron-builder.yml', `-c.electronDist=${distribution}`, '--publish', 'never'];
  const { status } = spawnSync(process.execPath, [builder, ...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} catch (error) {
  process.stderr.write(`candela: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
