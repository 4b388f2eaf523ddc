/** The two commands and the bin, from their outside: exit codes and what goes where. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, root } from './processes.ts';

const run = (script: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts', script), ...args], { encoding: 'utf8', cwd: root });

describe('bootstrap', () => {
  it('refuses a command that it does not know, on stderr, with 2', () => {
    const { status, stdout, stderr } = run('bootstrap.mjs', ['dance']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('dance');
  });
});

describe.skipIf(!isBuilt)(`npm start -- --check${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  it('prints one line and ends with 0', () => {
    const { status, stdout } = run('bootstrap.mjs', ['start', '--check']);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stdout).toMatch(/^Candela \S+: the Studies page answers/);
    expect(status).toBe(0);
  });
});
