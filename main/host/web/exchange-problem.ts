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

/** The body is packed in a way that we do not know. */
export class CodingUnknown extends Error {
  readonly code = 'CODING_UNKNOWN';
}

/** zlib's own words for what is not what it was said to be. */
const isCoding = (code: string): boolean =>
  code === 'CODING_UNKNOWN' ||
  code.startsWith('Z_') ||
  code.startsWith('ERR__ERROR') ||
  code.startsWith('ERR_BROTLI');

/** What a failed exchange means to a person. */
export function exchangeProblem(error: unknown, url: URL): Problem {
  const { code = '', name = '' } = error as { code?: string; name?: string };
  const host = url.hostname;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (name === 'AbortError' || code === 'ABORT_ERR') return problem('CANCELLED');
  if (code === 'CONNECT_LATE') return problem('CONNECTION_TIMEOUT', { host, port });
  if (code === 'PEER_SILENT') return problem('PEER_TIMEOUT');
  if (code.startsWith('HPE_')) return problem('WEB_ANSWER_INVALID', { reason: 'HTTP' });
  if (isCoding(code)) return problem('WEB_ANSWER_INVALID', { reason: 'Content-Encoding' });
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

/** Retry-After in milliseconds: seconds, or a date (RFC 9110 10.2.3); 0 where it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return 1000 * Number(text);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs);
}

const passing = new Set(['CONNECTION_LOST', 'CONNECTION_TIMEOUT', 'PEER_TIMEOUT', 'WEB_BUSY']);

/** Things that may be over in a moment. */
export const mayPass = ({ code }: Problem): boolean => passing.has(code) || code === 'CONNECTION_REFUSED';
