/** `npm run -s candela -- …` and the `candela` bin: builds if needed, then runs the command line on the built host. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './bootstrap/child.mjs';
import { build } from './build.ts';

const root = join(import.meta.dirname, '..');
const program = join(root, 'out/main/cli.js');
/** npm runs a script in the clone's root, whereas the paths a person types begin where that person is. */
const typedIn = process.env['npm_lifecycle_event'] === 'candela' ? process.env['INIT_CWD'] : undefined;

try {
  build();
  if (!existsSync(program)) throw new Error('the build has no command line (main/cli)');
  if (typedIn && existsSync(typedIn)) process.chdir(typedIn);
  process.exitCode = await runChild(process.execPath, [program, ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`candela: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
