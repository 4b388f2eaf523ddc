import { ok } from '../../../core/base/result.ts';
import type { Handlers } from '../handler.ts';

export const webHandlers: Handlers<'web.status' | 'web.newToken' | 'web.revokeToken'> = {
  'web.status': async ({ web }) => ok(await web.status()),
  'web.newToken': async ({ web }) => ok({ token: await web.newToken() }),

  async 'web.revokeToken'({ web }) {
    await web.revokeToken();
    return ok({});
  },
};
