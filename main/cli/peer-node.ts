import { problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { RemoteNode } from '../../core/contract/network.ts';
import { isPeerAddress } from '../host/remote/inline-node.ts';
import type { OptionSpec, ParsedArguments } from './arguments.ts';
import { CommandFailure, exitCodes, need } from './command.ts';

export const peerOptions: readonly OptionSpec[] = [
  { name: 'peer', takesValue: true },
  { name: 'tls', takesValue: false },
];

/** A station as the host's calls take it, and the words of the command line that are about something else. */
export interface NamedPeer {
  readonly nodeId: string;
  readonly node: RemoteNode | null;
  readonly rest: readonly string[];
}

/** `--peer AE@HOST:PORT`, else the first word: name or id of a node. NODE_MISSING ends the command. */
export async function namedPeer(host: Host, args: ParsedArguments): Promise<NamedPeer> {
  const peer = args.values.get('peer');
  if (peer !== undefined) {
    if (!isPeerAddress(peer)) {
      throw new CommandFailure(
        problem('INPUT_INVALID', { name: '--peer', value: peer }),
        exitCodes.wrongUsage,
      );
    }
    const nodeId = args.switches.has('tls') ? `${peer};tls` : peer;
    return { nodeId, node: null, rest: args.positionals };
  }
  const [name, ...rest] = args.positionals;
  if (name === undefined)
    throw new CommandFailure(problem('INPUT_INVALID', { name: 'NODE', value: '' }), exitCodes.wrongUsage);
  const nodes = need(await host.call('nodes.list', {}));
  const node = nodes.find((one) => one.nodeId === name || one.name === name);
  if (!node) throw new CommandFailure(problem('NODE_MISSING', { name }));
  return { nodeId: node.nodeId, node, rest };
}
