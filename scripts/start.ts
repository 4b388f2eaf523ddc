/** `npm start`: builds what changed, then opens Candela in Electron, or in the browser shell where that cannot be. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChild } from './bootstrap/child.mjs';
import { build } from './build.ts';
import { ensureElectron } from './electron/binary.ts';
import { sayStart } from './start-words.ts';

const root = join(import.meta.dirname, '..');
/** An end with an error within this time counts as "did not start". */
const electronStartMs = 10_000;
const askedToEnd = 130;

export type ShellChoice =
  | { readonly shell: 'electron'; readonly path: string; readonly because: 'electron' }
  | {
      readonly shell: 'browser';
      readonly because: 'asked' | 'root' | 'noDisplay' | 'failedLately' | 'unreachable';
    };

/** Which shell, and why. Electron is looked for (and fetched) only where it could run. */
export function chooseShell(conditions: {
  readonly wantsBrowser: boolean;
  readonly isRoot: boolean;
  readonly hasScreen: boolean;
  readonly electron: () => ReturnType<typeof ensureElectron>;
}): ShellChoice {
  if (conditions.wantsBrowser) return { shell: 'browser', because: 'asked' };
  if (conditions.isRoot) return { shell: 'browser', because: 'root' };
  if (!conditions.hasScreen) return { shell: 'browser', because: 'noDisplay' };
  const answer = conditions.electron();
  if ('path' in answer) return { shell: 'electron', path: answer.path, because: 'electron' };
  return { shell: 'browser', because: answer.reason === 'failed-lately' ? 'failedLately' : 'unreachable' };
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      browser: { type: 'boolean', default: false },
      data: { type: 'string' },
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  build();
  if (values.check) {
    // Loaded only here: the driver of the browser would slow every other start.
    const { checkStart } = await import('./start-check.ts');
    return checkStart(root);
  }

  const choice = chooseShell({
    wantsBrowser: values.browser,
    isRoot: process.getuid?.() === 0,
    hasScreen:
      process.platform === 'win32' ||
      process.platform === 'darwin' ||
      Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']),
    electron: () => ensureElectron(root),
  });
  process.stdout.write(sayStart(choice.because));
  const data = values.data === undefined ? [] : ['--data', values.data];
  if (choice.shell === 'electron') {
    const startedMs = performance.now();
    const code = await runChild(choice.path, [root, ...data]);
    // Missing libraries or a forbidden sandbox end Electron at once; the browser shell needs neither.
    if (code === 0 || code === askedToEnd || performance.now() - startedMs > electronStartMs) return code;
    process.stdout.write(sayStart('ended', { code }));
  }
  const port = values.port === undefined ? [] : ['--port', values.port];
  const open = values['no-open'] ? ['--no-open'] : [];
  return runChild(process.execPath, [join(root, 'out/main/server.js'), ...data, ...port, ...open]);
}

if (process.argv[1] === import.meta.filename) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`candela: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
