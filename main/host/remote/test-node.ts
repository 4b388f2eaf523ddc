import { type Problem, problem } from '../../../core/base/problem.ts';
import type { NodeTest, RemoteNode } from '../../../core/contract/network.ts';
import { findDataset, studyQueries } from '../../../core/dimse/query-plan.ts';
import { queryClasses, worklistClass } from '../../../core/dimse/service-table.ts';
import { worklistQueries } from '../../../core/dimse/worklist.ts';
import type { MessageDataset, PeerSteps } from '../dimse/peer-protocol.ts';
import { speaksTls } from '../dimse/speaks-tls.ts';
import type { Services } from '../services.ts';
import { targetOf } from './peer-target.ts';

type Step = NodeTest['steps'][number];

const testMs = 30_000;
/** A day with no study of anybody: the query is understood, and its answer is short. */
const emptyDay = '19000101';

/** Tries a DIMSE node step by step: name, connection, encryption, association, echo, and a query where it is for that. */
export async function testDimseNode(
  services: Services,
  node: RemoteNode,
  secret?: string,
): Promise<NodeTest> {
  const target = await targetOf(services, node, secret);
  const signal = AbortSignal.timeout(testMs);
  const echoed = await services.peers.echo(target, signal);
  if (echoed.problem?.code === 'CONNECTION_LOST' && !node.tls && (await speaksTls(node))) {
    const reason = problem('PEER_NEEDS_TLS', { port: node.port });
    return { ok: false, steps: [...stepsOf({ ...echoed, problem: reason }, false), skipped('query')] };
  }
  const steps = stepsOf(echoed, node.tls);
  if (echoed.problem) return { ok: false, steps: [...steps, skipped('query')] };
  const query = queryOf(node);
  if (!query) return { ok: true, steps: [...steps, skipped('query')] };
  const startMs = performance.now();
  const found = await services.peers.find(target, { ...query, limit: 1 }, signal);
  const tookMs = performance.now() - startMs;
  const asked: Step = {
    id: 'query',
    state: found.ok ? 'ok' : 'failed',
    problem: found.ok ? null : found.problem,
    tookMs,
  };
  return { ok: found.ok, steps: [...steps, asked] };
}

function queryOf(node: RemoteNode): { sopClassUid: string; queries: MessageDataset[] } | null {
  if (node.hasWorklist && !node.canQuery) {
    const day = { dateFrom: emptyDay, dateTo: emptyDay, modality: '', text: '' };
    return { sopClassUid: worklistClass, queries: [...worklistQueries(day)] };
  }
  if (!node.canQuery) return null;
  const empty = { text: '', patientName: '', patientId: '', accessionNumber: '', studyInstanceUID: '' };
  const day = { ...empty, dateFrom: emptyDay, dateTo: emptyDay, modalities: [] };
  const queries = studyQueries(day, node.queryRoot).map((query) => ({
    dataset: findDataset(query),
    charset: 'ISO_IR 192' as const,
  }));
  return { sopClassUid: queryClasses[node.queryRoot].find, queries };
}

const order = ['address', 'connect', 'tls', 'associate'] as const;

function stepsOf({ done, failedAt, echoMs, problem: reason }: PeerSteps, isEncrypted: boolean): Step[] {
  const took = new Map(done.map(({ phase, tookMs }) => [phase, tookMs]));
  const steps: Step[] = [];
  let hasFailed = false;
  for (const id of order) {
    if (id === 'tls' && !isEncrypted) continue;
    const tookMs = took.get(id);
    if (tookMs !== undefined) steps.push({ id, state: 'ok', problem: null, tookMs });
    else if (failedAt === id) {
      hasFailed = true;
      steps.push(failed(id, reason));
    } else if (hasFailed) steps.push(skipped(id));
    // An address needs no look-up.
    else steps.push({ id, state: 'ok', problem: null, tookMs: 0 });
  }
  if (hasFailed) return [...steps, skipped('echo')];
  const echo: Step = reason
    ? failed('echo', reason)
    : { id: 'echo', state: 'ok', problem: null, tookMs: echoMs ?? 0 };
  return [...steps, echo];
}

const failed = (id: Step['id'], reason: Problem | null): Step => ({
  id,
  state: 'failed',
  problem: reason,
  tookMs: 0,
});
const skipped = (id: Step['id']): Step => ({ id, state: 'skipped', problem: null, tookMs: 0 });
