import { networkInterfaces } from 'node:os';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { networkCalls } from '../../../core/contract/network.ts';
import type { Handlers } from '../handler.ts';
import { receiverHandlers } from '../receive/handlers.ts';
import { sealedProblem } from '../remote/archive-of.ts';
import { testDimseNode } from '../remote/test-node.ts';
import { testWebNode } from '../web/archive.ts';
import { webHandlers } from '../web/handlers.ts';
import { checkNode, deleteNode, saveNode } from './nodes.ts';

export const networkHandlers: Handlers<keyof typeof networkCalls> = {
  async 'nodes.list'({ settings }) {
    return ok(settings.get().nodes);
  },

  'nodes.save': (services, { node, ...secrets }) => saveNode(services, node, secrets),
  async 'nodes.lendSecret'({ secrets }, { key, secret }) {
    secrets.lend(key, secret);
    return ok({});
  },
  'nodes.delete': (services, { nodeId }) => deleteNode(services, nodeId),

  async 'nodes.test'(services, { node, secret }) {
    const wrong = checkNode(node);
    if (wrong) {
      return ok({ ok: false, steps: [{ id: 'address', state: 'failed', problem: wrong, tookMs: 0 }] });
    }
    const sealed = secret === undefined ? await sealedProblem(services, node) : null;
    if (sealed) {
      return ok({ ok: false, steps: [{ id: 'address', state: 'failed', problem: sealed, tookMs: 0 }] });
    }
    const isWeb = node.protocol === 'web';
    return ok(await (isWeb ? testWebNode : testDimseNode)(services, node, secret));
  },

  async 'receiver.addresses'() {
    const found = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
      (list ?? [])
        .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
        .map(({ address }) => ({ address, name })),
    );
    return ok(found);
  },

  async 'certificates.list'({ certificates }) {
    await certificates.identity();
    return ok(await certificates.list());
  },

  async 'certificates.import'(services, input) {
    const imported = await services.certificates.import(input);
    await services.audit({
      event: 'certificate.import',
      outcome: imported.ok ? 'ok' : imported.problem.code,
      detail: '',
    });
    // Whom the receiver believes has changed; running associations stay.
    if (imported.ok) await services.receiver.apply();
    return imported;
  },

  async 'certificates.delete'(services, { certificateId }) {
    const user = services.settings.get().nodes.find((node) => node.certificateId === certificateId);
    if (user) return fail(problem('CERTIFICATE_IN_USE', { node: user.name }));
    const left = await services.certificates.delete(certificateId);
    if (!left) return fail(problem('NOT_FOUND'));
    await services.receiver.apply();
    await services.audit({ event: 'certificate.delete', outcome: 'ok', detail: certificateId });
    return ok(left);
  },

  async 'certificates.export'({ certificates }, { certificateId }) {
    const pem = await certificates.pemOf(certificateId);
    return pem === null ? fail(problem('NOT_FOUND')) : ok({ pem });
  },

  ...receiverHandlers,
  ...webHandlers,
};
