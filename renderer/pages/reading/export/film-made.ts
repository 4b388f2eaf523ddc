import { problem } from '../../../../core/base/problem.ts';
import type { CallInput } from '../../../../core/contract/index.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { client } from '../../../app/client.ts';
import { showJob } from '../../../app/jobs.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import { tellSeries } from '../mpr/series-made.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/**
 * Starts a film or a picture; when it is drawn it is saved by the shell's own road, a DICOM film joins the study. False
 * when the host refuses.
 */
export async function saveFilm(
  session: ReadingSession,
  input: CallInput<'series.film'>,
  name: string,
): Promise<boolean> {
  const before = new Set(session.state.series.map((row) => row.seriesKey));
  const started = await client().call('series.film', input);
  if (!started.ok) {
    showProblem(started.problem);
    return false;
  }
  const { jobId } = started.value;
  const { format } = input;
  const path = `/film/${jobId}?format=${format}&name=${encodeURIComponent(name)}`;
  const tell = (): void => void showProblem(problem('IO_ERROR'));
  const save = (): void => void client().download(path).catch(tell);
  showJob(jobId, (job) => {
    if (format === 'dcm') return void tellSeries(session, job, before);
    save();
    showMessage({
      tone: 'ok',
      ofStudy: session.state.studyKey,
      text: words(readingTerms['reading.filmReady'], { name: `${name}.${format}` }),
      action: { label: words(readingTerms['reading.filmAgain']), run: save },
    });
  });
  return true;
}
