import { type Problem, problem } from '../../../core/base/problem.ts';
import { tlsProblem } from './tls-problem.ts';

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
