import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { type Language, say } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { swapNow } from '../../host/storage/swap-restored.ts';
import type { ParsedArguments } from '../arguments.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  exitCodes,
  need,
  type Outcome,
} from '../command.ts';
import { groupedLines } from '../grouped-lines.ts';
import { receiptOf, waitForJob } from '../wait-for-job.ts';

/** Never an argument: other users of a computer see those. */
async function passphraseOf(args: ParsedArguments): Promise<{ passphrase?: string }> {
  const file = args.values.get('passphrase-file');
  if (file === undefined) return {};
  const text = await readFile(resolve(file), 'utf8').catch(() => null);
  if (text === null) throw new CommandFailure(problem('FILE_MISSING', undefined, file));
  return { passphrase: text.replace(/\r?\n$/, '') };
}

function outcomeOf(
  receipt: Receipt,
  language: Language,
  more: Readonly<Record<string, unknown>>,
  text: string,
): Outcome {
  const problems = receipt.problems.map((found) => ({
    path: found.path ?? '',
    code: found.code,
    message: problemText(language, found).sentence,
  }));
  const { files, broken, bytes, elapsedMs } = receipt;
  return {
    exitCode: broken > 0 ? exitCodes.doneWithProblems : exitCodes.done,
    json: { ...more, files, broken, bytes, elapsedMs, problems },
    text: [text, ...groupedLines(language, problems)].join('\n'),
  };
}

/** Makes the index again from the files. */
export const rebuildCommand: Command = {
  name: 'rebuild',
  usage: '[--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 0 },
  async run(_args, context) {
    const host = await context.host();
    const { jobId } = need(await host.call('rebuild.start', {}));
    const receipt = await receiptOf(host, await waitForJob(host, jobId, context));
    const { stored } = receipt;
    const text = say(context.language, cliTerms['cli.rebuilt'], { files: stored });
    return outcomeOf(receipt, context.language, { stored }, text);
  },
};

/** Backs the store up to a folder, or checks what is there. */
export const backupCommand: Command = {
  name: 'backup',
  usage: 'FOLDER [--verify] [--passphrase-file FILE] [--json] [--data DIR]',
  options: [
    { name: 'verify', takesValue: false },
    { name: 'passphrase-file', takesValue: true },
  ],
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const folder = resolve(args.positionals[0] ?? '');
    const input = { folder, ...(await passphraseOf(args)) };
    const host = await context.host();
    const isCheck = args.switches.has('verify');
    const { jobId } = need(await host.call(isCheck ? 'backup.verify' : 'backup.start', input));
    const receipt = await receiptOf(host, await waitForJob(host, jobId, context));
    const { files, stored, duplicates, broken } = receipt;
    const term = cliTerms[isCheck ? 'cli.backupChecked' : 'cli.backedUp'];
    const text = say(context.language, term, { folder, files, stored, broken });
    const counts = isCheck ? {} : { copied: stored, present: duplicates };
    const outcome = outcomeOf(receipt, context.language, { folder, ...counts }, text);
    return isCheck && broken > 0 ? { ...outcome, exitCode: exitCodes.failed } : outcome;
  },
};

/**
 * Makes a new data folder of a backup; the one in use is not needed for it. Or puts such a folder in the place of the one
 * in use, which nobody may have open.
 */
export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FOLDER --to DIR [--passphrase-file FILE] [--json] | --use DIR [--json] [--data DIR]',
  options: [
    { name: 'to', takesValue: true },
    { name: 'passphrase-file', takesValue: true },
    { name: 'use', takesValue: true },
  ],
  positionals: { least: 0, most: 1 },
  async run(args, context) {
    const to = args.values.get('to');
    const restored = args.values.get('use');
    if (restored && args.positionals.length === 0 && !to) return putInUse(resolve(restored), context);
    const wrong = restored ? '--use' : args.positionals.length === 0 ? 'FOLDER' : null;
    if (wrong) throw new CommandFailure(problem('INPUT_INVALID', { name: wrong }), exitCodes.wrongUsage);
    if (!to) throw new CommandFailure(problem('INPUT_INVALID', { name: '--to' }), exitCodes.wrongUsage);
    const [folder, target] = [resolve(args.positionals[0] ?? ''), resolve(to)];
    const host = await context.scratchHost();
    const input = { folder, target, ...(await passphraseOf(args)) };
    const { jobId } = need(await host.call('backup.restore', input));
    const receipt = await receiptOf(host, await waitForJob(host, jobId, context));
    const text = say(context.language, cliTerms['cli.restored'], { target, files: receipt.files });
    return outcomeOf(receipt, context.language, { target }, text);
  },
};

/** Planned by the host whose store it is; carried out once that is closed. */
async function putInUse(folder: string, context: CommandContext): Promise<Outcome> {
  const { dataDir, language } = context;
  const host = await context.ownHost();
  const { keptAs } = need(await host.call('backup.useRestored', { folder }));
  await host.close();
  need(await swapNow(dataDir));
  const text = say(language, cliTerms['cli.restoredInUse'], { folder: dataDir, kept: keptAs });
  return { exitCode: exitCodes.done, json: { data: dataDir, keptAs }, text };
}
