import { useEffect, useState } from 'react';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { goTo } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { startVerify } from '../../app/jobs.ts';
import { useT } from '../../app/language.ts';
import { refreshInfo } from '../../app/session.ts';
import { Button } from '../../ui/controls.tsx';
import { receiptSource } from '../receipt/receipt-source.ts';
import { copyText } from '../studies/study-actions.ts';
import { BackupCard } from './backup-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { SettingRow } from './setting-row.tsx';
import { HealthCard, TrashCard, UsageCard } from './storage-cards.tsx';
import { useStorage } from './use-storage.ts';

/** Where the data is, what is free, whether every file is what it was, and all receipts. */
export function StorageGroup() {
  const t = useT();
  const info = useApp((state) => state.info);
  const { status, read } = useStorage();
  useEffect(() => void refreshInfo(), []);
  return (
    <>
      <div className="card">
        <SettingRow name={t('settings.dataFolder')} hint={t('settings.dataFolderHint')}>
          <div className="row set-gap">
            <span className="selectable cut" data-tip={info?.dataFolder}>
              {info?.dataFolder}
            </span>
            <Button size="small" onClick={() => void copyText(info?.dataFolder ?? '')}>
              {t('settings.copy')}
            </Button>
          </div>
        </SettingRow>
      </div>
      {status && (
        <>
          <UsageCard status={status} />
          <HealthCard status={status} onVerify={() => void startVerify()} />
          <TrashCard status={status} onChange={() => void read()} />
          <RulesCard onChange={() => void read()} />
          <BackupCard status={status} />
        </>
      )}
      <Receipts />
    </>
  );
}

function Receipts() {
  const t = useT();
  const [receipts, setReceipts] = useState<readonly Receipt[] | null>(null);
  // Jobs begun on this page end while it is looked at.
  const newest = useApp(({ jobs }) => jobs.flatMap(({ receiptId }) => receiptId ?? []).join());
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there is another receipt.
  useEffect(() => {
    void client()
      .call('jobs.receipts', {})
      .then((result) => setReceipts(result.ok ? result.value : []));
  }, [newest]);
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('settings.receipts')}</h2>
        <span className="cap">{t('settings.receiptsHint')}</span>
      </div>
      {receipts?.length === 0 && <p className="cap set-pad">{t('receipt.none')}</p>}
      {receipts?.map((receipt) => (
        <button
          key={receipt.receiptId}
          type="button"
          className="line"
          onClick={() => goTo({ kind: 'receipt', receiptId: receipt.receiptId })}
        >
          <span className="nowrap">{formatMoment(momentOf(new Date(receipt.finishedAtMs)))}</span>
          <span className="grow cut">
            {receipt.kind && <span className="off">{t(`receipt.title.${receipt.kind}`)} </span>}
            {receiptSource(t, receipt)}
          </span>
          <span className="num">
            {formatNumber(receipt.stored)}{' '}
            {t(receipt.kind ? `receipt.stored.${receipt.kind}` : 'receipt.stored')}
          </span>
          <span className={`num ${receipt.broken > 0 ? 'danger' : 'off'}`}>
            {formatNumber(receipt.broken)}{' '}
            {t(receipt.kind ? `receipt.broken.${receipt.kind}` : 'receipt.broken')}
          </span>
        </button>
      ))}
    </div>
  );
}
