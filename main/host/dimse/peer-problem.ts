import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ProblemCode } from '../../../core/base/problem-table.ts';
import { tlsProblem } from './tls-problem.ts';

/** First bytes of what is no DICOM but well known: an HTTP answer ("HTTP/1.1 400"), a TLS alert. */
const otherProtocols: Readonly<Record<string, ProblemCode>> = {
  '0x48': 'PEER_IS_WEB',
  '0x15': 'PEER_NEEDS_TLS',
};

/** A fault of the other side's bytes, by what speaks there where that can be told. */
export function otherProtocol(found: Problem, { port }: { readonly port: number }): Problem {
  const code = found.code === 'PDU_UNKNOWN' ? otherProtocols[String(found.params?.['type'])] : undefined;
  return code ? problem(code, { port }) : found;
}

/** What a socket's error means to a person. */
export function socketProblem(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  wasOpen: boolean,
): Problem {
  const tls = tlsProblem(error, host);
  if (tls) return tls;
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
    case 'EAI_FAIL':
      return problem('HOST_UNKNOWN', { host });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return problem('HOST_UNREACHABLE', { host });
    case 'ETIMEDOUT':
      return wasOpen ? problem('CONNECTION_LOST') : problem('CONNECTION_TIMEOUT', { host, port });
    case 'ECONNREFUSED':
      return problem('CONNECTION_REFUSED', { host, port });
    default:
      return problem('CONNECTION_LOST');
  }
}
