import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { networkCalls } from '../../../core/contract/network.ts';
import type { Handlers } from '../handler.ts';

const missing = async () => fail(problem('INTERNAL', { reason: 'network' }));

export const networkHandlers: Handlers<keyof typeof networkCalls> = {
  'nodes.list': async () => ok([]),
  'nodes.save': missing,
  'nodes.delete': missing,
  'nodes.test': missing,
  'receiver.status': missing,
  'receiver.restart': missing,
  'receiver.addresses': async () => ok([]),
  'certificates.list': async () => ok([]),
  'certificates.import': missing,
  'certificates.delete': missing,
  'certificates.export': missing,
  'web.newToken': missing,
  'web.revokeToken': missing,
  'web.status': missing,
};
