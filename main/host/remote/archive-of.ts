import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { Sender } from '../receive/arrivals.ts';
import type { Services } from '../services.ts';
import { webAccess, webArchive } from '../web/archive.ts';
import type { RemoteArchive } from './archive.ts';
import { DimseArchive } from './dimse-archive.ts';
import { parseNodeId } from './inline-node.ts';
import { callingAeTitle } from './peer-target.ts';

/** Who retrieved objects come from, as lists and receipts tell it. */
export function originOf(
  services: Services,
  node: RemoteNode,
  onRefused: (reason: Problem) => void = () => undefined,
): Sender {
  const { arrivals } = services.receiver;
  return new Sender(
    node.aeTitle || node.name,
    services.now(),
    (sender, added) => arrivals.came(sender, added),
    onRefused,
  );
}

/** Another station by whatever it speaks. */
export async function archiveOf(
  services: Services,
  node: RemoteNode,
  origin: Sender = originOf(services, node),
): Promise<RemoteArchive> {
  if (node.protocol === 'dimse') return new DimseArchive(services, node, origin);
  return webArchive({
    peers: services.webPeers,
    access: await webAccess(services, node),
    callingAeTitle: callingAeTitle(services),
    origin,
  });
}

/** Whether we prove who we are by something that is kept apart from the settings. */
const needsSecret = ({ protocol, identity, authentication }: RemoteNode): boolean =>
  protocol === 'dimse'
    ? identity === 'password' || identity === 'jwt'
    : authentication !== 'none' && authentication !== 'certificate';

/** Calling without its password would only be refused, and may lock the account. Null = nothing is wrong. */
export const sealedProblem = async (
  { secrets }: Pick<Services, 'secrets'>,
  node: RemoteNode,
): Promise<Problem | null> =>
  needsSecret(node) && (await secrets.isSealedOff(node.nodeId))
    ? problem('NODE_SECRET_SEALED', { name: node.name })
    : null;

/** As `nodeOf`, for calling it now. Problems: NODE_MISSING, NODE_SECRET_SEALED. */
export async function callableNode(services: Services, nodeId: string): Promise<Result<RemoteNode>> {
  const node = nodeOf(services, nodeId);
  const sealed = node.ok ? await sealedProblem(services, node.value) : null;
  return sealed ? fail(sealed) : node;
}

/** A node that is kept, or one that is named as `AE@HOST:PORT`. Problems: NODE_MISSING. */
export function nodeOf(services: Services, nodeId: string): Result<RemoteNode> {
  const { base, inline, change } = parseNodeId(nodeId);
  if (inline) return ok(inline);
  const node = services.settings.get().nodes.find((one) => one.nodeId === base);
  return node ? ok({ ...node, ...change }) : fail(problem('NODE_MISSING', { name: base }));
}
