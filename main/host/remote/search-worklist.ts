import { ok, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { worklistClass } from '../../../core/dimse/service-table.ts';
import {
  fitsWorklist,
  type WorklistQuery,
  type WorklistRow,
  worklistQueries,
  worklistRows,
} from '../../../core/dimse/worklist.ts';
import type { Services } from '../services.ts';
import { spellingsOf } from './name-spellings.ts';
import { targetOf } from './peer-target.ts';

const mostOrders = 1000;

/** Orders of a worklist, earliest first, each with the study here that belongs to it. */
export async function searchWorklist(
  services: Services,
  node: RemoteNode,
  query: WorklistQuery,
  signal: AbortSignal,
): Promise<Result<CallOutput<'worklist.search'>>> {
  const target = await targetOf(services, node);
  const queries = worklistQueries(query, spellingsOf);
  const asked = { sopClassUid: worklistClass, queries, limit: mostOrders };
  const found = await services.peers.find(target, asked, signal);
  if (!found.ok) return found;
  const rows = new Map<string, WorklistRow>();
  for (const row of found.value.answers.flat().flatMap(worklistRows)) {
    if (fitsWorklist(row, query, spellingsOf)) rows.set(JSON.stringify(row), row);
  }
  const orders = [...rows.values()].sort((a, b) =>
    `${a.startDate}${a.startTime}`.localeCompare(`${b.startDate}${b.startTime}`),
  );
  const keys = await services.store.read.call('studiesOfOrders', { orders });
  return ok({
    rows: orders.map((row, n) => ({ ...row, localStudyKey: keys[n] ?? null })),
    partial: found.value.isPartial,
  });
}
