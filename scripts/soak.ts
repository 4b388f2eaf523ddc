/** `npm run soak [-- NAME…]`: builds, then the receiver's full load, kill and flood cases with their figures. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.ts';

const root = join(import.meta.dirname, '..');
build();
const words = [
  '--disable-warning=ExperimentalWarning',
  join(root, 'tests/soak/run.ts'),
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
