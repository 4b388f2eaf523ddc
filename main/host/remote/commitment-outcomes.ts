import { problem } from '../../../core/base/problem.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import type { CommitmentReport } from '../../../core/dimse/commitment.ts';
import { statusText } from '../../../core/dimse/status.ts';

/** What a report makes of the outcomes that it is about; those that it does not name stay as they are. */
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
