import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { callerPasscodeId } from '../receive/receiver-config.ts';
import type { Services } from '../services.ts';

/** What is wrong with a node before anything is tried; null = nothing. */
export function checkNode(node: RemoteNode): Problem | null {
  if (node.protocol === 'web') return isWebRoot(node.url) ? null : problem('NODE_ADDRESS_INVALID');
  if (node.aeTitle === '') return problem('NODE_TITLE_MISSING');
  return isHost(node.host) ? null : problem('NODE_ADDRESS_INVALID');
}

/** RFC 1123 names, IPv4 and IPv6 addresses. */
const isHost = (host: string): boolean =>
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*\.?$/.test(host) ||
  /^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9]+)?$/.test(host);

function isWebRoot(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

/** Problems: NODE_TITLE_MISSING, NODE_ADDRESS_INVALID, NODE_NAME_TAKEN, IO_ERROR. */
export async function saveNode(
  services: Services,
  node: RemoteNode,
  { secret, callerPasscode }: { readonly secret?: string; readonly callerPasscode?: string },
): Promise<Result<RemoteNode[]>> {
  const wrong = checkNode(node);
  if (wrong) return fail(wrong);
  const nodes = services.settings.get().nodes;
  if (nodes.some(({ nodeId, name }) => nodeId !== node.nodeId && name === node.name)) {
    return fail(problem('NODE_NAME_TAKEN', { name: node.name }));
  }
  if (secret !== undefined) await services.secrets.set(node.nodeId, secret);
  if (callerPasscode !== undefined) await services.secrets.set(callerPasscodeId(node.nodeId), callerPasscode);
  const isKnown = nodes.some(({ nodeId }) => nodeId === node.nodeId);
  const changed = isKnown ? nodes.map((one) => (one.nodeId === node.nodeId ? node : one)) : [...nodes, node];
  const settings = await services.settings.set({ nodes: changed });
  // A passcode alone changes no setting.
  if (callerPasscode !== undefined) await services.receiver.apply();
  await services.audit({ event: 'node.save', outcome: 'ok', detail: node.name });
  return ok(settings.nodes);
}

/** Rules that name it go with it; its secret too. Problems: NOT_FOUND. */
export async function deleteNode(services: Services, nodeId: string): Promise<Result<RemoteNode[]>> {
  const { nodes, network } = services.settings.get();
  const node = nodes.find((one) => one.nodeId === nodeId);
  if (!node) return fail(problem('NOT_FOUND'));
  const priors =
    network.priors.nodeId === nodeId ? { ...network.priors, nodeId: null, enabled: false } : network.priors;
  const settings = await services.settings.set({
    nodes: nodes.filter((one) => one.nodeId !== nodeId),
    network: {
      ...network,
      priors,
      forwarding: network.forwarding.filter(({ toNodeId }) => toNodeId !== nodeId),
    },
  });
  await services.secrets.set(nodeId, '');
  await services.secrets.set(callerPasscodeId(nodeId), '');
  await services.audit({ event: 'node.delete', outcome: 'ok', detail: node.name });
  return ok(settings.nodes);
}
