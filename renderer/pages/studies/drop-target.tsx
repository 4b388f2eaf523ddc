import { Import } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../../core/terms/format.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { type RunningUpload, startUpload, useUploads } from '../../app/uploads.ts';
import { Button, Icon, Progress } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type Collected, collectFiles, type EntryLike } from './drop-entries.ts';
import './import-dialog.css';

type Mode = 'import' | 'open';
const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

interface Dropped {
  readonly title: string;
  readonly entries: readonly EntryLike[];
  readonly files: readonly File[];
}

/** Files that come from no file system (another page's drag) have no entry of their own. */
const entryOfFile = (file: File): EntryLike => ({
  isFile: true,
  isDirectory: false,
  name: file.name,
  file: (done) => done(file),
});

function readDrop(data: DataTransfer): Dropped {
  // Entries must be taken while the event lives; FileSystemEntry is the shape of EntryLike by the standard.
  const entries = [...data.items].flatMap((item): EntryLike[] => {
    const entry = item.webkitGetAsEntry() as EntryLike | null;
    const file = item.getAsFile();
    return entry ? [entry] : file ? [entryOfFile(file)] : [];
  });
  return { title: entries[0]?.name ?? data.files[0]?.name ?? '', entries, files: [...data.files] };
}

/** Drop anywhere: the whole window shows it; then Import or Read now. */
export function DropTarget() {
  const t = useT();
  const [isOver, setIsOver] = useState(false);
  const [dropped, setDropped] = useState<Dropped | null>(null);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth++;
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (hasFiles(event) && --depth <= 0) setIsOver(false);
    };
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setIsOver(false);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setDropped(readDrop(event.dataTransfer));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return (
    <>
      {isOver && (
        <div className="drop">
          <div>
            <Icon of={Import} size={40} />
            <b>{t('drop.title')}</b>
            <span>{t('drop.hint')}</span>
          </div>
        </div>
      )}
      {dropped && <DroppedDialog dropped={dropped} onDone={() => setDropped(null)} />}
    </>
  );
}

/** Reads what was dropped while the person chooses what to do with it. */
function DroppedDialog({ dropped, onDone }: { readonly dropped: Dropped; onDone(): void }) {
  const t = useT();
  const [found, setFound] = useState<Collected | null>(null);
  const [mode, setMode] = useState<Mode | null>(null);
  const running = useRef<Promise<RunningUpload | undefined> | null>(null);
  const { desktop } = client();

  useEffect(() => {
    // In the desktop shell the host reads the files itself; nothing is sent.
    if (desktop || running.current) return;
    running.current = collectFiles(dropped.entries, setFound).then((all) => {
      setFound({ ...all });
      return all.files.length > 0 ? startUpload(dropped.title, all.files) : undefined;
    });
  }, [dropped, desktop]);

  const begin = async (how: Mode) => {
    setMode(how);
    if (desktop) {
      const grants = await desktop.dropped(dropped.files);
      const paths = grants.map((grant) => grant.handle);
      const result = paths.length > 0 ? await client().call('import.start', { paths, mode: how }) : undefined;
      if (result && !result.ok) showProblem(result.problem);
      return onDone();
    }
    const upload = await running.current;
    await upload?.finish(how);
    onDone();
  };
  const cancel = () => {
    void running.current?.then((upload) => upload?.drop());
    onDone();
  };
  const isEmpty = !desktop && found !== null && found.files.length === 0 && running.current === null;
  return (
    <Dialog
      title={dropped.title || t('drop.choose')}
      closeName={t('app.cancel')}
      className="dropped"
      onClose={cancel}
    >
      <div className="body">
        {!desktop && <UploadProgress found={found} />}
        {isEmpty ? (
          <p>{t('drop.empty')}</p>
        ) : (
          <div className="two">
            <button
              type="button"
              data-first-focus
              aria-pressed={mode === 'import'}
              disabled={mode !== null}
              onClick={() => void begin('import')}
            >
              <b>{t('import.import')}</b>
              <span className="cap">{t('drop.importHint')}</span>
            </button>
            <button
              type="button"
              aria-pressed={mode === 'open'}
              disabled={mode !== null}
              onClick={() => void begin('open')}
            >
              <b>{t('import.readNowShort')}</b>
              <span className="cap">{t('drop.readHint')}</span>
            </button>
          </div>
        )}
        {mode !== null && <p className="cap">{t('drop.waiting')}</p>}
      </div>
      <footer className="dlg-foot">
        <span className="grow" />
        <Button onClick={cancel}>{t('app.cancel')}</Button>
      </footer>
    </Dialog>
  );
}

function UploadProgress({ found }: { readonly found: Collected | null }) {
  const t = useT();
  const upload = useUploads((state) => state.uploads.at(-1));
  const part = upload && upload.total > 0 ? upload.done / upload.total : undefined;
  const failed = (found?.failed ?? 0) + (upload?.failed ?? 0);
  return (
    <>
      <div className="row">
        <span className="grow">
          {found
            ? t('drop.read', { n: found.files.length, size: formatBytes(found.bytes) })
            : t('drop.reading')}
        </span>
        {upload && <span className="dim">{t('drop.sent', { done: upload.done, total: upload.total })}</span>}
      </div>
      <Progress part={part} name={t('drop.reading')} />
      {failed > 0 && <p className="warn sm">{t('drop.failed', { n: failed })}</p>}
    </>
  );
}
