import { HardDriveDownload, History, Wrench } from 'lucide-react';
import { useState } from 'react';
import type { StorageStatus } from '../../../core/contract/storage.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { askDesktopFolder, type ChosenFolder, FolderDialog } from './folder-dialog.tsx';
import { KeptStores } from './kept-stores.tsx';
import { Restored } from './restored.tsx';
import './backup.css';

type Asking =
  | { readonly what: 'backup' | 'verify' | 'repair' | 'restoreFrom' }
  | { readonly what: 'restoreTo'; readonly from: ChosenFolder };

/** Backups in folders of a person's choice, each proved by reading it again; and the way back from one. */
export function BackupCard({ status }: { readonly status: StorageStatus }) {
  const t = useT();
  const [asking, setAsking] = useState<Asking | null>(null);
  /** Everything is chosen; a passphrase may be given. */
  const [ready, setReady] = useState<Ready | null>(null);
  const take = (what: Asking, chosen: ChosenFolder) => {
    setAsking(null);
    if (what.what === 'restoreFrom') void ask({ what: 'restoreTo', from: chosen });
    else if (what.what === 'restoreTo') setReady({ what: 'restore', folder: what.from, target: chosen });
    else setReady({ what: what.what, folder: chosen });
  };
  const ask = async (what: Asking) => {
    if (!client().desktop) return setAsking(what);
    const chosen = await askDesktopFolder();
    if (chosen) take(what, chosen);
  };
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('backup.title')}</h2>
        <Button size="small" icon={HardDriveDownload} onClick={() => void ask({ what: 'backup' })}>
          {t('backup.start')}
        </Button>
        <Button size="small" onClick={() => void ask({ what: 'verify' })}>
          {t('backup.verify')}
        </Button>
        {status.scrub.corrupt + status.scrub.missing > 0 && (
          <Button size="small" icon={Wrench} onClick={() => void ask({ what: 'repair' })}>
            {t('backup.repair')}
          </Button>
        )}
        <Button size="small" icon={History} onClick={() => void ask({ what: 'restoreFrom' })}>
          {t('backup.restore')}
        </Button>
      </div>
      {status.backups.length === 0 && <p className="cap set-pad">{t('backup.none')}</p>}
      {status.backups.map((backup) => (
        <div key={backup.path} className="line backup-line">
          <span className="nowrap">{formatMoment(momentOf(new Date(backup.atMs)))}</span>
          <span className="grow cut selectable">{backup.path}</span>
          {backup.encrypted && <Tag>{t('backup.encrypted')}</Tag>}
          <Tag tone={backup.verified ? 'ok' : 'warn'}>
            {t(backup.verified ? 'backup.proved' : 'backup.unproved')}
          </Tag>
          <span className="num">{t('backup.objects', { n: backup.instances })}</span>
          <span className="num off">{formatBytes(backup.bytes)}</span>
        </div>
      ))}
      <Restored />
      <KeptStores />
      {asking && (
        <FolderDialog
          title={t(`backup.ask.${asking.what}`)}
          choose={t('backup.choose')}
          onChoose={(chosen) => take(asking, chosen)}
          onClose={() => setAsking(null)}
        />
      )}
      {ready && <StartDialog ready={ready} onClose={() => setReady(null)} />}
    </div>
  );
}

type Ready =
  | { readonly what: 'backup' | 'verify' | 'repair'; readonly folder: ChosenFolder }
  | { readonly what: 'restore'; readonly folder: ChosenFolder; readonly target: ChosenFolder };

const calls = { backup: 'backup.start', verify: 'backup.verify', repair: 'backup.repair' } as const;

/** Says once more what is done, and takes a passphrase. */
function StartDialog({ ready, onClose }: { readonly ready: Ready; onClose(): void }) {
  const t = useT();
  const [passphrase, setPassphrase] = useState('');
  const start = async () => {
    const folder = ready.folder.folder;
    const secret = passphrase === '' ? {} : { passphrase };
    const result =
      ready.what === 'restore'
        ? await client().call('backup.restore', { folder, target: ready.target.folder, ...secret })
        : await client().call(calls[ready.what], { folder, ...secret });
    if (result.ok) onClose();
    else showProblem(result.problem);
  };
  return (
    <Dialog
      title={t(`backup.${ready.what === 'backup' ? 'start' : ready.what}`)}
      closeName={t('app.close')}
      className="send-dlg"
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div className="send-body">
          <p>{t(`backup.about.${ready.what}`)}</p>
          <p className="dim selectable">
            {ready.folder.name}
            {ready.what === 'restore' && ` → ${ready.target.name}`}
          </p>
          <span className="field">
            <input
              type="password"
              autoComplete="off"
              data-first-focus=""
              aria-label={t('backup.passphrase')}
              placeholder={t('backup.passphrase')}
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          </span>
          {ready.what === 'backup' && <p className="cap">{t('backup.passphraseHint')}</p>}
        </div>
        <footer className="dlg-foot">
          <span className="grow" />
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" type="submit">
            {t('backup.begin')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
