import { ChevronLeft, CircleCheck, FileText, List, Printer, Shield, TriangleAlert } from 'lucide-react';
import { Fragment, useEffect, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { formatBytes, formatDuration } from '../../../core/terms/format.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { problemText, type TermKey } from '../../../core/terms/terms.ts';
import { goTo } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { startVerify } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import { isBalanced } from './balance.ts';
import { receiptCsv } from './receipt-export.ts';
import { FlagTable, ProblemTables, StudyTable } from './receipt-tables.tsx';
import { saveText } from './save-text.ts';
import './receipt.css';
import { receiptSource } from './receipt-source.ts';

/** One import, accounted for: a page that prints well on A4. */
export function ReceiptPage({ receiptId }: { readonly receiptId: string }) {
  const t = useT();
  const language = useLanguage();
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isStale = false;
    void client()
      .call('jobs.receipt', { receiptId })
      .then((result) => {
        if (isStale) return;
        if (result.ok) setReceipt(result.value);
        else setProblem(result.problem);
      });
    return () => {
      isStale = true;
    };
  }, [receiptId]);
  return (
    <div className="receipt light">
      <div className="lside">
        <Button icon={ChevronLeft} onClick={() => goTo({ kind: 'studies' })}>
          {t('app.back')}
        </Button>
      </div>
      {problem && (
        <div className="page-empty" role="alert">
          <h1>{problemText(language, problem).sentence}</h1>
          <p>{problemText(language, problem).advice}</p>
        </div>
      )}
      {receipt && (
        <>
          <ReceiptActions receipt={receipt} />
          <Sheet receipt={receipt} />
        </>
      )}
      {!receipt && !problem && (
        <div className="page-empty">
          <i className="spinner" />
        </div>
      )}
    </div>
  );
}

function ReceiptActions({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const language = useLanguage();
  return (
    <div className="rbar">
      <Button tone="primary" icon={Printer} onClick={() => print()}>
        {t('receipt.print')}
      </Button>
      <Button
        icon={List}
        onClick={() => saveText(`${receipt.receiptId}.csv`, 'text/csv', receiptCsv(receipt, language))}
      >
        {t('receipt.saveCsv')}
      </Button>
      <Button
        icon={FileText}
        onClick={() =>
          saveText(`${receipt.receiptId}.json`, 'application/json', JSON.stringify(receipt, null, 2))
        }
      >
        {t('receipt.saveJson')}
      </Button>
      <Button icon={Shield} onClick={() => void startVerify()}>
        {t('receipt.verify')}
      </Button>
    </div>
  );
}

function Sheet({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const language = useLanguage();
  const info = useApp((state) => state.info);
  const finished = formatMoment(momentOf(new Date(receipt.finishedAtMs)), true);
  const state: TermKey = receipt.stoppedBy
    ? 'receipt.stopped'
    : receipt.cancelled
      ? 'receipt.cancelled'
      : receipt.kind
        ? `receipt.state.${receipt.kind}`
        : 'receipt.safe';
  return (
    <div className="sheetwrap">
      <article className="sheet selectable">
        <header>
          <div className="grow">
            <h1>{t(receipt.kind ? `receipt.title.${receipt.kind}` : 'receipt.title')}</h1>
            <p>Candela</p>
          </div>
          <div className="num">
            <div className="b">{shortId(receipt.receiptId)}</div>
            <p>
              {t('receipt.finished', { when: finished, time: formatDuration(language, receipt.elapsedMs) })}
            </p>
          </div>
        </header>
        <dl className="meta">
          <dt>{t('receipt.source')}</dt>
          <dd>{receiptSource(t, receipt)}</dd>
          <dt>{t('receipt.started')}</dt>
          <dd>{formatMoment(momentOf(new Date(receipt.startedAtMs)), true)}</dd>
          <dt>{t('receipt.read')}</dt>
          <dd>{formatBytes(receipt.bytes)}</dd>
          <dt>{t('receipt.state')}</dt>
          <dd>{t(state)}</dd>
        </dl>
        <Balance receipt={receipt} />
        <Verdict receipt={receipt} />
        <StudyTable receipt={receipt} />
        <ProblemTables receipt={receipt} />
        <FlagTable flags={receipt.flags} />
        <div className="sign">
          <div>{t('receipt.clerk')}</div>
          <div>{t('receipt.checker')}</div>
          <div>{t('receipt.signDate')}</div>
        </div>
        <div className="ft">
          <span>Candela {info?.version ?? ''}</span>
          <span>{receipt.receiptId}</span>
        </div>
      </article>
    </div>
  );
}

/** The first group of a UUID is enough to find it again; the whole stands at the foot. */
const shortId = (receiptId: string) => (receiptId.length > 20 ? `R-${receiptId.slice(0, 8)}` : receiptId);

const sums = ['files', 'stored', 'duplicates', 'notDicom', 'broken'] as const;
type Sum = (typeof sums)[number];

/** Files that came from somewhere: all four parts are told, and words that know no store. */
const isReadIn = (kind: Receipt['kind']): kind is undefined | 'open' => kind === undefined || kind === 'open';

function sumTerm(kind: Receipt['kind'], sum: Sum): TermKey {
  if (!kind || sum === 'notDicom') return `receipt.${sum}`;
  if (sum === 'duplicates') return kind === 'open' ? 'receipt.duplicates' : 'receipt.there';
  return `receipt.${sum}.${kind}`;
}

/** in = stored + duplicates + not DICOM + broken, in one line; without what a kind has never. */
function Balance({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const { kind } = receipt;
  const shown = sums.filter(
    (sum) => isReadIn(kind) || receipt[sum] > 0 || !['duplicates', 'notDicom'].includes(sum),
  );
  return (
    <div className="bal">
      {shown.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && <i>{index === 1 ? '=' : '+'}</i>}
          <span className="bal-sum">
            <b className={name === 'broken' && receipt.broken > 0 ? 'danger' : ''}>
              {formatNumber(receipt[name])}
            </b>
            <span>{t(sumTerm(kind, name))}</span>
          </span>
        </Fragment>
      ))}
    </div>
  );
}

function Verdict({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const language = useLanguage();
  const { stoppedBy } = receipt;
  if (!isBalanced(receipt) || stoppedBy) {
    const words = stoppedBy ? problemText(language, stoppedBy) : null;
    return (
      <div className="verd bad">
        <Icon of={TriangleAlert} />
        <span>
          <b>{words ? words.sentence : t('receipt.unbalanced')}</b> {words?.advice}
        </span>
      </div>
    );
  }
  if (receipt.cancelled) {
    return (
      <div className="verd warn">
        <Icon of={TriangleAlert} />
        <span>
          <b>{t('receipt.partOnly')}</b> {t('receipt.partOnlyNext')}
        </span>
      </div>
    );
  }
  if (receipt.broken > 0) {
    return (
      <div className="verd warn">
        <Icon of={TriangleAlert} />
        <span>
          <b>{t(isReadIn(receipt.kind) ? 'receipt.balancedBroken' : 'receipt.bad', { n: receipt.broken })}</b>{' '}
          {isReadIn(receipt.kind) && t('receipt.restReadable')}
        </span>
      </div>
    );
  }
  return (
    <div className="verd good">
      <Icon of={CircleCheck} />
      <span>
        <b>{t(isReadIn(receipt.kind) ? 'receipt.balanced' : 'receipt.good')}</b>
      </span>
    </div>
  );
}
