import {
  ArrowUp,
  Disc3,
  File,
  Folder,
  FolderOpen,
  HardDrive,
  House,
  type LucideIcon,
  Network,
  Usb,
} from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Icon, IconButton } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import './import-dialog.css';

type Listing = CallOutput<'media.browse'>;
type Entry = Listing['entries'][number];
type Mode = 'import' | 'open';

const close = () => useApp.setState({ overlay: 'none' });
const icons: Readonly<Record<Entry['kind'], LucideIcon>> = {
  folder: Folder,
  file: File,
  disc: Disc3,
  stick: Usb,
  disk: HardDrive,
  network: Network,
  home: House,
};

/** Lists the host's folders; the last answer wins. */
export function useBrowse() {
  const [listing, setListing] = useState<Listing | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  // What a person types stays when a slow first listing comes in after it, and when it is not there, to be mended.
  const [typed, setTyped] = useState<string | null>(null);
  const asked = useRef(0);
  const list = useCallback(async (path: string | null) => {
    const turn = ++asked.current;
    const result = await client().call('media.browse', { path });
    if (turn !== asked.current) return false;
    setProblem(result.ok ? null : result.problem);
    if (result.ok) setListing(result.value);
    // A file is listed alone in its folder: its path stays in the field, for it is what is meant.
    return result.ok && !result.value.entries.some((entry) => entry.path === path);
  }, []);
  const go = useCallback(
    async (path: string | null) => {
      if (await list(path)) setTyped(null);
    },
    [list],
  );
  useEffect(() => void list(null), [list]);
  const wanted = typed?.trim() ?? '';
  return {
    listing,
    problem,
    go,
    typed,
    setTyped,
    /** The path in the field where it is not the folder that is listed: what stands there is what is meant. */
    other: wanted !== '' && wanted !== listing?.path ? wanted : null,
  };
}

/** Choosing what to import or to read in place: folders, discs, sticks, archives and files of this machine. */
export function ImportDialog() {
  const t = useT();
  const mode = useApp((state) => state.importMode);
  const browsed = useBrowse();
  const { listing, other } = browsed;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const one = other ?? listing?.path ?? null;
  const paths = chosen.size > 0 ? [...chosen] : one ? [one] : [];
  const begin = async (how: Mode) => {
    if (paths.length === 0) return;
    const result = await client().call('import.start', { paths, mode: how });
    if (!result.ok) return void showProblem(result.problem);
    close();
  };
  const choice =
    chosen.size > 0
      ? t('import.chosen', { n: chosen.size })
      : other
        ? other
        : listing?.path
          ? `${t('import.thisFolder')} · ${listing.path}`
          : t('import.chooseFirst');
  return (
    <Dialog title={t('import.title')} closeName={t('app.close')} className="imp" onClose={close}>
      <p className="imp-hint cap">{t('import.hint')}</p>
      <BrowsePane browsed={browsed} entries={listing?.entries ?? null} chosen={chosen} onChoose={setChosen} />
      <footer className="dlg-foot">
        <span className="cap grow cut">{choice}</span>
        <DesktopChoice mode={mode} />
        <Button
          tone={mode === 'open' ? 'primary' : 'plain'}
          disabled={paths.length === 0}
          onClick={() => void begin('open')}
        >
          {t('import.readNow')}
        </Button>
        <Button
          tone={mode === 'import' ? 'primary' : 'plain'}
          disabled={paths.length === 0}
          onClick={() => void begin('import')}
        >
          {t('import.import')}
        </Button>
      </footer>
    </Dialog>
  );
}

/** In the desktop shell also the system's own dialog. */
function DesktopChoice({ mode }: { readonly mode: Mode }) {
  const t = useT();
  const { desktop } = client();
  if (!desktop) return null;
  const choose = async () => {
    const grants = await desktop.choose('folder');
    if (grants.length === 0) return;
    const result = await client().call('import.start', { paths: grants.map((grant) => grant.handle), mode });
    if (result.ok) close();
    else showProblem(result.problem);
  };
  return (
    <Button tone="quiet" icon={FolderOpen} onClick={() => void choose()}>
      {t('studies.browse')}
    </Button>
  );
}

/** Where one is, what is wrong with it, and what lies there: what both dialogs over the host's folders show. */
export function BrowsePane({
  browsed,
  entries,
  chosen,
  onChoose,
}: {
  readonly browsed: ReturnType<typeof useBrowse>;
  readonly entries: readonly Entry[] | null;
  readonly chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
}) {
  const words = useLanguage();
  const { listing, problem, go, typed, setTyped } = browsed;
  const open = (path: string | null) => {
    onChoose(new Set());
    void go(path);
  };
  const said = problem && problemText(words, problem);
  return (
    <>
      <PathBar
        listing={listing}
        typed={typed}
        onType={(path) => {
          onChoose(new Set());
          setTyped(path);
        }}
        onGo={open}
      />
      {said && (
        <div className="note danger imp-note" role="alert">
          {said.told}
        </div>
      )}
      <EntryList
        entries={entries}
        chosen={chosen}
        onChoose={(paths) => {
          setTyped(null);
          onChoose(paths);
        }}
        onOpen={open}
      />
    </>
  );
}

function PathBar({
  listing,
  typed,
  onType,
  onGo,
}: {
  readonly listing: Listing | null;
  readonly typed: string | null;
  onType(path: string): void;
  onGo(path: string | null): void;
}) {
  const t = useT();
  return (
    <form
      className="row imp-path"
      onSubmit={(event) => {
        event.preventDefault();
        onGo((typed ?? listing?.path ?? '').trim() || null);
      }}
    >
      <IconButton icon={HardDrive} name={t('import.computer')} onClick={() => onGo(null)} />
      <IconButton
        icon={ArrowUp}
        name={t('import.up')}
        disabled={!listing?.path}
        onClick={() => onGo(listing?.parent ?? null)}
      />
      <label className="field grow">
        <input
          data-first-focus
          aria-label={t('import.path')}
          placeholder={t('import.computer')}
          value={typed ?? listing?.path ?? ''}
          spellCheck={false}
          onChange={(event) => onType(event.target.value)}
        />
      </label>
      <Button type="submit">{t('import.go')}</Button>
    </form>
  );
}

function EntryList({
  entries,
  chosen,
  onChoose,
  onOpen,
}: {
  readonly entries: readonly Entry[] | null;
  readonly chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
  onOpen(path: string): void;
}) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const toggle = (path: string, isAdding: boolean) => {
    const next = new Set(isAdding ? chosen : []);
    if (isAdding && chosen.has(path)) next.delete(path);
    else next.add(path);
    onChoose(next);
  };
  const onKeyDown = (event: KeyboardEvent, entry: Entry) => {
    const rows = [...(box.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
    else if (event.key === 'Enter' && entry.kind !== 'file') onOpen(entry.path);
    else return;
    event.preventDefault();
  };
  return (
    <div className="imp-list" ref={box}>
      {entries === null && <i className="spinner" />}
      {entries?.length === 0 && <p className="cap imp-none">{t('import.emptyFolder')}</p>}
      {entries?.map((entry) => (
        <button
          key={entry.path}
          type="button"
          aria-pressed={chosen.has(entry.path)}
          className={chosen.has(entry.path) ? 'on' : ''}
          onClick={(event) => toggle(entry.path, event.ctrlKey || event.metaKey || event.shiftKey)}
          onDoubleClick={() => entry.kind !== 'file' && onOpen(entry.path)}
          onKeyDown={(event) => onKeyDown(event, entry)}
        >
          <Icon of={icons[entry.kind]} size={16} />
          <span className="cut grow">{entry.name}</span>
          {entry.freeBytes !== undefined && (
            <span className="off sm num">
              {t('storage.freeSpace')} {formatBytes(entry.freeBytes)}
            </span>
          )}
          <span className="off sm">
            {entry.kind === 'file' ? formatBytes(entry.sizeBytes) : t(`import.kind.${entry.kind}`)}
          </span>
        </button>
      ))}
    </div>
  );
}
