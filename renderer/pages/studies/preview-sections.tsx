import { Check, CircleAlert, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { formatDicomDate, formatInterval, formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { goTo, openStudyByKey } from '../../app/actions.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { isLater, relationText } from '../../panels/series/priors.ts';
import { Icon } from '../../ui/controls.tsx';
import { isBalanced } from '../receipt/balance.ts';
import { receiptSource } from '../receipt/receipt-source.ts';

const priorsAtMost = 8;

/** Other studies of the same patient, under their violet stripe; those made later say so. */
export function Priors({ row, priors }: { readonly row: StudyRow; readonly priors: readonly StudyRow[] }) {
  const t = useT();
  const language = useLanguage();
  if (priors.length === 0) return null;
  return (
    <div className="sec">
      <div className="row sec-head">
        <h2>
          {t(priors.some((prior) => isLater(prior, row)) ? 'studies.patientsOthers' : 'studies.priors')}
        </h2>
        <span className="grow" />
        <span className="cap">{priors.length}</span>
      </div>
      <ul>
        {priors.slice(0, priorsAtMost).map((prior) => (
          <li key={prior.studyKey}>
            <button type="button" className="ser prior" onClick={() => void openStudyByKey(prior.studyKey)}>
              <i />
              <span>{formatDicomDate(prior.studyDate)}</span>
              <span className="cut">
                {[prior.modalities.join(' '), prior.description].filter(Boolean).join(' ')}
              </span>
              <span className="dim">
                {isLater(prior, row)
                  ? relationText(language, prior, row)
                  : formatInterval(language, prior.studyDate, row.studyDate)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is unusual about the study, in sentences. */
export function FlagList({ flags }: { readonly flags: readonly Problem[] }) {
  const t = useT();
  const language = useLanguage();
  if (flags.length === 0) return null;
  const byCode = [...new Map(flags.map((flag) => [flag.code, flag])).values()];
  return (
    <div className="sec">
      <div className="row sec-head">
        <h2>{t('studies.flags')}</h2>
      </div>
      <ul>
        {byCode.map((flag) => {
          const words = problemText(language, flag);
          return (
            <li key={flag.code} className="flag" data-tip={words.advice || undefined}>
              <Icon of={TriangleAlert} size={16} className="warn" />
              <span>{words.sentence}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The receipt of the study's import in one line: `414 = 412 + 2`. */
export function ReceiptLine({ receiptId }: { readonly receiptId: string | null }) {
  const t = useT();
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  useEffect(() => {
    let isStale = false;
    if (receiptId !== null) {
      void client()
        .call('jobs.receipt', { receiptId })
        .then((result) => {
          if (!isStale && result.ok) setReceipt(result.value);
        });
    }
    return () => {
      isStale = true;
    };
  }, [receiptId]);
  if (!receipt) return null;
  const parts = [
    formatNumber(receipt.stored),
    receipt.duplicates > 0 && `${formatNumber(receipt.duplicates)} ${t('receipt.duplicates')}`,
    receipt.notDicom > 0 && `${formatNumber(receipt.notDicom)} ${t('receipt.notDicom')}`,
    receipt.broken > 0 && `${formatNumber(receipt.broken)} ${t('receipt.broken')}`,
  ];
  const sum = `${formatNumber(receipt.files)} = ${parts.filter(Boolean).join(' + ')}`;
  const isWhole = !receipt.cancelled && receipt.stoppedBy === null;
  const isGood = isBalanced(receipt) && receipt.broken === 0 && isWhole;
  return (
    <div className="sec receipt-line">
      <div className="row">
        <Icon of={isGood ? Check : CircleAlert} className={isGood ? 'ok' : 'warn'} />
        <span className="b">{t('receipt.line', { sum })}</span>
        <span className="grow" />
        <button
          type="button"
          className="acc"
          onClick={() => goTo({ kind: 'receipt', receiptId: receipt.receiptId })}
        >
          {t('receipt.view')}
        </button>
      </div>
      <div className="cap cut">
        {formatMoment(momentOf(new Date(receipt.finishedAtMs)))} · {receiptSource(t, receipt)}
      </div>
    </div>
  );
}
