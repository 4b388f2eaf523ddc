import { type Problem, problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';
import {
  generalStatuses,
  type StatusCategory,
  type StatusRow,
  type StatusService,
  serviceStatuses,
} from './status-table.ts';

/** The row of a status; undefined for one that neither the service nor PS3.7 knows. */
export function statusRow(service: StatusService, status: number): StatusRow | undefined {
  const fits = (row: StatusRow): boolean => status >= row.from && status <= row.to;
  return serviceStatuses[service].find(fits) ?? generalStatuses.find(fits);
}

/** What kind of status it is; unknown ones by their class (PS3.7 annex C), and what fits no class has failed. */
export function statusCategory(service: StatusService, status: number): StatusCategory {
  const row = statusRow(service, status);
  if (row !== undefined) return row.category;
  if (status >= 0xb000 && status <= 0xbfff) return 'warning';
  if (status === 0xff01) return 'pending';
  return 'failure';
}

/** `0xA700`, as every log and manual writes it. */
export const statusText = (status: number): string =>
  `0x${status.toString(16).toUpperCase().padStart(4, '0')}`;

const inRange = (status: number, from: number, to: number): boolean => status >= from && status <= to;

/** What they are sent is a question, no object: PS3.4 C.4 reads the same statuses in another way. */
const queries: ReadonlySet<StatusService> = new Set(['find', 'move', 'get', 'worklist']);

function failureCode(service: StatusService, status: number): ProblemCode {
  if (status === 0x0122 || status === 0x0118 || status === 0x0211) return 'PEER_CLASS_UNSUPPORTED';
  if (status === 0x0124) return 'PEER_NOT_AUTHORIZED';
  if (status === 0x0112) return 'PEER_NO_SUCH_INSTANCE';
  if (status === 0x0213 || inRange(status, 0xa700, 0xa7ff)) return 'PEER_OUT_OF_RESOURCES';
  if (status === 0xa801 && service === 'move') return 'PEER_MOVE_DESTINATION';
  const isQuery = queries.has(service);
  if (isQuery && inRange(status, 0xa900, 0xa9ff)) return 'PEER_QUERY_MISMATCH';
  if (status === 0x0119 || inRange(status, 0xa900, 0xa9ff)) return 'PEER_DATASET_MISMATCH';
  if (inRange(status, 0xc000, 0xcfff)) return isQuery ? 'PEER_CANNOT_PROCESS' : 'PEER_CANNOT_UNDERSTAND';
  return 'PEER_STATUS_FAILED';
}

export interface StatusDetails {
  /** Of a C-MOVE: where to. */
  readonly aeTitle?: string;
  /** Of C-MOVE and C-GET: number of failed sub-operations. */
  readonly failed?: number;
}

/**
 * What a status that a peer answered means to a person; null when nothing went wrong (success and pending).
 * The peer's error comment is left out: it may name patients.
 */
export function statusProblem(
  service: StatusService,
  status: number,
  details: StatusDetails = {},
): Problem | null {
  const category = statusCategory(service, status);
  if (category === 'success' || category === 'pending') return null;
  if (category === 'cancel') return problem('PEER_CANCELLED');
  if (category === 'warning') {
    const isPartial = (service === 'move' || service === 'get') && status === 0xb000;
    if (isPartial) return problem('PEER_SUBOPERATIONS_FAILED', { failed: details.failed ?? 0 });
    return problem('PEER_STATUS_WARNING', { status: statusText(status) });
  }
  const code = failureCode(service, status);
  if (code === 'PEER_MOVE_DESTINATION') return problem(code, { aeTitle: details.aeTitle ?? '' });
  return problem(code, { status: statusText(status) });
}
