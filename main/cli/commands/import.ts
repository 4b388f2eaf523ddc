import { resolve } from 'node:path';
import type { Receipt } from '../../../core/contract/jobs.ts';
import type { Language } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { type Command, exitCodes, need, type Outcome } from '../command.ts';
import { receiptOf, waitForJob } from '../wait-for-job.ts';

/** What `import --json` prints: the receipt in the terms of scripts, one sentence a problem. */
export function importOutcome(receipt: Receipt, language: Language): Outcome {
  const problems = receipt.problems.map((problem) => ({
    path: problem.path ?? '',
    code: problem.code,
    message: problemText(language, problem).sentence,
  }));
  const { receiptId, files, stored, duplicates, notDicom, broken, bytes, elapsedMs, studies } = receipt;
  const stopped = receipt.stoppedBy ? problemText(language, receipt.stoppedBy) : null;
  const lines = [
    `${files} = ${stored} stored + ${duplicates} duplicates + ${notDicom} not DICOM + ${broken} broken`,
    ...problems.map((problem) => `${problem.code}  ${problem.path}  ${problem.message}`),
    ...(stopped ? [`${stopped.code}  ${stopped.sentence} ${stopped.advice}`] : []),
  ];
  return {
    exitCode:
      stopped || receipt.cancelled
        ? exitCodes.failed
        : broken > 0
          ? exitCodes.doneWithProblems
          : exitCodes.done,
    json: { receiptId, files, stored, duplicates, notDicom, broken, bytes, elapsedMs, studies, problems },
    text: lines.join('\n'),
    ...(receipt.stoppedBy && { problem: receipt.stoppedBy }),
  };
}

export const importCommand: Command = {
  name: 'import',
  usage: 'PATH… [--json] [--data DIR]',
  options: [],
  positionals: { least: 1, most: 1000 },
  async run(args, context) {
    const host = await context.host();
    const paths = args.positionals.map((path) => resolve(path));
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
