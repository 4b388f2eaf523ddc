import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { isFinished, retryJob } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showOutcomes } from './send-store.ts';

type Outcomes = CallOutput<'remote.outcomes'>;
const pageSize = 200;
const tones: Readonly<Record<Outcomes['rows'][number]['state'], string>> = {
  waiting: 'off',
  done: 'ok',
  committed: 'ok',
  warning: 'warn',
  failed: 'danger',
  notCommitted: 'danger',
};

/** What became of each object of a send or retrieve job: failures first, and the failed ones again by one click. */
export function OutcomesDialog({ jobId }: { readonly jobId: string }) {
  const t = useT();
  const job = useApp((state) => state.jobs.find((one) => one.jobId === jobId));
  const [limit, setLimit] = useState(pageSize);
  const outcomes = useOutcomes(jobId, limit, `${job?.state} ${job?.done}`);
  const close = () => showOutcomes(null);
  const canRetry = job && isFinished(job) && outcomes !== null && outcomes.failed > 0;
  const left = outcomes ? Math.min(outcomes.total, 1000) - outcomes.rows.length : 0;
  return (
    <Dialog title={t('outcomes.title')} closeName={t('app.close')} className="outcomes-dlg" onClose={close}>
      <div className="outcomes-body">
        {!outcomes && <i className="spinner" />}
        {outcomes && (
          <p className={outcomes.failed > 0 ? 'danger' : 'ok'}>
            {outcomes.failed > 0
              ? t('outcomes.failedOf', { failed: outcomes.failed, total: outcomes.total })
              : t('outcomes.allDone', { total: outcomes.total })}
          </p>
        )}
        {outcomes && <OutcomeTable rows={outcomes.rows} />}
        {left > 0 && (
          <Button tone="quiet" onClick={() => setLimit(limit + pageSize)}>
            {t('outcomes.more', { n: Math.min(left, pageSize) })}
          </Button>
        )}
      </div>
      <footer className="dlg-foot">
        <span className="grow" />
        {canRetry && (
          <Button
            onClick={() => {
              close();
              void retryJob(jobId);
            }}
          >
            {t('jobs.retry')}
          </Button>
        )}
        <Button tone="primary" onClick={close}>
          {t('app.close')}
        </Button>
      </footer>
    </Dialog>
  );
}

/** Read again when the job moves on. */
function useOutcomes(jobId: string, limit: number, stamp: string): Outcomes | null {
  const [outcomes, setOutcomes] = useState<Outcomes | null>(null);
  const question = `${jobId}\n${limit}\n${stamp}`;
  useEffect(() => {
    let isStale = false;
    const [id = '', most = ''] = question.split('\n');
    void client()
      .call('remote.outcomes', { jobId: id, offset: 0, limit: Math.min(Number(most), 1000) })
      .then((result) => {
        if (isStale) return;
        if (result.ok) setOutcomes(result.value);
        else showProblem(result.problem);
      });
    return () => {
      isStale = true;
    };
  }, [question]);
  return outcomes;
}

function OutcomeTable({ rows }: { readonly rows: Outcomes['rows'] }) {
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
        {rows.map((row) => {
          const words = row.problem && problemText(language, row.problem);
          return (
            <tr key={row.sopInstanceUID}>
              <td className={`nowrap ${tones[row.state]}`}>{t(`outcomes.${row.state}`)}</td>
              <td className="outcomes-uid">{row.sopInstanceUID}</td>
              <td className="nowrap">{row.status === null ? '' : statusWords(row.status)}</td>
              <td className="num">{row.attempts}</td>
              <td>
                {words && `${words.sentence} ${words.advice}`}
                {row.transcodedTo && t('outcomes.transcoded', { name: row.transcodedTo })}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** DIMSE statuses as the standard prints them; HTTP ones stay decimal. */
const statusWords = (status: number): string =>
  status >= 100 && status < 600 && status !== 0x0110 && status !== 0x0112
    ? String(status)
    : `${status.toString(16).toUpperCase().padStart(4, '0')}H`;
