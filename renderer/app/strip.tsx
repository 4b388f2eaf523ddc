import { Cpu, Database, Radio, RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { formatBytes, formatRemaining } from '../../core/terms/format.ts';
import { problemText } from '../../core/terms/terms.ts';
import { Icon, Progress } from '../ui/controls.tsx';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { isFinished, partDone } from './jobs.ts';
import { useLanguage, useT } from './language.ts';
import { MessageStrip } from './message-strip.tsx';
import { refreshInfo } from './session.ts';
import { useUploads } from './uploads.ts';

/** How often free space is read; while something comes in it goes quickly. */
const lookAgainMs = { idle: 60_000, busy: 3_000 };

const toggleJobs = () => useApp.setState((state) => ({ isJobsPanelOpen: !state.isJobsPanelOpen }));

/** The 24 px strip: jobs, storage, renderer, offline, and messages beside pictures. Each opens what it tells about. */
export function Strip() {
  const t = useT();
  const info = useApp((state) => state.info);
  const connection = useApp((state) => state.connection);
  const isReading = useApp((state) => state.page.kind === 'reading');
  const isLost = connection === 'lost' || connection === 'refused';
  const isBusy = useApp(
    ({ jobs, receiver }) => !jobs.every(isFinished) || (receiver?.associations.length ?? 0) > 0,
  );
  useEffect(() => {
    // At once, too: what ended just now has changed the figure.
    void refreshInfo();
    const timer = setInterval(() => void refreshInfo(), isBusy ? lookAgainMs.busy : lookAgainMs.idle);
    return () => clearInterval(timer);
  }, [isBusy]);
  const isFull = useApp(({ receiver }) => receiver?.problem?.code === 'DISK_FULL');
  useEffect(() => {
    // The figure of a minute ago would contradict what stands beside it.
    if (isFull) void refreshInfo();
  }, [isFull]);
  return (
    <footer className="strip">
      <JobsSummary />
      {info && (
        <button
          type="button"
          data-tip={info.dataFolder}
          onClick={() => goTo({ kind: 'settings', group: 'storage' })}
        >
          <Icon of={Database} size={14} />
          {t('strip.free', { size: formatBytes(info.freeBytes) })}
        </button>
      )}
      <ReceiverSummary />
      <RendererSummary />
      <span data-tip={t('strip.offlineWhy')}>
        <i className={`lamp${isLost ? ' bad' : ''}`} />
        {t(isLost ? 'strip.hostLost' : 'strip.offline')}
      </span>
      {isReading && <MessageStrip isInStrip />}
    </footer>
  );
}

function JobsSummary() {
  const t = useT();
  const language = useLanguage();
  const jobs = useApp((state) => state.jobs);
  const isOpen = useApp((state) => state.isJobsPanelOpen);
  const uploads = useUploads((state) => state.uploads);
  const running = jobs.filter((job) => !isFinished(job));
  const job = running[0];
  const others = running.length + uploads.length - 1;
  const upload = uploads[0];
  // What it has to try again for; the panel that this opens says what to do.
  const why = job?.problem ? problemText(language, job.problem).sentence : undefined;
  return (
    <button
      type="button"
      className={why === undefined ? undefined : 'warn'}
      data-tip={why}
      aria-expanded={isOpen}
      aria-label={t('strip.jobs')}
      onClick={toggleJobs}
    >
      <Icon of={RotateCw} size={14} />
      {!job && !upload && t('strip.noJobs')}
      {!job && upload && (
        <>
          {t('jobs.kind.upload')}
          <b className="b">{t('jobs.progress', { done: upload.done, total: upload.total })}</b>
        </>
      )}
      {job && (
        <>
          {t(`jobs.kind.${job.kind}`)}
          <b className="b">
            {job.total === null
              ? t('jobs.counted', { done: job.done })
              : t('jobs.progress', { done: job.done, total: job.total })}
          </b>
          <Progress part={partDone(job)} name={job.title} width={90} />
          {job.remainingMs !== null &&
            t('jobs.remaining', { time: formatRemaining(language, job.remainingMs) })}
        </>
      )}
      {others > 0 && <span className="off">{t('strip.moreJobs', { n: others })}</span>}
    </button>
  );
}

/** Off, listening, receiving or failed, in the colour of it; opens its settings. */
function ReceiverSummary() {
  const t = useT();
  const language = useLanguage();
  const status = useApp((state) => state.receiver);
  if (!status) return null;
  const n = status.associations.length;
  const isFailed = status.state === 'failed';
  const isFull = status.state === 'listening' && status.problem?.code === 'DISK_FULL';
  const listening = isFull ? 'full' : n > 0 ? 'receiving' : 'listening';
  const key = status.state === 'listening' ? listening : isFailed ? 'failed' : 'off';
  const why = status.problem ? problemText(language, status.problem).sentence : undefined;
  return (
    <button
      type="button"
      className={isFailed || isFull ? 'danger' : undefined}
      data-tip={why}
      onClick={() => goTo({ kind: 'settings', group: 'receiver' })}
    >
      <Icon of={Radio} size={14} />
      {t(`strip.receiver.${key}`, { n, aeTitle: status.aeTitle, port: String(status.port) })}
    </button>
  );
}

function RendererSummary() {
  const t = useT();
  const forced = useApp((state) => state.settings.renderer);
  const trial = useApp((state) => state.settings.gpuTrial);
  const road = forced === 'auto' ? trial?.road : forced;
  const words = road === 'gpu' ? 'strip.gpu' : road === 'cpu' ? 'strip.cpu' : 'strip.untried';
  return (
    <button
      type="button"
      data-tip={trial?.device || undefined}
      onClick={() => goTo({ kind: 'settings', group: 'rendering' })}
    >
      <Icon of={Cpu} size={14} />
      {t(words)}
    </button>
  );
}
