import type { NodeTest, RemoteNode } from '../../../core/contract/network.ts';
import type { IntakeOrigin } from '../receive/intake.ts';
import type { RemoteArchive } from '../remote/archive.ts';
import type { Services } from '../services.ts';
import type { WebAccess } from './credentials.ts';
import type { WebPeers } from './web-peers.ts';

/** What a worker needs to talk to a node. `secret`: absent = the one that is kept. */
export async function webAccess(
  { secrets, certificates }: Pick<Services, 'secrets' | 'certificates'>,
  node: RemoteNode,
  secret?: string,
): Promise<WebAccess> {
  const shows = node.authentication === 'certificate' || node.certificateId !== null;
  return {
    node,
    secret: secret ?? (await secrets.get(node.nodeId)),
    identity: shows ? await certificates.identity(node.certificateId) : null,
    trust: await certificates.trust(),
  };
}

export interface WebArchiveOptions {
  readonly peers: WebPeers;
  readonly access: WebAccess;
  /** Ours, written into the meta information of what is sent. */
  readonly callingAeTitle: string;
  /** Whose objects retrieved ones are. */
  readonly origin: IntakeOrigin;
}

/** A DICOMweb server as `remote.*` uses it. */
export function webArchive({ peers, access, callingAeTitle, origin }: WebArchiveOptions): RemoteArchive {
  return {
    search: (query, signal) => peers.search(access, query, signal),
    series: (studyInstanceUID, signal) => peers.series(access, studyInstanceUID, signal),
    instances: (item, signal) => peers.instances(access, item, signal),
    retrieve: ({ items, expected, signal, onCounts }) =>
      peers.retrieve(
        access,
        { items, expected: expected.length > 0 ? expected.length : null, origin, onCounts },
        signal,
      ),
    send: ({ objects, signal, onOutcome }) =>
      peers.send(access, { objects, sourceAeTitle: callingAeTitle, onOutcome }, signal),
  };
}

const testMs = 30_000;

/** The steps of `nodes.test` for a web node, saved or not. */
export async function testWebNode(
  services: Pick<Services, 'secrets' | 'certificates'> & { readonly webPeers: WebPeers },
  node: RemoteNode,
  secret?: string,
): Promise<NodeTest> {
  return services.webPeers.test(await webAccess(services, node, secret), AbortSignal.timeout(testMs));
}
