import * as v from 'valibot';
import { type RemoteNode, remoteNode } from '../../../core/contract/network.ts';

const pattern = /^([ -[\]-~]{1,16})@(\[[0-9a-f:.]+\]|[^:@\s]+):(\d{1,5})$/i;

/** No id of a certificate: the default one is shown to a station that asks for ours. */
export const defaultCertificate = 'default';

/** Whether a text is `AE@HOST:PORT`. */
export const isPeerAddress = (text: string): boolean => pattern.test(text);

/** Names may hold what parts the words of an address. */
function userOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}

/**
 * A station that is named where a node is: `AE@HOST:PORT`, for scripts. Behind it, and behind the id of a node that is
 * kept, `;get` and `;move` choose how to retrieve, `;tls` encrypts. `;by=password;user=NAME;key=KEY` gives a user identity,
 * whose secret the host was lent under that key.
 */
export function parseNodeId(nodeId: string): {
  readonly base: string;
  readonly inline: RemoteNode | null;
  readonly change: Partial<RemoteNode>;
} {
  const [base = '', ...words] = nodeId.split(';');
  const change: Partial<RemoteNode> = {
    ...(words.includes('tls') && { tls: true }),
    ...(words.includes('get') && { retrieveBy: 'get' }),
    ...(words.includes('move') && { retrieveBy: 'move' }),
  };
  const given = (name: string): string =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const match = pattern.exec(base);
  if (!match) return { base, inline: null, change };
  const [, aeTitle = '', host = '', port] = match;
  const parsed = v.safeParse(remoteNode, {
    nodeId: given('key') || base.slice(0, 64),
    name: base.slice(0, 64),
    protocol: 'dimse',
    aeTitle,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    hasWorklist: true,
    commits: true,
    certificateId: defaultCertificate,
    ...(given('by') && { identity: given('by'), user: userOf(given('user')) }),
    ...change,
  });
  return { base, inline: parsed.success ? parsed.output : null, change };
}
