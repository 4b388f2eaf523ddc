import type { Job } from '../../core/contract/jobs.ts';
import type { Language } from '../../core/terms/term.ts';
import { problemText, t } from '../../core/terms/terms.ts';
import { goTo, openStudyByKey } from './actions.ts';
import { type Message, useApp } from './app-store.ts';
import { client } from './client.ts';
import { countWords, hasBroken } from './job-counts.ts';
import { showMessage, showProblem, words } from './messages.ts';

export const isFinished = (job: Job): boolean => job.state !== 'waiting' && job.state !== 'running';

/** Newest first, running ones before finished ones. */
export function sortJobs(jobs: readonly Job[]): Job[] {
  return [...jobs].sort(
    (a, b) => Number(isFinished(a)) - Number(isFinished(b)) || b.startedAtMs - a.startedAtMs,
  );
}

/** Bytes a second since the job began; undefined while that says nothing. */
export function rateOf(job: Job, nowMs: number): number | undefined {
  const elapsedMs = (job.finishedAtMs ?? nowMs) - job.startedAtMs;
  return job.bytes > 0 && elapsedMs > 500 ? (job.bytes / elapsedMs) * 1000 : undefined;
}

/** Part done, 0–1; undefined while the total is unknown. */
export const partDone = (job: Job): number | undefined =>
  job.total === null ? undefined : job.total === 0 ? 1 : Math.min(1, job.done / job.total);

type PlaceListener = (place: string) => void;
const placeListeners = new Set<PlaceListener>();

/** Told when an 'open' job has made a place whose studies should be shown. */
export function onPlaceOpened(listener: PlaceListener): () => void {
  placeListeners.add(listener);
  return () => placeListeners.delete(listener);
}

/** Shows the studies of a place that is open. */
export function showPlaceOf(place: string): void {
  for (const listener of placeListeners) listener(place);
}

type StudyListener = (studyKey: string) => void;
const studyListeners = new Set<StudyListener>();

/** Told when an import has brought exactly one study. */
export function onStudyBrought(listener: StudyListener): () => void {
  studyListeners.add(listener);
  return () => studyListeners.delete(listener);
}

/** Key of the only study that a job brought; undefined when it brought none or several. */
async function broughtBy({ receiptId }: Job): Promise<string | undefined> {
  const result = receiptId === null ? null : await client().call('jobs.receipt', { receiptId });
  const [studyUid, ...others] = result?.ok ? result.value.studies : [];
  return studyUid === undefined || others.length > 0 ? undefined : `s.${studyUid}`;
}

/** The demo study is there to be read; what else it came to stands in the jobs panel. */
const readAction = (studyKey: string): Message['action'] => ({
  label: words('studies.read'),
  run: () => void openStudyByKey(studyKey),
});

/** Outcomes and Retry are there. */
const jobsAction: Message['action'] = {
  label: words('jobs.title'),
  run: () => useApp.setState({ isJobsPanelOpen: true }),
};

const isTransfer = ({ kind }: Job): boolean => kind === 'send' || kind === 'retrieve';

const receiptAction = (job: Job) => {
  const { receiptId } = job;
  if (receiptId === null) return undefined;
  return { label: words('jobs.receipt'), run: () => goTo({ kind: 'receipt', receiptId }) };
};

const awaited = new Map<string, (job: Job) => void>();

/** The jobs that ended last: a quick one may end before whoever started it knows its number. */
const ended = new Map<string, Job>();
const endedMost = 32;

/** What to do when a job is done, in place of the message that it gives otherwise; at once where it is done already. */
export function awaitJob(jobId: string, onDone: (job: Job) => void): void {
  const job = ended.get(jobId);
  if (!job) awaited.set(jobId, onDone);
  else if (job.state === 'done') onDone(job);
}

/**
 * Shows how far a job is that makes something of the pictures. The panel lies over them: done, it goes again, unless it
 * stood there before or something else runs; after a failure it stays.
 */
export function showJob(jobId: string, onDone: (job: Job) => void): void {
  const { isJobsPanelOpen: wasOpen } = useApp.getState();
  useApp.setState({ isJobsPanelOpen: true });
  awaitJob(jobId, (job) => {
    const { jobs } = useApp.getState();
    if (!wasOpen && jobs.every(isFinished)) useApp.setState({ isJobsPanelOpen: false });
    onDone(job);
  });
}

function noteEnded(job: Job): void {
  ended.set(job.jobId, job);
  for (const jobId of ended.keys()) {
    if (ended.size <= endedMost) break;
    ended.delete(jobId);
  }
}

/** Sent; whether it is kept, the station says later. */
export const isPending = ({ problem }: Job): boolean => problem?.code === 'COMMITMENT_PENDING';

async function tellFinished(job: Job): Promise<void> {
  noteEnded(job);
  const onDone = awaited.get(job.jobId);
  awaited.delete(job.jobId);
  if (onDone && job.state === 'done') return onDone(job);
  const action = receiptAction(job);
  const withAction = action ? { action } : {};
  if (isPending(job)) tellTrouble(job);
  else if (job.state === 'failed') {
    const { problem, title } = job;
    showMessage({
      tone: 'danger',
      text: (language) =>
        t(language, isTransfer(job) ? 'jobs.failedAt' : 'jobs.failed', {
          kind: t(language, `jobs.kind.${job.kind}`),
          title,
          reason: problem ? problemText(language, problem).sentence : title,
        }),
      ...(problem && { detail: (language) => problemText(language, problem).advice }),
      ...(isTransfer(job) ? { action: jobsAction } : withAction),
    });
  } else if (job.state === 'done') {
    const keys = {
      import: 'jobs.doneImport',
      open: 'jobs.doneOpen',
      demo: 'jobs.doneDemo',
      keep: 'jobs.doneKeep',
      verify: 'jobs.doneVerify',
      film: 'jobs.doneFilm',
      retrieve: 'jobs.doneRetrieve',
      send: 'jobs.doneSend',
      backup: 'jobs.doneBackup',
      restore: 'jobs.doneRestore',
      rebuild: 'jobs.doneRebuild',
    } as const;
    if (job.kind === 'open' && job.place) showPlaceOf(job.place);
    const isCounted = job.kind === 'import' || job.kind === 'open';
    const counts = (language: Language) =>
      countWords(job, (key, params) => t(language, key, params)).join(' · ');
    const brought = job.kind === 'import' || job.kind === 'demo' ? await broughtBy(job) : undefined;
    if (brought !== undefined) for (const listener of studyListeners) listener(brought);
    const read = job.kind === 'demo' && brought !== undefined ? readAction(brought) : undefined;
    showMessage({
      tone: hasBroken(job) ? 'warn' : 'ok',
      text: words(keys[job.kind], { title: job.title }),
      ...(isCounted && { detail: counts }),
      ...withAction,
      ...(read && { action: read }),
    });
  }
}

/** Whoever stands beside it need not wait until it gives up to put it right. */
function tellTrouble(job: Job): void {
  const { kind, title, problem } = job;
  if (!problem) return;
  showMessage({
    tone: 'warn',
    text: (language) =>
      t(language, isTransfer(job) ? 'jobs.troubledAt' : 'jobs.troubled', {
        kind: t(language, `jobs.kind.${kind}`),
        title,
        reason: problemText(language, problem).sentence,
      }),
    detail: (language) => problemText(language, problem).advice,
    action: jobsAction,
  });
}

/** Takes a job's new state; tells once when it ends, and when it meets with a problem but goes on. */
export function receiveJob(job: Job): void {
  const { jobs } = useApp.getState();
  const before = jobs.find((other) => other.jobId === job.jobId);
  useApp.setState({ jobs: sortJobs([job, ...jobs.filter((other) => other.jobId !== job.jobId)]) });
  // Events of the time before this window was opened are history, not news: the host tells a new window all of them, one
  // after the other, from when they ran.
  // One that ended can end otherwise: stations say late whether they keep what they were sent.
  const isNews = !before
    ? job.startedAtMs >= openedAtMs
    : isFinished(before)
      ? before.problem?.code !== job.problem?.code
      : job.finishedAtMs === null || job.finishedAtMs >= openedAtMs;
  if (!isNews) return;
  if (isFinished(job)) void tellFinished(job);
  else if (job.problem?.code !== before?.problem?.code) tellTrouble(job);
}
const openedAtMs = Date.now();

export async function loadJobs(): Promise<void> {
  const result = await client().call('jobs.list', {});
  if (result.ok) useApp.setState({ jobs: sortJobs(result.value) });
}

export async function cancelJob(jobId: string): Promise<void> {
  const result = await client().call('jobs.cancel', { jobId });
  if (!result.ok) showProblem(result.problem);
}

export async function retryJob(jobId: string): Promise<void> {
  const result = await client().call('jobs.retry', { jobId });
  if (!result.ok) showProblem(result.problem);
}

/** Starts the demo study and shows the jobs panel, as it takes some seconds. */
export async function startDemo(): Promise<void> {
  const result = await client().call('demo.start', {});
  if (result.ok) useApp.setState({ isJobsPanelOpen: true });
  else showProblem(result.problem);
}

export async function startVerify(): Promise<void> {
  const result = await client().call('verify.start', {});
  if (result.ok) showMessage({ tone: 'info', text: words('receipt.verifyStarted') });
  else showProblem(result.problem);
}
