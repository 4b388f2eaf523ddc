import { problem } from '../../../core/base/problem.ts';
import type { NodeTest, RemoteNode } from '../../../core/contract/network.ts';
import type { IntakeOrigin } from '../receive/intake.ts';
import type { RemoteArchive } from '../remote/archive.ts';
import { callingAeTitle } from '../remote/peer-target.ts';
import type { Services } from '../services.ts';
import type { WebAccess } from './credentials.ts';
import { otherTest } from './test-server.ts';
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
export async function testWebNode(services: Services, node: RemoteNode, secret?: string): Promise<NodeTest> {
  const tested = await services.webPeers.test(
    await webAccess(services, node, secret),
    AbortSignal.timeout(testMs),
  );
  const failure = tested.steps.find(({ state }) => state === 'failed')?.problem;
  if (!failure || !looksOther.has(failure.code)) return tested;
  const url = new URL(node.url);
  return (await speaksDimse(services, url))
    ? otherTest(problem('WEB_IS_DIMSE', { port: portOf(url) }), url.protocol === 'https:')
    : tested;
}

/** How a server fails that may be none: a DICOM port closes at the first line of HTTP, or waits for more. */
const looksOther = new Set([
  'CONNECTION_LOST',
  'PEER_TIMEOUT',
  'WEB_ANSWER_INVALID',
  'TLS_ENDED',
  'TLS_FAILED',
]);
const probeMs = 5000;

/** Only DICOM takes or rejects an association. */
async function speaksDimse(services: Services, url: URL): Promise<boolean> {
  const target = {
    ...{ host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(url) },
    ...{ calledAeTitle: 'ANY-SCP', callingAeTitle: callingAeTitle(services), tls: null, identity: null },
    ...{ maxPduBytes: 16_384, offeredPduBytes: 16_384 },
  };
  const { done, problem: reason } = await services.peers.echo(target, AbortSignal.timeout(probeMs));
  return done.some(({ phase }) => phase === 'associate') || (reason?.code.startsWith('REJECTED_') ?? false);
}

const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);
