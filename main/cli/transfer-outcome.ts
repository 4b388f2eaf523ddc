import type { Problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { TransferOutcome } from '../../core/contract/remote.ts';
import { cliTerms } from '../../core/terms/cli.ts';
import { say } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { type CommandContext, exitCodes, need, type Outcome } from './command.ts';
import { groupedLines } from './grouped-lines.ts';
import { waitForJob } from './wait-for-job.ts';

const pageSize = 1000;

async function allOutcomes(host: Host, jobId: string): Promise<TransferOutcome[]> {
  const rows: TransferOutcome[] = [];
  for (;;) {
    const page = need(await host.call('remote.outcomes', { jobId, offset: rows.length, limit: pageSize }));
    rows.push(...page.rows);
    if (rows.length >= page.total || page.rows.length === 0) return rows;
  }
}

/** Follows a send, retrieval or commitment to its end, and tells what became of each object, failures first. */
export async function transferOutcome(host: Host, jobId: string, context: CommandContext): Promise<Outcome> {
  const { language } = context;
  const met: Problem[] = [];
  const job = await waitForJob(host, jobId, context, (reason) => met.push(reason));
  const outcomes = await allOutcomes(host, jobId);
  const failed = outcomes.filter(({ state }) => ['failed', 'notCommitted', 'waiting'].includes(state));
  const lines = groupedLines(
    language,
    [...failed, ...outcomes.filter(({ state, problem }) => state === 'warning' && problem)].map(
      ({ sopInstanceUID: path, problem }) => ({
        code: problem?.code ?? '',
        path,
        message: problem ? problemText(language, problem).sentence : '',
      }),
    ),
  );
  // What was tried and failed is not done, whatever the job's progress says.
  const done = outcomes.length - failed.length;
  const total = Math.max(job.total ?? 0, outcomes.length);
  const summary = { done, total, failed: failed.length };
  const isPartial = job.state === 'failed' && failed.length < outcomes.length && outcomes.length > 0;
  return {
    exitCode:
      job.state === 'done' ? exitCodes.done : isPartial ? exitCodes.doneWithProblems : exitCodes.failed,
    json: {
      state: job.state,
      done,
      total,
      failed: failed.length,
      code: job.problem?.code ?? null,
      met: met.map((reason) => {
        const { code, sentence: message, advice } = problemText(language, reason);
        return { code, message, advice };
      }),
      objects: outcomes.map((one) => ({
        SOPInstanceUID: one.sopInstanceUID,
        SOPClassUID: one.sopClassUID,
        state: one.state,
        status: one.status,
        transcodedTo: one.transcodedTo,
        attempts: one.attempts,
        code: one.problem?.code ?? null,
      })),
    },
    text: [say(language, cliTerms['cli.objectsDone'], summary), ...lines].join('\n'),
    ...(job.problem && { problem: job.problem }),
  };
}
