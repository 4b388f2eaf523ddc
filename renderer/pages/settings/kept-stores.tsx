import { Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { KeptStore } from '../../../core/contract/storage.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showMessage, showProblem, words } from '../../app/messages.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const whenOf = ({ atMs }: KeptStore): string => formatMoment(momentOf(new Date(atMs)));

/** What restored stores took the place of: how much that takes, and the end of it. */
export function KeptStores() {
  const t = useT();
  const [stores, setStores] = useState<readonly KeptStore[]>([]);
  const [asked, setAsked] = useState<KeptStore | null>(null);
  const read = useCallback(async () => {
    const result = await client().call('storage.kept', {});
    if (result.ok) setStores(result.value);
    else showProblem(result.problem);
  }, []);
  useEffect(() => void read(), [read]);
  const remove = async (store: KeptStore) => {
    setAsked(null);
    const result = await client().call('storage.deleteKept', { name: store.name });
    if (result.ok) {
      showMessage({ tone: 'ok', text: words('kept.going', { size: formatBytes(result.value.bytes) }) });
    } else showProblem(result.problem);
    await read();
  };
  return (
    <>
      {stores.map((store) => (
        <div key={store.name} className="line backup-line">
          <span className="grow cut selectable" data-tip={store.name}>
            {t('kept.line', { when: whenOf(store) })}
          </span>
          {store.isPartial && <Tag tone="warn">{t('kept.partial')}</Tag>}
          <span className="num off">{formatBytes(store.bytes)}</span>
          <Button size="small" icon={Trash2} onClick={() => setAsked(store)}>
            {t('kept.delete')}
          </Button>
        </div>
      ))}
      {asked && (
        <Dialog
          title={t('kept.title')}
          closeName={t('app.close')}
          className="send-dlg"
          onClose={() => setAsked(null)}
        >
          <div className="send-body">
            <p>{t('kept.ask', { when: whenOf(asked), size: formatBytes(asked.bytes) })}</p>
            <p className="dim selectable">{asked.name}</p>
          </div>
          <footer className="dlg-foot">
            <span className="grow" />
            <Button data-first-focus="" onClick={() => setAsked(null)}>
              {t('app.cancel')}
            </Button>
            <Button tone="danger" onClick={() => void remove(asked)}>
              {t('kept.forGood')}
            </Button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
