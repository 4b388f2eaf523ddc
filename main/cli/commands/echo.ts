import type { NodeTest, RemoteNode } from '../../../core/contract/network.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import { defaultCertificate } from '../../host/remote/inline-node.ts';
import { type Command, exitCodes, need } from '../command.ts';
import { namedPeer, peerOptions, peerUsage } from '../peer-node.ts';

const signs: Readonly<Record<NodeTest['steps'][number]['state'], string>> = {
  ok: '✓',
  failed: '✗',
  skipped: '–',
};

/** A node that is not kept, from `AE@HOST:PORT`. */
function nodeAt(
  peer: string,
  tls: boolean,
): Pick<RemoteNode, 'aeTitle' | 'host' | 'port' | 'tls' | 'certificateId'> {
  const at = peer.indexOf('@');
  const colon = peer.lastIndexOf(':');
  const host = peer.slice(at + 1, colon).replace(/^\[|\]$/g, '');
  return {
    aeTitle: peer.slice(0, at),
    host,
    port: Number(peer.slice(colon + 1)),
    tls,
    certificateId: defaultCertificate,
  };
}

export const echoCommand: Command = {
  name: 'echo',
  usage: `NODE | ${peerUsage} [--json] [--data DIR]`,
  options: peerOptions,
  positionals: { least: 0, most: 1 },
  async run(args, context) {
    const host = await context.host();
    const { node, nodeId, identity } = await namedPeer(host, args, context);
    const tried: Partial<RemoteNode> & Pick<RemoteNode, 'nodeId' | 'name' | 'protocol'> = node ?? {
      nodeId: 'peer',
      name: 'peer',
      protocol: 'dimse',
      canQuery: false,
      ...nodeAt(nodeId.split(';')[0]!, args.switches.has('tls')),
      ...(identity && { identity: identity.identity, user: identity.user }),
    };
    const { ok, steps } = need(
      await host.call('nodes.test', { node: tried, ...(identity && { secret: identity.secret }) }),
    );
    const failure = steps.find(({ state }) => state === 'failed')?.problem;
    const lines = steps.map(({ id, state, tookMs }) => {
      const step = say(context.language, cliTerms[`cli.step.${id}`]);
      return `${signs[state]} ${step}${state === 'ok' ? `  ${Math.round(tookMs)} ms` : ''}`;
    });
    return {
      exitCode: ok ? exitCodes.done : exitCodes.failed,
      json: {
        ok,
        steps: steps.map(({ id, state, problem, tookMs }) => ({
          id,
          state,
          code: problem?.code ?? null,
          tookMs,
        })),
      },
      text: lines.join('\n'),
      ...(failure && { problem: failure }),
    };
  },
};
