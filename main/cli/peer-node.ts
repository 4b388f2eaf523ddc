import { randomUUID } from 'node:crypto';
import { problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { RemoteNode } from '../../core/contract/network.ts';
import { isPeerAddress } from '../host/remote/inline-node.ts';
import type { OptionSpec, ParsedArguments } from './arguments.ts';
import { type CommandContext, CommandFailure, exitCodes, need } from './command.ts';
import { type PeerIdentity, peerIdentity } from './peer-identity.ts';

export const peerOptions: readonly OptionSpec[] = [
  { name: 'peer', takesValue: true },
  { name: 'tls', takesValue: false },
  { name: 'user', takesValue: true },
  { name: 'password-file', takesValue: true },
  { name: 'token-file', takesValue: true },
];

export const peerUsage =
  '--peer AE@HOST:PORT [--tls] [--user NAME] [--password-file FILE] [--token-file FILE]';

/** A station as the host's calls take it, and the words of the command line that are about something else. */
export interface NamedPeer {
  readonly nodeId: string;
  readonly node: RemoteNode | null;
  readonly rest: readonly string[];
  readonly identity: PeerIdentity | null;
  /** Tells another host too what the first was told: who we say we are. */
  lend(host: Host): Promise<void>;
}

/** `--peer AE@HOST:PORT`, else the first word: name or id of a node. NODE_MISSING ends the command. */
export async function namedPeer(
  host: Host,
  args: ParsedArguments,
  context: Pick<CommandContext, 'environment'>,
): Promise<NamedPeer> {
  const peer = args.values.get('peer');
  if (peer !== undefined) return addressedPeer(host, peer, args, context);
  for (const name of ['user', 'password-file', 'token-file']) {
    // A node that is kept has its identity in Settings.
    if (args.values.has(name)) throw wrongUsage(`--${name}`, args.values.get(name)!);
  }
  const [name, ...rest] = args.positionals;
  if (name === undefined) throw wrongUsage('NODE', '');
  const nodes = need(await host.call('nodes.list', {}));
  const node = nodes.find((one) => one.nodeId === name || one.name === name);
  if (!node) throw new CommandFailure(problem('NODE_MISSING', { name }));
  return { nodeId: node.nodeId, node, rest, identity: null, lend: async () => undefined };
}

async function addressedPeer(
  host: Host,
  peer: string,
  args: ParsedArguments,
  context: Pick<CommandContext, 'environment'>,
): Promise<NamedPeer> {
  if (!isPeerAddress(peer)) throw wrongUsage('--peer', peer);
  const identity = await peerIdentity(args, context);
  const key = randomUUID();
  const words = identity
    ? [`by=${identity.identity}`, `user=${encodeURIComponent(identity.user)}`, `key=${key}`]
    : [];
  const nodeId = [peer, ...(args.switches.has('tls') ? ['tls'] : []), ...words].join(';');
  const lend = async (to: Host): Promise<void> => {
    if (identity) need(await to.call('nodes.lendSecret', { key, secret: identity.secret }));
  };
  await lend(host);
  return { nodeId, node: null, rest: args.positionals, identity, lend };
}

const wrongUsage = (name: string, value: string): CommandFailure =>
  new CommandFailure(problem('INPUT_INVALID', { name, value }), exitCodes.wrongUsage);
