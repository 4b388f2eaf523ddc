/** Unit tests of core/dimse reach at least 95 % of its branches, measured by Node's own runner. */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
/** `registerHooks` and files to be counted came with Node 22.15. */
const canMeasure = Number(process.versions.node.split('.')[0]) >= 23;

describe('core/dimse', () => {
  it('is covered by its unit tests', async (context) => {
    if (!canMeasure) context.skip('this Node cannot measure coverage by file');
    const tests = globSync('core/dimse/*.test.ts', { cwd: repository });
    // Counts of code that comes compiled from a cache are not exact.
    const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, NODE_COMPILE_CACHE: ___, ...env } = process.env;
    const { stdout } = await run(
      process.execPath,
      [
        '--import=./tests/fixtures/bare-vitest/hooks.mjs',
        '--test',
        '--test-isolation=none',
        '--experimental-test-coverage',
        '--test-coverage-include=core/dimse/*.ts',
        '--test-coverage-exclude=**/*.test.ts',
        '--test-reporter=tap',
        ...tests,
      ],
      { cwd: repository, env, maxBuffer: 64 << 20 },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    const [, branches] = stdout.match(/^# all files +\| +[\d.]+ \| +([\d.]+) \|/m) ?? [];
    expect(Number(branches)).toBeGreaterThanOrEqual(95);
    // Of every file but those of types alone, so that none is left out of the sum.
    for (const part of ['pdu-framer.ts', 'upper-layer.ts', 'command-set.ts', 'query-matching.ts']) {
      expect(stdout).toContain(`#   ${part} `);
    }
  });
});
