import type { IncomingHttpHeaders } from 'node:http';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { socketProblem } from '../dimse/peer-problem.ts';

/** The other side said nothing for too long. */
export class PeerSilent extends Error {
  readonly code = 'PEER_SILENT';
}
/** Nobody took the connection in time. */
export class ConnectLate extends Error {
  readonly code = 'CONNECT_LATE';
}

/** What a failed exchange means to a person. */
export function exchangeProblem(error: unknown, url: URL): Problem {
  const { code = '', name = '' } = error as { code?: string; name?: string };
  const host = url.hostname;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (name === 'AbortError' || code === 'ABORT_ERR') return problem('CANCELLED');
  if (code === 'CONNECT_LATE') return problem('CONNECTION_TIMEOUT', { host, port });
  if (code === 'PEER_SILENT') return problem('PEER_TIMEOUT');
  if (code.startsWith('HPE_')) return problem('WEB_ANSWER_INVALID', { reason: 'HTTP' });
  return socketProblem(error as NodeJS.ErrnoException, { host, port }, false);
}

/** Why an answer of parts breaks off: one that ends with its connection, when that was cut, ends wherever it was. */
export const brokenOff = (headers: IncomingHttpHeaders, otherwise: Problem): Problem =>
  'content-length' in headers || 'transfer-encoding' in headers ? otherwise : problem('CONNECTION_LOST');

/** What a status that is no success means (PS3.18 8.5). */
export function statusProblem(status: number): Problem {
  if (status === 401 || status === 403) return problem('WEB_LOGIN_FAILED', { status });
  if (status === 404 || status === 410) return problem('WEB_NOT_FOUND');
  if (status === 406 || status === 415) return problem('WEB_FORM_REFUSED', { status });
  if (isBusyStatus(status)) return problem('WEB_BUSY', { status });
  return problem('WEB_STATUS_FAILED', { status });
}

/** Worth another attempt after a while. */
export const isBusyStatus = (status: number): boolean => [408, 429, 502, 503, 504].includes(status);

const passing = new Set(['CONNECTION_LOST', 'CONNECTION_TIMEOUT', 'PEER_TIMEOUT', 'WEB_BUSY']);

/** Things that may be over in a moment. */
export const mayPass = ({ code }: Problem): boolean => passing.has(code) || code === 'CONNECTION_REFUSED';
