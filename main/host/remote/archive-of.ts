import { problem } from '../../../core/base/problem.ts';
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
export function originOf(services: Services, node: RemoteNode): Sender {
  const { arrivals } = services.receiver;
  return new Sender(
    node.aeTitle || node.name,
    services.now(),
    (sender, added) => arrivals.came(sender, added),
    () => undefined,
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

/** A node that is kept, or one that is named as `AE@HOST:PORT`. Problems: NODE_MISSING. */
export function nodeOf(services: Services, nodeId: string): Result<RemoteNode> {
  const { base, inline, change } = parseNodeId(nodeId);
  if (inline) return ok(inline);
  const node = services.settings.get().nodes.find((one) => one.nodeId === base);
  return node ? ok({ ...node, ...change }) : fail(problem('NODE_MISSING', { name: base }));
}
