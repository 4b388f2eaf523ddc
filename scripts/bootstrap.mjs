// Every command of package.json and the `candela` bin enter here.
// It runs on whatever Node the machine has (18 or later, built-ins only), installs what the lock file asks for,
// finds a Node that the dependencies accept, and hands over to the script of the command on that Node.
// Its own output goes to stderr, so that `candela … --json` leaves one document on stdout.

import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runChild } from './bootstrap/child.mjs';
import { ensureDependencies } from './bootstrap/dependencies.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Command → the script that does it, and arguments put before the user's own. */
export const commands = {
  start: ['start.ts'],
  test: ['test.ts'],
  candela: ['command-line.ts'],
  bench: ['command-line.ts', 'bench'],
  soak: ['soak.ts'],
  build: ['build.ts'],
  check: ['check.ts'],
  unit: ['unit.ts'],
  generate: ['generate.ts'],
  dist: ['dist.ts'],
};

/**
 * Runs one command and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function bootstrap(command, args) {
  const entry = commands[command];
  if (!entry) {
    process.stderr.write(
      `candela: unknown command "${command}". Known: ${Object.keys(commands).join(', ')}\n`,
    );
    return 2;
  }
  try {
    ensureDependencies(root);
    const node = ensureNode(root);
    const [script, ...before] = entry;
    return await runScript(node, join(root, 'scripts', script), [...before, ...args]);
  } catch (error) {
    process.stderr.write(`candela: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/**
 * Node 22 still warns about type stripping; that line would only puzzle a user. Compiled code is kept between starts, of the
 * scripts, the shells and their threads: a sixth of the time that a shell takes to start. Two arenas for all threads: glibc
 * gives each its own otherwise, and keeps in all of them what was freed (35 MB after an import).
 * @param {string} node
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function runScript(node, script, args) {
  return runChild(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
    MALLOC_ARENA_MAX: '2',
    ...process.env,
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [command = '', ...args] = process.argv.slice(2);
  process.exitCode = await bootstrap(command, args);
}
