import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem, words } from '../../app/messages.ts';
import { showEnded } from '../../app/quit.tsx';
import { flushSettings } from '../../app/settings-sync.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** What the newest restore made, what it means, and the way to use it. */
export function Restored() {
  const t = useT();
  const folder = useApp(
    (state) => state.jobs.find((job) => job.kind === 'restore' && job.state === 'done' && job.place)?.place,
  );
  const [isAsking, setAsking] = useState(false);
  if (!folder) return null;
  const use = async () => {
    await flushSettings();
    const result = await client().call('backup.useRestored', { folder });
    setAsking(false);
    if (result.ok) showEnded(words('backup.useKept', { folder: result.value.keptAs }));
    else showProblem(result.problem);
  };
  return (
    <div className="line backup-line restored">
      <div className="grow">
        <div className="selectable">{t('backup.restored', { folder })}</div>
        <div className="cap">{t('backup.restoredNext')}</div>
      </div>
      <Button size="small" icon={RotateCw} onClick={() => setAsking(true)}>
        {t('backup.use')}
      </Button>
      {isAsking && (
        <Dialog
          title={t('backup.use')}
          closeName={t('app.close')}
          className="send-dlg"
          onClose={() => setAsking(false)}
        >
          <div className="send-body">
            <p>{t('backup.useAsk')}</p>
            <p className="dim selectable">{folder}</p>
          </div>
          <footer className="dlg-foot">
            <span className="grow" />
            <Button data-first-focus="" onClick={() => setAsking(false)}>
              {t('app.cancel')}
            </Button>
            <Button tone="danger" onClick={() => void use()}>
              {t('backup.useNow')}
            </Button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
