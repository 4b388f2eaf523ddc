import { ok } from '../../../core/base/result.ts';
import type { Handlers } from '../handler.ts';

/** The receiver's part of `networkCalls`; the rest is in main/host/network. */
export const receiverHandlers: Handlers<'receiver.status' | 'receiver.restart'> = {
  'receiver.status': async ({ receiver }) => ok(receiver.status()),
  'receiver.restart': async ({ receiver }) => ok(await receiver.restart()),
};
