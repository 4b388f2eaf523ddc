import type { RemoteNode } from '../../../core/contract/network.ts';
import type { NetworkLimits } from '../../../core/contract/network-settings.ts';
import type { UserIdentity } from '../../../core/dimse/types.ts';
import type { PeerTarget, PeerTimeouts } from '../dimse/peer-types.ts';
import type { Services } from '../services.ts';
import type { WebWaits } from '../web/client.ts';

type Own = Pick<Services, 'settings' | 'receiver'>;

/** By which title others reach us: the receiver's, which may have another in this run than in Settings. */
export function ownAeTitle({ settings, receiver }: Own): string {
  const { state, aeTitle } = receiver.status();
  return state === 'listening' ? aeTitle : settings.get().network.receiver.aeTitle;
}

/** By which title we call others; peers keep lists of those that they know. */
export const callingAeTitle = (services: Own): string =>
  services.settings.get().network.callingAeTitle || ownAeTitle(services);

const identityTypes = { name: 1, password: 2, jwt: 5 } as const;

function identityOf({ identity, user }: RemoteNode, secret: string): UserIdentity | null {
  if (identity === 'none') return null;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    type: identityTypes[identity],
    wantsResponse: false,
    primary: bytes(identity === 'jwt' ? secret : user),
    secondary: bytes(identity === 'password' ? secret : ''),
  };
}

/** How long our own calls wait. */
export const timeoutsOf = ({ peerConnectSeconds, peerIdleSeconds }: NetworkLimits): PeerTimeouts => ({
  connectMs: peerConnectSeconds * 1000,
  idleMs: peerIdleSeconds * 1000,
});

export const webWaitsOf = ({ webConnectSeconds, webIdleSeconds }: NetworkLimits): WebWaits => ({
  connectMs: webConnectSeconds * 1000,
  idleMs: webIdleSeconds * 1000,
});

/** How a DIMSE node is called. `secret`: of a node that is not saved yet; else the one that is kept. */
export async function targetOf(services: Services, node: RemoteNode, secret?: string): Promise<PeerTarget> {
  const { maxPduBytes, offeredPduBytes } = services.settings.get().network.limits;
  const { certificates, secrets } = services;
  return {
    host: node.host,
    port: node.port,
    calledAeTitle: node.aeTitle,
    callingAeTitle: callingAeTitle(services),
    tls: node.tls
      ? {
          host: node.host,
          identity: node.certificateId === null ? null : await certificates.identity(node.certificateId),
          trust: await certificates.trust(),
        }
      : null,
    identity: identityOf(node, secret ?? (await secrets.get(node.nodeId))),
    maxPduBytes,
    offeredPduBytes,
  };
}
