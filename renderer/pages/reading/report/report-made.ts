import type { CallInput } from '../../../../core/contract/index.ts';
import type { Job } from '../../../../core/contract/jobs.ts';
import { reportVesselName } from '../../../../core/report/vessels.ts';
import { reportTerms } from '../../../../core/terms/report.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { awaitJob } from '../../../app/jobs.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import type { ShownLine } from '../cpr/use-line.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { type PictureSource, reportPictures } from './report-pictures.ts';
import { reportedLines, reportVessel, vesselsWithin } from './report-vessels.ts';

type Subject = CallInput<'report.toSeries'>;

/** Of the bytes of one call; pictures take the rest. */
const vesselBytes = { withPictures: 500_000, alone: 950_000 } as const;
/** As many as a report takes. */
const vesselsMost = 64;

/** What both kinds of report are made of: the lines of the series on screen, the active one first. */
function subjectOf(session: ReadingSession, { stack, line }: ShownLine, mostBytes: number): Subject {
  const { vessel, vesselWork } = session.state;
  const { seriesKey } = stack.plan;
  const lines = reportedLines(vessel.lines, line.line.id, seriesKey);
  const all = lines.map((one) => reportVessel(one, vesselWork.measured[one.line.id]));
  const vessels = vesselsWithin(all.slice(0, vesselsMost), mostBytes);
  const leftOut = all.length - vessels.length;
  const text = words(reportTerms['report.leftOut'], { n: leftOut });
  if (leftOut > 0) showMessage({ tone: 'warn', text, ofStudy: session.state.studyKey });
  return {
    seriesKey,
    groupId: stack.group.id,
    language: useApp.getState().language,
    // The wire takes plain arrays only.
    vessels: JSON.parse(JSON.stringify(vessels)) as Subject['vessels'],
  };
}

/** Makes the report of one page and saves it by the shell's own road. */
export async function saveReport(
  session: ReadingSession,
  source: PictureSource,
  format: CallInput<'report.vessel'>['format'],
): Promise<void> {
  const subject = subjectOf(session, source.shown, vesselBytes.withPictures);
  const pictures = await reportPictures(source);
  const made = await client().call('report.vessel', {
    ...{ ...subject, format, shown: 0 },
    pictures: JSON.parse(JSON.stringify(pictures)) as CallInput<'report.vessel'>['pictures'],
  });
  if (!made.ok) {
    showProblem(made.problem);
    return;
  }
  // Without the patient's name: files lie about.
  const { line } = source.shown.line;
  const number = source.shown.stack.plan.common.SeriesNumber ?? 0;
  const what = reportVesselName(subject.language, line).replace(/[^\p{L}\p{N} -]/gu, '');
  const name = encodeURIComponent(`Candela Se${number} ${what}`);
  await client().download(`/report/${made.value.reportId}?format=${format}&name=${name}`);
}

/** Stores the measurements in the study; the jobs panel shows how far it is. */
export async function saveStructuredReport(session: ReadingSession, shown: ShownLine): Promise<void> {
  const started = await client().call('report.toSeries', subjectOf(session, shown, vesselBytes.alone));
  if (!started.ok) {
    showProblem(started.problem);
    return;
  }
  awaitJob(started.value.jobId, (job) => void tellStored(session, job));
}

async function tellStored(session: ReadingSession, { receiptId }: Job): Promise<void> {
  const receipt = receiptId === null ? null : await client().call('jobs.receipt', { receiptId });
  // That of a study opened in place is in the store.
  if (receipt?.ok && receipt.value.studies.some((uid) => `s.${uid}` === session.state.studyKey))
    await session.refresh();
  const text = words(reportTerms['report.inStudy']);
  showMessage({ tone: 'ok', text, ofStudy: session.state.studyKey });
}
