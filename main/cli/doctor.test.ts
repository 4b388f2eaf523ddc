import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { runCommand } from './run-command.ts';

const findings = ['node', 'dataFolder', 'space', 'fsync', 'memory'].map((id) => ({
  id,
  state: 'ok',
  zh: id,
  en: id,
  adviceZh: '',
  adviceEn: '',
}));
const scratch = { call: async () => ok(findings), close: async () => undefined } as unknown as Host;

it('doctor tells what is left to tell when the data folder cannot be opened, and what to do', async () => {
  let out = '';
  const code = await runCommand(['doctor', '--data', '/shut'], {
    out: (text) => {
      out += text;
    },
    error: () => undefined,
    environment: { LANG: 'en_US.UTF-8' },
    signal: new AbortController().signal,
    openHost: async () => fail(problem('FORBIDDEN')),
    openOwnHost: async () => fail(problem('FORBIDDEN')),
    openScratchHost: async () => ok(scratch),
  });
  expect(code).toBe(1);
  const lines = out.trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['✓', '✗', '✓']);
  expect(lines[1]).toMatch(/cannot be opened: .*shut\. .*--data/);
});
