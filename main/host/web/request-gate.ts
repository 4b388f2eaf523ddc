/** Who may ask our listener what (reliability.md D18, C26): checks over a request's head, before anything is read. */
import type { IncomingHttpHeaders } from 'node:http';

export type GateRule = 'host' | 'page' | 'method' | 'body' | 'length' | 'token' | 'path';

export interface GateRefusal {
  readonly rule: GateRule;
  readonly status: number;
}

const urlBytesMax = 2048;

/**
 * Pages cannot get in: they send Origin or Sec-Fetch headers, which no script does, and another host name where they
 * came by DNS. Null = let it pass. `isToken` compares without telling how much of it was right.
 */
export function refusalOf(
  request: { readonly method?: string; readonly url?: string; readonly headers: IncomingHttpHeaders },
  port: number,
  isToken: (token: string) => boolean,
): GateRefusal | null {
  const { headers, method = '', url = '' } = request;
  // Python's dicomweb-client leaves the port out.
  const hosts = ['127.0.0.1', 'localhost'].flatMap((name) => [name, `${name}:${port}`]);
  if (!hosts.includes(headers.host ?? '')) return { rule: 'host', status: 403 };
  if (Object.keys(headers).some((name) => name === 'origin' || name.startsWith('sec-fetch-'))) {
    return { rule: 'page', status: 403 };
  }
  if (method !== 'GET' && method !== 'HEAD') return { rule: 'method', status: 405 };
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    return { rule: 'body', status: 413 };
  }
  if (url.length > urlBytesMax) return { rule: 'length', status: 414 };
  const token = /^Bearer ([\w~+/.-]{1,512}=*)$/i.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && isToken(token) ? null : { rule: 'token', status: 401 };
}
