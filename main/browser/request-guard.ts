/** Who may ask what of the loopback server (reliability.md D8): pure checks over a request's head. */

export interface RequestHead {
  readonly method: string;
  /** As received, before any decoding. */
  readonly target: string;
  /** Lower-case names; a header given twice is refused by its joined value. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export const nonceHeader = 'x-candela-nonce';
export const cookieName = 'candela_s';

const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(',');

/** DNS rebinding: another name that resolves to this machine still sends its own name here. */
export function isOwnHost(head: RequestHead, port: number): boolean {
  return single(head.headers['host']) === `127.0.0.1:${port}`;
}

/** A page of ours sends exactly this. `null`, another port and another scheme are other origins. */
export function isOwnOrigin(head: RequestHead, port: number): boolean {
  return single(head.headers['origin']) === `http://127.0.0.1:${port}`;
}

/** Requests for data come from our own page: never from another site, nor from another port of this machine. */
export function isFromOwnPage(head: RequestHead, port: number): boolean {
  if (single(head.headers['sec-fetch-site']) !== 'same-origin') return false;
  const isSafe = head.method === 'GET' || head.method === 'HEAD';
  if (isSafe && head.headers['origin'] === undefined) return true;
  return isOwnOrigin(head, port);
}

/** The value of our cookie; undefined when absent or given twice (one of the two is planted). */
export function sessionCookie(head: RequestHead): string | undefined {
  const values = (single(head.headers['cookie']) ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${cookieName}=`))
    .map((part) => part.slice(cookieName.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

export const nonceOf = (head: RequestHead): string | undefined => single(head.headers[nonceHeader]);
