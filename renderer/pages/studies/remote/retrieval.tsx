import { X } from 'lucide-react';
import type { Job } from '../../../../core/contract/jobs.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useApp } from '../../../app/app-store.ts';
import { cancelJob, isFinished, partDone, retryJob } from '../../../app/jobs.ts';
import { useLanguage, useT } from '../../../app/language.ts';
import { showOutcomes } from '../../../panels/send/send-store.ts';
import { Button, Progress } from '../../../ui/controls.tsx';
import { retrievalKey, retrievalOf, useRemote } from './remote-store.ts';

/** The retrieval of a study from the station that is shown, where this window began one. */
export function useRetrieval(studyInstanceUID: string): Job | undefined {
  const nodeId = useRemote((state) => state.view?.nodeId ?? '');
  const retrievals = useRemote((state) => state.retrievals);
  return useApp((state) => retrievalOf(retrievals, state.jobs, retrievalKey(nodeId, studyInstanceUID)));
}

/** How far it is and a way to stop it; or why it stopped, and a way to fetch the rest. */
export function Retrieval({ job }: { readonly job: Job }) {
  const t = useT();
  if (!isFinished(job)) {
    const isWaiting = job.state === 'waiting';
    return (
      <div className="retrieval">
        <div className="row">
          <span className="grow">
            {t(
              isWaiting
                ? 'jobs.state.waiting'
                : job.phase === 'copying'
                  ? 'jobs.phase.retrieve'
                  : `jobs.phase.${job.phase}`,
            )}
          </span>
          <span className="num off">
            {job.total !== null && t('jobs.progress', { done: job.done, total: job.total })}
          </span>
        </div>
        <Progress part={isWaiting ? 0 : partDone(job)} name={t('jobs.phase.retrieve')} />
        <TriesAgain job={job} />
        <Button size="small" icon={X} onClick={() => void cancelJob(job.jobId)}>
          {t('remote.cancel')}
        </Button>
      </div>
    );
  }
  return job.state === 'done' ? null : <Stopped job={job} />;
}

/** Why a retrieval that still runs has to try again. */
function TriesAgain({ job }: { readonly job: Job }) {
  const language = useLanguage();
  if (!job.problem) return null;
  return (
    <p className="cap warn" role="status">
      {problemText(language, job.problem).told}
    </p>
  );
}

function Stopped({ job }: { readonly job: Job }) {
  const t = useT();
  const language = useLanguage();
  const isCancelled = job.state === 'cancelled';
  const why = !isCancelled && job.problem ? problemText(language, job.problem) : null;
  return (
    <div className="retrieval" role="status">
      <p className={isCancelled ? 'warn' : 'danger'}>
        {why ? why.sentence : t(`jobs.state.${job.state}`)}
        {job.total !== null && ` · ${t('jobs.progress', { done: job.done, total: job.total })}`}
      </p>
      {why && <p className="cap">{why.advice}</p>}
      <div className="row remote-acts">
        <Button size="small" tone="primary" onClick={() => void retryJob(job.jobId)}>
          {t(isCancelled || job.done > 0 ? 'remote.resume' : 'jobs.retry')}
        </Button>
        <Button size="small" onClick={() => showOutcomes(job.jobId)}>
          {t('outcomes.show')}
        </Button>
      </div>
    </div>
  );
}
