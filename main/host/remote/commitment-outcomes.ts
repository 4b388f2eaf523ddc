import { type Problem, problem } from '../../../core/base/problem.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import type { CommitmentReport } from '../../../core/dimse/commitment.ts';
import { statusText } from '../../../core/dimse/status.ts';
import type { Services } from '../services.ts';
import { outcomesOf } from './transfer-log.ts';

/** What a report makes of the outcomes that it is about; those that it does not name it leaves. */
export function applyReport(
  outcomes: readonly TransferOutcome[],
  { committed, failed }: CommitmentReport,
): TransferOutcome[] {
  const kept = new Set(committed.map(({ sopInstanceUid }) => sopInstanceUid));
  const reasons = new Map(failed.map(({ sopInstanceUid, reason }) => [sopInstanceUid, reason]));
  return outcomes.flatMap((outcome): TransferOutcome[] => {
    const reason = reasons.get(outcome.sopInstanceUID);
    if (reason !== undefined) {
      const failure = problem('COMMITMENT_FAILED', { reason: statusText(reason) });
      return [{ ...outcome, state: 'notCommitted', status: reason, problem: failure }];
    }
    return kept.has(outcome.sopInstanceUID) ? [{ ...outcome, state: 'committed', problem: null }] : [];
  });
}

/**
 * Takes a report, on whichever association it came: of what was asked, by its transaction. A job that ended meanwhile
 * ends as the report says. One of a transaction that is none of ours says nothing.
 */
export async function noteReport(services: Services, report: CommitmentReport): Promise<void> {
  const { transactionUid } = report;
  const known = await services.store.read.call('commitment', { transactionUid });
  if (!known) return;
  const { jobId } = known;
  const outcomes = applyReport([...(await outcomesOf(services, jobId)).values()], report);
  await services.store.write.call('saveTransfers', { jobId, outcomes });
  await services.store.write.call('dropCommitment', { transactionUid });
  // The peer need not wait for a job that is still under way; a host that closes ends it all the same.
  void amendJob(services, jobId).catch(() => undefined);
}

const isAboutCommitment = (reason: Problem | null): boolean =>
  reason?.code.startsWith('COMMITMENT_') === true;

const amendJob = (services: Services, jobId: string): Promise<void> =>
  services.jobs.amend(jobId, async ({ state, problem: before }) => {
    const reason = await commitmentEnd(services, jobId);
    // One that failed or was stopped for another reason did so.
    if (state !== 'done' && !isAboutCommitment(before)) return { state, problem: before };
    return { state: reason ? 'failed' : 'done', problem: reason };
  });

/** How a job ends whose station was asked; what no report names is not promised. Null: it keeps everything. */
export async function commitmentEnd(services: Services, jobId: string): Promise<Problem | null> {
  if ((await services.store.read.call('openCommitments', { jobId })) > 0) {
    const isHeard = services.receiver.status().state === 'listening';
    return problem(isHeard ? 'COMMITMENT_PENDING' : 'COMMITMENT_UNHEARD');
  }
  const outcomes = [...(await outcomesOf(services, jobId)).values()];
  const unnamed = outcomes
    .filter(({ state }) => state === 'done' || state === 'warning')
    .map((one) => ({ ...one, state: 'notCommitted' as const, problem: problem('COMMITMENT_UNNAMED') }));
  if (unnamed.length > 0) await services.store.write.call('saveTransfers', { jobId, outcomes: unnamed });
  const objects = unnamed.length + outcomes.filter(({ state }) => state === 'notCommitted').length;
  return objects > 0 ? problem('COMMITMENT_INCOMPLETE', { objects }) : null;
}
