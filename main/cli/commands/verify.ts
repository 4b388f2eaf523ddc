import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { type Command, exitCodes, need } from '../command.ts';
import { groupedLines } from '../grouped-lines.ts';
import { receiptOf, waitForJob } from '../wait-for-job.ts';

/** Checks the database and every stored file against its hash. */
export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 0 },
  async run(_args, context) {
    const host = await context.host();
    const { jobId } = need(await host.call('verify.start', {}));
    const receipt = await receiptOf(host, await waitForJob(host, jobId, context));
    const problems = receipt.problems.map((problem) => ({
      path: problem.path ?? '',
      code: problem.code,
      message: problemText(context.language, problem).sentence,
    }));
    const sound = problems.length === 0 && receipt.stoppedBy === null && !receipt.cancelled;
    return {
      exitCode: sound ? exitCodes.done : exitCodes.failed,
      json: { files: receipt.files, bytes: receipt.bytes, elapsedMs: receipt.elapsedMs, problems },
      text: [
        say(context.language, cliTerms['cli.verified'], {
          files: receipt.files,
          problems: problems.length,
        }),
        ...groupedLines(context.language, problems),
      ].join('\n'),
    };
  },
};
