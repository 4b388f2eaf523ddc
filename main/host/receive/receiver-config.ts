import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Problem } from '../../../core/base/problem.ts';
import type { ReceiverSettings, RemoteNode } from '../../../core/contract/network-settings.ts';
import type { Settings } from '../../../core/contract/settings.ts';
import type { IntakePlaces } from '../dimse/intake-client.ts';
import type { AllowedPeer, AskedIdentity, KnownPeer, ReceiverConfig } from '../dimse/receiver-protocol.ts';
import type { Services } from '../services.ts';

/** What the command line prints of it, one line each. */
export type ReceiverEvent =
  | {
      readonly event: 'opened';
      readonly associationId: number;
      readonly aeTitle: string;
      readonly address: string;
    }
  | {
      readonly event: 'instance';
      readonly associationId: number;
      readonly StudyInstanceUID: string;
      readonly instanceKey: string;
      readonly outcome: 'stored' | 'duplicate';
      readonly bytes: number;
      readonly flags: readonly string[];
    }
  | {
      readonly event: 'refused';
      /** null where it was turned away before there was an association. */
      readonly associationId: number | null;
      /** As it calls itself; empty where it had not yet said. */
      readonly aeTitle: string;
      readonly address: string;
      readonly problem: Problem;
    }
  | {
      readonly event: 'closed';
      readonly associationId: number;
      readonly stored: number;
      readonly duplicates: number;
      readonly refused: number;
      readonly problem: Problem | null;
    };

/** Settings of this run only (command line), over those that are kept. */
export type ReceiverOverrides = Partial<ReceiverSettings> & {
  /** Instead of the nodes that may send. */
  readonly allowed?: readonly AllowedPeer[];
  readonly onEvent?: (event: ReceiverEvent) => void;
};

/** Each worker has a folder of its own for part files; leftovers go with the next start of the host. */
export const receiverPlaces = ({ folder }: Pick<Services, 'folder'>): IntakePlaces => ({
  incomingDir: join(folder.incoming, `receiver-${randomUUID()}`),
  objectsDir: folder.objects,
});

/** Of the passcode among the secrets; longer than an id of a node can be. */
export const passcodeId = 'receiver.passcode'.padEnd(65, '.');

/** Of the passcode that a node must give when it calls us; the dots keep it from being the id of another node. */
export const callerPasscodeId = (nodeId: string): string => `${'caller.passcode'.padEnd(65, '.')}${nodeId}`;

/** Where a passcode is asked for and none is set, nobody gets in. */
async function askedOf(
  identity: ReceiverSettings['identity'],
  user: string,
  secretId: string,
  secrets: Services['secrets'],
): Promise<AskedIdentity | null> {
  if (identity === 'none') return null;
  const passcode = identity === 'password' ? await secrets.get(secretId) : null;
  return { users: user === '' || passcode === '' ? [] : [{ name: user, passcode }] };
}

async function knownPeer(node: RemoteNode, secrets: Services['secrets']): Promise<KnownPeer> {
  const { callerIdentity, callerUser, nodeId } = node;
  if (callerIdentity === 'receiver') return peerOf(node);
  const asks = await askedOf(callerIdentity, callerUser, callerPasscodeId(nodeId), secrets);
  return { ...peerOf(node), asks };
}

/** What the receiver goes by. Makes our certificate where encryption is wanted and there is none. */
export async function receiverConfig(
  settings: Settings,
  { certificates, secrets }: Pick<Services, 'certificates' | 'secrets'>,
  overrides: ReceiverOverrides,
): Promise<ReceiverConfig> {
  const { allowed, onEvent: _onEvent, ...changes } = overrides;
  const receiver: ReceiverSettings = { ...settings.network.receiver, ...changes };
  const stations = settings.nodes.filter(({ protocol }) => protocol === 'dimse');
  const senders = allowed ?? stations.filter(({ maySend }) => maySend).map(peerOf);
  const tls =
    receiver.tlsPort === null
      ? null
      : {
          identity: await certificates.identity(),
          trust: await certificates.trust(),
          clientCertificate: receiver.tlsClientCertificate,
        };
  return {
    aeTitle: receiver.aeTitle,
    address: receiver.address,
    port: receiver.port,
    tlsPort: receiver.tlsPort,
    tls,
    limits: settings.network.limits,
    checkCalledAeTitle: receiver.checkCalledAeTitle,
    allowed: receiver.peers === 'listed' || allowed !== undefined ? senders : null,
    identity: await askedOf(receiver.identity, receiver.identityUser, passcodeId, secrets),
    known: [...(await Promise.all(stations.map((node) => knownPeer(node, secrets)))), ...(allowed ?? [])],
    unknownSopClasses: receiver.unknownSopClasses,
    answersQueries: receiver.answersQueries,
    answersCommitment: receiver.answersCommitment,
    takesProcedureSteps: receiver.takesProcedureSteps,
  };
}

const peerOf = ({ aeTitle, host }: { readonly aeTitle: string; readonly host: string }): AllowedPeer => ({
  aeTitle,
  host,
});
