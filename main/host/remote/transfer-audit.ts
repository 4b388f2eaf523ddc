import type { Job } from '../../../core/contract/jobs.ts';
import type { JobListener } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import type { TransferCounts } from '../store/transfers.ts';

const events = { send: 'remote.sent', retrieve: 'remote.retrieved' } as const;

const outcomeOf = ({ state, problem }: Job): string =>
  state === 'done' ? 'ok' : state === 'cancelled' ? 'CANCELLED' : (problem?.code ?? 'INTERNAL');

/** As core/terms/audit-words.ts reads it; studies come last, as they are cut where they are too many. */
export const countsText = (counts: TransferCounts): string =>
  [
    `done ${counts.done} failed ${counts.failed} left ${counts.left} before ${counts.before}`,
    `committed ${counts.committed} not ${counts.notCommitted}`,
  ].join(' ');

/** How a transfer ended, beside the row of how it began: of whatever end, that of a host that was killed too. */
export const transferAudit =
  ({ store, audit }: Pick<Services, 'store' | 'audit'>): JobListener =>
  async (job, { audited, resumes = null }) => {
    if ((job.kind !== 'send' && job.kind !== 'retrieve') || audited === undefined) return;
    const { jobId } = job;
    const listed = await store.read.call('transferCounts', { jobId, resumes });
    const isUnlisted = Object.values(listed).every((n) => n === 0);
    // A station that does not list its images is counted by its own words.
    const left = Math.max(0, (job.total ?? 0) - job.done);
    const counts = isUnlisted ? { ...listed, done: job.done, left } : listed;
    const [, node = audited, keys = ''] =
      /^(.*?)((?: (?:[a-z]\d*\.)?\d+(?:\.\d+)+(?:~\d+)?)*)$/s.exec(audited) ?? [];
    const detail = `${node} ${countsText(counts)}${keys}`.slice(0, 600);
    await audit({ event: events[job.kind], outcome: outcomeOf(job), detail });
  };
