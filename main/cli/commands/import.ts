import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { type Language, say } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { type Command, CommandFailure, exitCodes, need, type Outcome } from '../command.ts';
import { groupedLines } from '../grouped-lines.ts';
import { discOf } from '../target.ts';
import { receiptOf, waitForJob } from '../wait-for-job.ts';

/** What `import --json` prints: the receipt in the terms of scripts, one sentence a problem. */
export function importOutcome(receipt: Receipt, language: Language): Outcome {
  const problems = receipt.problems.map((found) => ({
    path: found.path ?? '',
    code: found.code,
    message: problemText(language, found).sentence,
  }));
  const { receiptId, files, stored, duplicates, notDicom, broken, bytes, elapsedMs, studies } = receipt;
  const ended = receipt.stoppedBy ?? (receipt.cancelled ? problem('CANCELLED') : null);
  const lines = [
    say(language, cliTerms['cli.receipt'], { files, stored, duplicates, notDicom, broken }),
    ...groupedLines(language, problems),
  ];
  return {
    exitCode: ended ? exitCodes.failed : broken > 0 ? exitCodes.doneWithProblems : exitCodes.done,
    json: { receiptId, files, stored, duplicates, notDicom, broken, bytes, elapsedMs, studies, problems },
    text: lines.join('\n'),
    ...(ended && { problem: ended }),
  };
}

export const importCommand: Command = {
  name: 'import',
  usage: 'PATH… [--json] [--data DIR]',
  options: [],
  positionals: { least: 1, most: 100_000 },
  async run(args, context) {
    const paths = args.positionals.map((path) => discOf(resolve(path)));
    if (!paths.some((path) => existsSync(path)))
      throw new CommandFailure(problem('FILE_MISSING', undefined, paths[0]));
    const host = await context.host();
    const { jobId } = need(await host.call('import.start', { paths, mode: 'import' }));
    const job = await waitForJob(host, jobId, context);
    return importOutcome(await receiptOf(host, job), context.language);
  },
};

export const demoCommand: Command = {
  name: 'demo',
  usage: '[--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 0 },
  async run(_args, context) {
    const host = await context.host();
    const { jobId } = need(await host.call('demo.start', {}));
    const job = await waitForJob(host, jobId, context);
    return importOutcome(await receiptOf(host, job), context.language);
  },
};
