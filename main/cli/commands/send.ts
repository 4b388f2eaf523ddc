import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import type { Host } from '../../../core/contract/host.ts';
import { type Command, type CommandContext, CommandFailure, exitCodes, need } from '../command.ts';
import { type NamedPeer, namedPeer, peerOptions, peerUsage } from '../peer-node.ts';
import { transferOutcome } from '../transfer-outcome.ts';
import { receiptOf, waitForJob } from '../wait-for-job.ts';

interface Keys {
  readonly studyKeys: string[];
  readonly seriesKeys: string[];
  readonly instanceKeys: string[];
}

const isUid = (word: string): boolean => /^[0-9.]+$/.test(word);

/** What UIDs name in the store; NOT_FOUND ends the command. */
async function keysOf(host: Host, uids: readonly string[]): Promise<Keys> {
  const keys: Keys = { studyKeys: [], seriesKeys: [], instanceKeys: [] };
  for (const uid of uids) {
    const found = need(await host.call('uid.find', { uid }));
    keys.studyKeys.push(...found.studies);
    keys.seriesKeys.push(...found.series.map(({ seriesKey }) => seriesKey));
    keys.instanceKeys.push(...found.instances.map(({ instanceKey }) => instanceKey));
    if (found.studies.length + found.series.length + found.instances.length === 0) {
      throw new CommandFailure(problem('NOT_FOUND', {}, uid));
    }
  }
  return keys;
}

/** Files are read into a folder that vanishes with the command; nobody's store gets them. */
async function readIn(host: Host, paths: readonly string[], context: CommandContext): Promise<Keys> {
  const { jobId } = need(await host.call('import.start', { paths: [...paths], mode: 'import' }));
  const receipt = await receiptOf(host, await waitForJob(host, jobId, context));
  const [first] = receipt.problems;
  if (receipt.stored === 0) throw new CommandFailure(first ?? problem('NOTHING_TO_SEND'));
  return keysOf(host, receipt.studies);
}

/**
 * The host that has what is to be sent. One for files calls as the store's own host does: by its title, with its
 * certificates, and to the station as that knows it.
 */
async function prepare(
  { rest: words, nodeId, node, lend }: NamedPeer,
  main: Host,
  context: CommandContext,
): Promise<{ host: Host; keys: Keys; nodeId: string }> {
  const missing = words.filter((word) => !existsSync(resolve(word)));
  if (missing.length === words.length && words.every(isUid)) {
    return { host: main, keys: await keysOf(main, words), nodeId };
  }
  if (missing.length > 0) throw new CommandFailure(problem('FILE_MISSING', {}, missing[0]));
  const paths = words.map((word) => resolve(word));
  const scratch = await context.scratchHost(context.dataDir);
  const { callingAeTitle, limits, receiver } = need(await main.call('settings.get', {})).network;
  const network = { callingAeTitle, limits, receiver: { aeTitle: receiver.aeTitle } };
  need(await scratch.call('settings.set', { changes: { network } }));
  if (node) need(await scratch.call('nodes.save', { node }));
  await lend(scratch);
  return { host: scratch, keys: await readIn(scratch, paths, context), nodeId };
}

export const sendCommand: Command = {
  name: 'send',
  usage: `NODE UID|PATH… | ${peerUsage} UID|PATH… [--commit] [--json] [--data DIR]`,
  options: [...peerOptions, { name: 'commit', takesValue: false }],
  positionals: { least: 1, most: 1000 },
  async run(args, context) {
    const main = await context.host();
    const peer = await namedPeer(main, args, context);
    if (peer.rest.length === 0)
      throw new CommandFailure(problem('INPUT_INVALID', { name: 'UID' }), exitCodes.wrongUsage);
    const { host, keys, nodeId } = await prepare(peer, main, context);
    const commit = args.switches.has('commit');
    const { jobId } = need(await host.call('remote.send', { nodeId, ...keys, commit }));
    return transferOutcome(host, jobId, context);
  },
};

export const commitCommand: Command = {
  name: 'commit',
  usage: `NODE UID… | ${peerUsage} UID… [--json] [--data DIR]`,
  options: peerOptions,
  positionals: { least: 1, most: 1000 },
  async run(args, context) {
    const host = await context.host();
    const { nodeId, rest } = await namedPeer(host, args, context);
    if (rest.length === 0)
      throw new CommandFailure(problem('INPUT_INVALID', { name: 'UID' }), exitCodes.wrongUsage);
    const { jobId } = need(await host.call('remote.commit', { nodeId, ...(await keysOf(host, rest)) }));
    return transferOutcome(host, jobId, context);
  },
};
