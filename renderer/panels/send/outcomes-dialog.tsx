import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Job } from '../../../core/contract/jobs.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import { useApp } from '../../app/app-store.ts';
import { isFinished, retryJob } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { copyText } from '../../pages/studies/study-actions.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { failureReasons, outcomeNote, outcomeTable, statusWords } from './outcome-words.ts';
import { showOutcomes } from './send-store.ts';
import {
  allOutcomes,
  type OutcomeFilter,
  type Outcomes,
  useManyFailures,
  useOutcomes,
} from './use-outcomes.ts';

const pageSize = 200;
const tones: Readonly<Record<TransferOutcome['state'], string>> = {
  waiting: 'off',
  done: 'ok',
  committed: 'ok',
  warning: 'warn',
  failed: 'danger',
  notCommitted: 'danger',
};

/** What became of each object of a send or retrieve job: failures first, or alone, and those again by one click. */
export function OutcomesDialog({ jobId }: { readonly jobId: string }) {
  const t = useT();
  const language = useLanguage();
  const job = useApp((state) => state.jobs.find((one) => one.jobId === jobId));
  const [limit, setLimit] = useState(pageSize);
  const [filter, setFilter] = useState<OutcomeFilter>('all');
  const outcomes = useOutcomes(jobId, limit, filter, `${job?.state} ${job?.done}`);
  const close = () => showOutcomes(null);
  const left = outcomes ? outcomes.count - outcomes.rows.length : 0;
  const copy = async () => {
    const rows = await allOutcomes(jobId, filter);
    if (rows) await copyText(outcomeTable(language, rows));
  };
  return (
    <Dialog title={t('outcomes.title')} closeName={t('app.close')} className="outcomes-dlg" onClose={close}>
      <div className="row outcomes-head">
        {outcomes && <Verdict outcomes={outcomes} job={job} />}
        <span className="grow" />
        <Segmented<OutcomeFilter>
          name={t('outcomes.filter')}
          choices={[
            { value: 'all', label: t('outcomes.filter.all') },
            { value: 'failed', label: t('outcomes.filter.failed') },
          ]}
          value={filter}
          onChange={setFilter}
        />
      </div>
      {outcomes && job && isFinished(job) && <Reasons jobId={jobId} failed={outcomes.failed} />}
      <div className="outcomes-body">
        {!outcomes && <i className="spinner" />}
        {outcomes?.count === 0 && <p className="cap">{t('outcomes.noneFailed')}</p>}
        {outcomes && outcomes.count > 0 && <OutcomeTable rows={outcomes.rows} />}
        {left > 0 && (
          <Button tone="quiet" onClick={() => setLimit(limit + pageSize)}>
            {t('outcomes.more', { n: Math.min(left, pageSize) })}
          </Button>
        )}
      </div>
      <footer className="dlg-foot">
        <Button icon={Copy} disabled={!outcomes?.count} onClick={() => void copy()}>
          {t(filter === 'failed' ? 'outcomes.copyFailed' : 'outcomes.copy')}
        </Button>
        <span className="grow" />
        {outcomes && job && <Again job={job} failed={outcomes.failed} />}
        <Button tone="primary" data-first-focus="" onClick={close}>
          {t('app.close')}
        </Button>
      </footer>
    </Dialog>
  );
}

function Verdict({ outcomes, job }: { readonly outcomes: Outcomes; readonly job: Job | undefined }) {
  const t = useT();
  const { failed, total } = outcomes;
  if (job && !isFinished(job)) return <p>{t('outcomes.soFar', { done: job.done, total })}</p>;
  if (failed > 0) return <p className="danger">{t('outcomes.failedOf', { failed, total })}</p>;
  if (job && job.state !== 'done')
    return <p className="warn">{t('outcomes.leftOf', { done: job.done, total })}</p>;
  return <p className="ok">{t('outcomes.allDone', { total })}</p>;
}

/** Why objects failed, equal failures together: nobody counts a thousand rows. */
function Reasons({ jobId, failed }: { readonly jobId: string; readonly failed: number }) {
  const language = useLanguage();
  const reasons = failureReasons(language, useManyFailures(jobId, failed));
  if (reasons.length === 0) return null;
  return (
    <ul className="outcomes-reasons selectable">
      {reasons.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  );
}

/** Another try takes up only what is not done; once it was made, there is nothing to do here. */
function Again({ job, failed }: { readonly job: Job; readonly failed: number }) {
  const t = useT();
  if (!isFinished(job) || (failed === 0 && job.state === 'done')) return null;
  if (job.retriedBy !== undefined) return <span className="cap">{t('outcomes.retried')}</span>;
  return (
    <Button
      onClick={() => {
        showOutcomes(null);
        void retryJob(job.jobId);
      }}
    >
      {failed > 0 ? t('outcomes.retryFailed', { n: failed }) : t('outcomes.resume')}
    </Button>
  );
}

function OutcomeTable({ rows }: { readonly rows: readonly TransferOutcome[] }) {
  const t = useT();
  const language = useLanguage();
  return (
    <table className="audit outcomes">
      <thead>
        <tr>
          <th>{t('outcomes.state')}</th>
          <th>{t('outcomes.object')}</th>
          <th>{t('outcomes.status')}</th>
          <th className="num">{t('outcomes.attempts')}</th>
          <th>{t('outcomes.why')}</th>
        </tr>
      </thead>
      <tbody className="selectable">
        {rows.map((row) => (
          <tr key={row.sopInstanceUID}>
            <td className={`nowrap ${tones[row.state]}`}>{t(`outcomes.${row.state}`)}</td>
            <td className="outcomes-uid">{row.sopInstanceUID}</td>
            <td>{row.status === null ? '' : statusWords(language, row.status)}</td>
            <td className="num">{row.attempts}</td>
            <td>{outcomeNote(language, row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
