import { ok } from '../../../core/base/result.ts';
import type { Handlers } from '../handler.ts';
import { passcodeId } from './receiver-config.ts';

/** The receiver's part of `networkCalls`; the rest is in main/host/network. */
export const receiverHandlers: Handlers<
  'receiver.status' | 'receiver.restart' | 'receiver.setPasscode' | 'receiver.hasPasscode'
> = {
  'receiver.status': async ({ receiver }) => ok(receiver.status()),
  'receiver.restart': async ({ receiver }) => ok(await receiver.restart()),

  async 'receiver.setPasscode'({ secrets, receiver, audit }, { passcode }) {
    await secrets.set(passcodeId, passcode);
    await audit({ event: 'receiver.passcode', outcome: 'ok', detail: passcode === '' ? 'removed' : 'set' });
    await receiver.apply();
    return ok({});
  },

  'receiver.hasPasscode': async ({ secrets }) => ok({ hasPasscode: (await secrets.get(passcodeId)) !== '' }),
};
