import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { remoteCalls } from '../../../core/contract/remote.ts';
import type { Handlers } from '../handler.ts';
import { archiveOf, callableNode } from './archive-of.ts';
import { searchWorklist } from './search-worklist.ts';
import { startRetrieve, startSend } from './start-transfer.ts';

/** Longest that a page waits for a peer's answer. */
const searchMs = 120_000;

export const remoteHandlers: Handlers<keyof typeof remoteCalls> = {
  async 'remote.search'(services, { nodeId, query, searchId }) {
    const node = await callableNode(services, nodeId);
    if (!node.ok) return node;
    if (!node.value.canQuery) return fail(problem('NODE_PURPOSE', { name: node.value.name }));
    const startMs = performance.now();
    const archive = await archiveOf(services, node.value);
    const found = await services.searches.run(searchId, searchMs, (signal) => archive.search(query, signal));
    await services.audit({
      event: 'remote.query',
      outcome: found.ok ? 'ok' : found.problem.code,
      detail: node.value.name,
    });
    if (!found.ok) return found;
    const studyUids = found.value.rows.map(({ studyInstanceUID }) => studyInstanceUID);
    const local = new Map(
      (await services.store.read.call('localStudies', { studyUids })).map((row) => [row.studyUid, row]),
    );
    const rows = found.value.rows.map((row) => {
      const here = local.get(row.studyInstanceUID);
      return { ...row, localStudyKey: here?.studyKey ?? null, localInstances: here?.instances ?? 0 };
    });
    return ok({ rows, partial: found.value.partial, tookMs: Math.round(performance.now() - startMs) });
  },

  async 'remote.stop'({ searches }, { searchId }) {
    searches.stop(searchId);
    return ok({});
  },

  async 'remote.series'(services, { nodeId, studyInstanceUID }) {
    const node = await callableNode(services, nodeId);
    if (!node.ok) return node;
    const archive = await archiveOf(services, node.value);
    const found = await archive.series(studyInstanceUID, AbortSignal.timeout(searchMs));
    return found.ok ? ok([...found.value]) : found;
  },

  'remote.retrieve': (services, asked) => startRetrieve(services, asked),
  'remote.send': (services, asked) => startSend(services, asked),
  'remote.commit': (services, asked) => startSend(services, { ...asked, commit: true, isThere: true }),

  async 'remote.outcomes'(services, asked) {
    return ok(await services.store.read.call('transfers', asked));
  },

  async 'worklist.search'(services, { nodeId, searchId, ...query }) {
    const found = await callableNode(services, nodeId);
    if (!found.ok) return found;
    const node = found.value;
    if (node.protocol !== 'dimse' || !node.hasWorklist) {
      return fail(problem('NODE_PURPOSE', { name: node.name }));
    }
    return services.searches.run(searchId, searchMs, (signal) =>
      searchWorklist(services, node, query, signal),
    );
  },

  async 'procedureSteps.list'(services) {
    return ok(await services.store.read.call('procedureSteps', null));
  },
};
