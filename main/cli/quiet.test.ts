import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { runCommand } from './run-command.ts';

/** A host whose one job counts two files and then fails. */
function countingHost(): Host {
  const job = { jobId: 'j', done: 1, total: 2, receiptId: null, problem: problem('DISK_FULL') };
  return {
    call: async (name: string) => (name === 'demo.start' ? ok({ jobId: 'j' }) : ok([])),
    subscribe: (_from: number, listener: (event: unknown) => void) => {
      queueMicrotask(() => {
        listener({ topic: 'job', payload: { ...job, state: 'running' } });
        listener({ topic: 'job', payload: { ...job, done: 2, state: 'failed' } });
      });
      return () => undefined;
    },
    close: async () => undefined,
  } as unknown as Host;
}

async function toldBy(words: readonly string[]) {
  const [progress, errors]: [string[], string[]] = [[], []];
  const code = await runCommand(words, {
    out: () => undefined,
    error: (line) => errors.push(line),
    progress: (text) => progress.push(text ?? ''),
    environment: { LANG: 'en_US.UTF-8' },
    signal: new AbortController().signal,
    openHost: async () => ok(countingHost()),
    openOwnHost: async () => fail(problem('FORBIDDEN')),
    openScratchHost: async () => fail(problem('FORBIDDEN')),
  });
  return { code, progress, errors };
}

it('--quiet leaves progress out, and nothing else', async () => {
  const told = await toldBy(['demo']);
  expect(told.progress[0]).toContain('1 of 2');
  const quiet = await toldBy(['demo', '--quiet']);
  expect(quiet.progress).toEqual([]);
  expect(quiet.errors).toEqual(told.errors);
  expect(quiet.errors.join()).toContain('DISK_FULL');
  expect(quiet.code).toBe(told.code);
});
