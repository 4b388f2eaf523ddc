import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { remoteCalls } from '../../../core/contract/remote.ts';
import type { Handlers } from '../handler.ts';

const missing = async () => fail(problem('INTERNAL', { reason: 'remote' }));

export const remoteHandlers: Handlers<keyof typeof remoteCalls> = {
  'remote.search': missing,
  'remote.series': missing,
  'remote.retrieve': missing,
  'remote.send': missing,
  'remote.outcomes': missing,
  'worklist.search': missing,
  'procedureSteps.list': async () => ok([]),
};
