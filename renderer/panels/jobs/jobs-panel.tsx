import { ChevronDown, CircleAlert, CircleCheck, CircleX, RotateCw, TriangleAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import type { Job } from '../../../core/contract/jobs.ts';
import { formatBytes, formatDuration, formatRemaining } from '../../../core/terms/format.ts';
import { problemText, type TermKey } from '../../../core/terms/terms.ts';
import { goTo } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { countWords, hasBroken } from '../../app/job-counts.ts';
import { cancelJob, isFinished, isPending, partDone, rateOf, retryJob, showPlaceOf } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { type Upload, useUploads } from '../../app/uploads.ts';
import { Button, Icon, IconButton, Progress } from '../../ui/controls.tsx';
import { showOutcomes } from '../send/send-store.ts';
import './jobs-panel.css';

const close = () => useApp.setState({ isJobsPanelOpen: false });

/** Slides up from the strip: what runs, what waits, what is done, each with its receipt. */
export function JobsPanel() {
  const t = useT();
  const jobs = useApp((state) => state.jobs);
  const uploads = useUploads((state) => state.uploads);
  const running = jobs.filter((job) => !isFinished(job));
  const finished = jobs.filter(isFinished);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key === 'Escape' &&
        !event.defaultPrevented &&
        !document.querySelector('dialog[open],[role=menu]')
      )
        close();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <section className="jobs" aria-label={t('jobs.title')}>
      <header>
        <h2>{t('jobs.title')}</h2>
        <IconButton icon={ChevronDown} name={t('app.close')} onClick={close} />
      </header>
      <div className="jobs-list">
        {jobs.length === 0 && uploads.length === 0 && <p className="cap jobs-none">{t('jobs.none')}</p>}
        {(running.length > 0 || uploads.length > 0) && <h3 className="cap">{t('jobs.running')}</h3>}
        {uploads.map((upload) => (
          <UploadRow key={upload.uploadId} upload={upload} />
        ))}
        {running.map((job) => (
          <JobRow key={job.jobId} job={job} />
        ))}
        {finished.length > 0 && <h3 className="cap">{t('jobs.finished')}</h3>}
        {finished.map((job) => (
          <JobRow key={job.jobId} job={job} />
        ))}
      </div>
    </section>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const t = useT();
  return (
    <div className="job">
      <Icon of={RotateCw} className="acc" />
      <div className="grow">
        <div className="row job-title">
          <b className="cut">{upload.title}</b>
          <span className="dim">{t('jobs.kind.upload')}</span>
        </div>
        <Progress part={upload.total > 0 ? upload.done / upload.total : undefined} name={upload.title} />
        <div className="cap">
          {t('jobs.progress', { done: upload.done, total: upload.total })} · {formatBytes(upload.bytes)}
        </div>
      </div>
    </div>
  );
}

function stateIcon(job: Job) {
  if (!isFinished(job)) return { of: RotateCw, className: job.problem ? 'warn' : 'acc' };
  if (job.retriedBy !== undefined) return { of: CircleX, className: 'off' };
  if (job.state === 'done') {
    return hasBroken(job) ? { of: TriangleAlert, className: 'warn' } : { of: CircleCheck, className: 'ok' };
  }
  if (isPending(job)) return { of: TriangleAlert, className: 'warn' };
  if (job.state === 'failed') return { of: CircleAlert, className: 'danger' };
  return { of: CircleX, className: 'off' };
}

/** Jobs on a folder or study are called by it; the others by what they do. */
const hasOwnTitle = ({ kind }: Job) => kind !== 'demo' && kind !== 'verify' && kind !== 'rebuild';

/** They are begun anew in Settings: a passphrase is never kept. */
const needsPassphrase: ReadonlySet<Job['kind']> = new Set(['backup', 'restore']);

/** What goes to or comes from another station is not copied, in a person's words. */
function stateWord(job: Job): TermKey {
  if (isPending(job)) return 'jobs.phase.waiting';
  if (isFinished(job) || job.state === 'waiting') return `jobs.state.${job.state}`;
  if (job.phase === 'copying' && (job.kind === 'send' || job.kind === 'retrieve'))
    return `jobs.phase.${job.kind}`;
  return `jobs.phase.${job.phase}`;
}

function JobRow({ job }: { readonly job: Job }) {
  const t = useT();
  const { receiptId, place } = job;
  const isOver = isFinished(job);
  const isToRetry = isOver && job.state !== 'done';
  const isRetried = job.retriedBy !== undefined;
  const canRetry = isToRetry && !isRetried && !needsPassphrase.has(job.kind);
  return (
    <div className="job">
      <Icon {...stateIcon(job)} />
      <div className="grow">
        <div className="row job-title">
          <b className="cut">{hasOwnTitle(job) ? job.title : t(`jobs.kind.${job.kind}`)}</b>
          {hasOwnTitle(job) && <span className="dim nowrap">{t(`jobs.kind.${job.kind}`)}</span>}
          <span className="grow" />
          <span className="cap nowrap">
            {t(stateWord(job))}
            {isRetried && ` · ${t('jobs.retried')}`}
          </span>
        </div>
        {!isOver && <Progress part={partDone(job)} name={job.title} />}
        <JobFigures job={job} />
      </div>
      {canRetry && (
        <Button size="small" onClick={() => void retryJob(job.jobId)}>
          {t('jobs.retry')}
        </Button>
      )}
      {job.state === 'done' && job.kind === 'open' && place && (
        <Button size="small" onClick={() => showPlaceOf(place)}>
          {t('jobs.show')}
        </Button>
      )}
      {(job.kind === 'send' || job.kind === 'retrieve') && (
        <Button size="small" onClick={() => showOutcomes(job.jobId)}>
          {t('outcomes.show')}
        </Button>
      )}
      {receiptId && (
        <Button size="small" onClick={() => goTo({ kind: 'receipt', receiptId })}>
          {t('jobs.receipt')}
        </Button>
      )}
      {!isOver && <IconButton icon={X} name={t('jobs.cancel')} onClick={() => void cancelJob(job.jobId)} />}
    </div>
  );
}

/** Done of total, bytes, rate and what is left; or why it ended. */
function JobFigures({ job }: { readonly job: Job }) {
  const t = useT();
  const language = useLanguage();
  if (job.problem && isFinished(job)) return <JobProblem job={job} />;
  const isIdle = job.phase === 'waiting' || job.phase === 'retrying' || job.phase === 'connecting';
  const rate = isIdle && !isFinished(job) ? undefined : rateOf(job, Date.now());
  // The files of a demo or a check are not news by kind; what is broken always is.
  const isSorted = job.kind === 'import' || job.kind === 'open' || hasBroken(job);
  const sorted = isSorted ? countWords(job, t) : [];
  const parts = [
    ...sorted,
    sorted.length > 0
      ? false
      : job.total === null
        ? t('jobs.counted', { done: job.done })
        : t('jobs.progress', { done: job.done, total: job.total }),
    job.bytes > 0 && formatBytes(job.bytes),
    rate !== undefined && t('jobs.rate', { rate: formatBytes(rate) }),
    job.remainingMs !== null &&
      !isFinished(job) &&
      t('jobs.remaining', { time: formatRemaining(language, job.remainingMs) }),
    job.finishedAtMs !== null && formatDuration(language, job.finishedAtMs - job.startedAtMs),
  ];
  return (
    <>
      <div className="cap">
        <span className={hasBroken(job) ? 'warn' : undefined}>{parts.filter(Boolean).join(' · ')}</span>
      </div>
      <JobProblem job={job} />
    </>
  );
}

/** Why it ended, or why it tries again. */
function JobProblem({ job }: { readonly job: Job }) {
  const language = useLanguage();
  if (!job.problem) return null;
  const { told } = problemText(language, job.problem);
  const tone = !isFinished(job) ? 'warn' : job.retriedBy === undefined ? 'danger' : 'off';
  return <div className={`cap ${tone}`}>{told}</div>;
}
