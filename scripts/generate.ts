/** `npm run generate`: runs every generator in scripts/generate, each of which rewrites the tables that name it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'generate');
const generators = existsSync(folder)
  ? readdirSync(folder).filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.test.ts'))
  : [];
for (const name of generators.sort()) {
  process.stderr.write(`candela: ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(folder, name)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
