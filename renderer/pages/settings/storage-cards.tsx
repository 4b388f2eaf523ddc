import { ShieldCheck, Trash2, Wrench } from 'lucide-react';
import { useState } from 'react';
import type { StorageStatus } from '../../../core/contract/storage.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showMessage, showProblem, words } from '../../app/messages.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { diskShares } from './disk-shares.ts';
import { SettingRow } from './setting-row.tsx';

/** How full the disk is: Candela by part, other files, what is free; with where Candela warns and stops. */
export function UsageCard({ status }: { readonly status: StorageStatus }) {
  const t = useT();
  const { diskBytes, freeBytes, used, warnBelowBytes, stopBelowBytes } = status;
  const shown = used.filter(({ bytes }) => bytes > 0);
  const { own, others, free } = diskShares(status);
  const share = (bytes: number) => `${diskBytes > 0 ? Math.max((bytes / diskBytes) * 100, 0.15) : 0}%`;
  const whole = t('storage.whole', {
    own: formatBytes(own),
    others: formatBytes(others),
    free: formatBytes(free),
  });
  const tone = freeBytes < stopBelowBytes ? 'danger' : freeBytes < warnBelowBytes ? 'warn' : 'ok';
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('storage.usage')}</h2>
        <Tag tone={tone}>
          {t('storage.free', { free: formatBytes(freeBytes), disk: formatBytes(diskBytes) })}
        </Tag>
      </div>
      <div className="use-bar" role="img" aria-label={whole}>
        {shown.map(({ part, bytes }) => (
          <i
            key={part}
            className={`use-${part}`}
            style={{ width: share(bytes) }}
            data-tip={`${t(`storage.part.${part}`)} ${formatBytes(bytes)}`}
          />
        ))}
        <i
          className="use-others"
          style={{ width: share(others) }}
          data-tip={`${t('storage.others')} ${formatBytes(others)}`}
        />
      </div>
      <ul className="use-list whole">
        <li data-share="own">
          <i className="use-objects" />
          <span>Candela</span>
          <span className="num">{formatBytes(own)}</span>
        </li>
        <li data-share="others">
          <i className="use-others" />
          <span>{t('storage.others')}</span>
          <span className="num">{formatBytes(others)}</span>
        </li>
        <li data-share="free">
          <i className="use-free" />
          <span>{t('storage.freeSpace')}</span>
          <span className="num">{formatBytes(free)}</span>
        </li>
      </ul>
      <p className="cap use-own">{t('storage.ofCandela')}</p>
      <ul className="use-list">
        {shown.map(({ part, bytes }) => (
          <li key={part}>
            <i className={`use-${part}`} />
            <span>{t(`storage.part.${part}`)}</span>
            <span className="num off">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      <p className="cap set-pad">
        {t('storage.counts', { studies: status.studies, objects: status.instances, pinned: status.pinned })}{' '}
        {t('storage.thresholds', { warn: formatBytes(warnBelowBytes), stop: formatBytes(stopBelowBytes) })}
      </p>
    </div>
  );
}

/** Every file against its hash, the snapshots of the index, and the index made anew. */
export function HealthCard({ status, onVerify }: { readonly status: StorageStatus; onVerify(): void }) {
  const t = useT();
  const { checked, total, corrupt, missing } = status.scrub;
  const [newest] = status.snapshots;
  const rebuild = async () => {
    const result = await client().call('rebuild.start', {});
    if (!result.ok) showProblem(result.problem);
  };
  return (
    <div className="card">
      <SettingRow name={t('settings.verify')} hint={t('settings.verifyHint')}>
        <div className="row set-gap">
          <Button size="small" icon={ShieldCheck} onClick={onVerify}>
            {t('settings.verifyStart')}
          </Button>
          {corrupt + missing > 0 ? (
            <Tag tone="danger">{t('storage.damaged', { corrupt, missing })}</Tag>
          ) : (
            <span className="cap">
              {t('storage.scrubbed', { checked: formatNumber(checked), total: formatNumber(total) })}
            </span>
          )}
        </div>
      </SettingRow>
      <SettingRow name={t('storage.rebuild')} hint={t('storage.rebuildHint')}>
        <div className="row set-gap">
          <Button size="small" icon={Wrench} onClick={() => void rebuild()}>
            {t('storage.rebuildStart')}
          </Button>
          <span className="cap">
            {newest
              ? t('storage.snapshot', {
                  n: status.snapshots.length,
                  when: formatMoment(momentOf(new Date(newest.atMs))),
                })
              : t('storage.noSnapshot')}
          </span>
        </div>
      </SettingRow>
    </div>
  );
}

/** What was deleted within thirty days, and the end of it. */
export function TrashCard({ status, onChange }: { readonly status: StorageStatus; onChange(): void }) {
  const t = useT();
  const [isAsking, setAsking] = useState(false);
  const trash = status.used.find(({ part }) => part === 'trash')?.bytes ?? 0;
  const empty = async () => {
    setAsking(false);
    const result = await client().call('storage.emptyTrash', {});
    if (!result.ok) return void showProblem(result.problem);
    const { studies, bytes } = result.value;
    showMessage({ tone: 'ok', text: words('storage.emptied', { n: studies, size: formatBytes(bytes) }) });
    onChange();
  };
  return (
    <div className="card">
      <SettingRow name={t('storage.trash')} hint={t('storage.trashHint')}>
        <div className="row set-gap">
          <Button
            size="small"
            icon={Trash2}
            disabled={status.trashedStudies === 0}
            onClick={() => setAsking(true)}
          >
            {t('storage.emptyTrash')}
          </Button>
          <span className="cap">
            {t('storage.trashed', { n: status.trashedStudies, size: formatBytes(trash) })}
          </span>
        </div>
      </SettingRow>
      {isAsking && (
        <Dialog
          title={t('storage.emptyTrash')}
          closeName={t('app.close')}
          className="send-dlg"
          onClose={() => setAsking(false)}
        >
          <p className="set-pad">{t('storage.emptyAsk', { n: status.trashedStudies })}</p>
          <footer className="dlg-foot">
            <span className="grow" />
            <Button data-first-focus="" onClick={() => setAsking(false)}>
              {t('app.cancel')}
            </Button>
            <Button tone="danger" onClick={() => void empty()}>
              {t('storage.emptyTrash')}
            </Button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
