import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { BrowsePane, useBrowse } from '../studies/import-dialog.tsx';

/** A folder of the host's machine: what calls take, and what is shown. The desktop gives a handle for it. */
export interface ChosenFolder {
  readonly folder: string;
  readonly name: string;
}

/** The system's own dialog on the desktop; null where there is none or nothing was chosen. */
export async function askDesktopFolder(): Promise<ChosenFolder | null> {
  const [grant] = (await client().desktop?.choose('folder')) ?? [];
  return grant ? { folder: grant.handle, name: grant.name } : null;
}

/** Folders of the host's machine, for the browser shell. */
export function FolderDialog({
  title,
  choose,
  onChoose,
  onClose,
}: {
  readonly title: string;
  /** Words of the button. */
  readonly choose: string;
  onChoose(chosen: ChosenFolder): void;
  onClose(): void;
}) {
  const t = useT();
  const browsed = useBrowse();
  const { listing, other } = browsed;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [first] = chosen;
  const folder = first ?? other ?? listing?.path ?? null;
  const folders = listing?.entries.filter(({ kind }) => kind !== 'file') ?? null;
  return (
    <Dialog title={title} closeName={t('app.close')} className="imp" onClose={onClose}>
      <BrowsePane browsed={browsed} entries={folders} chosen={chosen} onChoose={setChosen} />
      <footer className="dlg-foot">
        <span className="cap grow cut">{folder}</span>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button
          tone="primary"
          disabled={folder === null}
          onClick={() => folder !== null && onChoose({ folder, name: folder })}
        >
          {choose}
        </Button>
      </footer>
    </Dialog>
  );
}
