import { problem } from '../../../core/base/problem.ts';
import type { RetrieveItem } from '../../../core/contract/remote.ts';
import { type Command, CommandFailure, exitCodes, need } from '../command.ts';
import { namedPeer, peerOptions, peerUsage } from '../peer-node.ts';
import { transferOutcome } from '../transfer-outcome.ts';

/** `STUDY`, `STUDY/SERIES` or `STUDY/SERIES/INSTANCE`, all UIDs. */
function itemOf(word: string): RetrieveItem {
  const uids = word.split('/');
  const isSound = uids.length <= 3 && uids.every((uid) => /^[0-9.]{1,64}$/.test(uid));
  if (!isSound) {
    throw new CommandFailure(problem('INPUT_INVALID', { name: 'STUDY', value: word }), exitCodes.wrongUsage);
  }
  const [studyInstanceUID = '', seriesInstanceUID, sopInstanceUID] = uids;
  return {
    studyInstanceUID,
    ...(seriesInstanceUID !== undefined && { seriesInstanceUID }),
    ...(sopInstanceUID !== undefined && { sopInstanceUID }),
  };
}

const retrieveCommand = (name: 'get' | 'move'): Command => ({
  name,
  usage: `NODE STUDY[/SERIES[/INSTANCE]]… | ${peerUsage} STUDY… [--json] [--data DIR]`,
  options: peerOptions,
  positionals: { least: 1, most: 1000 },
  async run(args, context) {
    const host = await context.host();
    const { nodeId, node, rest } = await namedPeer(host, args, context);
    const items = rest.map(itemOf);
    if (items.length === 0)
      throw new CommandFailure(problem('INPUT_INVALID', { name: 'STUDY' }), exitCodes.wrongUsage);
    // A DICOMweb node has one way only.
    const by = node?.protocol === 'web' ? nodeId : `${nodeId};${name}`;
    const { jobId } = need(await host.call('remote.retrieve', { nodeId: by, items }));
    return transferOutcome(host, jobId, context);
  },
});

export const getCommand = retrieveCommand('get');
export const moveCommand = retrieveCommand('move');
