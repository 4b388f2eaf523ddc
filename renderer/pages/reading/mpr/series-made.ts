import { problem } from '../../../../core/base/problem.ts';
import type { CallInput } from '../../../../core/contract/index.ts';
import type { Job } from '../../../../core/contract/jobs.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { openStudyByKey } from '../../../app/actions.ts';
import { client } from '../../../app/client.ts';
import { showJob } from '../../../app/jobs.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/** Starts the saving of planes as a series; the jobs panel shows how far it is. False when the host refuses. */
export async function saveBatch(
  session: ReadingSession,
  input: CallInput<'series.reformat'>,
): Promise<boolean> {
  const before = new Set(session.state.series.map((row) => row.seriesKey));
  const started = await client().call('series.reformat', input);
  if (!started.ok) {
    showProblem(started.problem);
    return false;
  }
  showJob(started.value.jobId, (job) => void tellSeries(session, job, before));
  return true;
}

/** Takes the new series into the thumbnails and offers to show it; that of a study opened in place is in the store. */
export async function tellSeries(
  session: ReadingSession,
  job: Job,
  before: ReadonlySet<string>,
): Promise<void> {
  const { receiptId } = job;
  const receipt = receiptId === null ? null : await client().call('jobs.receipt', { receiptId });
  const studyUid = receipt?.ok ? receipt.value.studies[0] : undefined;
  if (studyUid === undefined) return void showProblem(problem('NOT_FOUND'));
  const studyKey = `s.${studyUid}`;
  const { studyKey: shown } = session.state;
  if (studyKey === shown) await session.refresh();
  const made = session.state.series.find(({ seriesKey }) => !before.has(seriesKey));
  const show = (): void => {
    if (studyKey !== shown || !made) void openStudyByKey(studyKey);
    else void session.show(session.state.mode === 'stack' ? session.state.active : 0, made.seriesKey);
  };
  showMessage({
    tone: 'ok',
    ofStudy: shown,
    text: words(readingTerms['reading.batchDone'], { name: job.title }),
    action: { label: words(readingTerms['reading.showSeries']), run: show },
  });
}
