import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { momentOf } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { chordOfEvent, isTextKey, isTyping } from '../../app/chord.ts';
import { client } from '../../app/client.ts';
import { type Command, commandForChord, registerCommands } from '../../app/commands.ts';
import { startDemo } from '../../app/jobs.ts';
import { useT } from '../../app/language.ts';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { EmptyList, ListFailed } from './empty.tsx';
import { studyFilterOf } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { Preview } from './preview.tsx';
import { usePrintedList } from './print-list.tsx';
import { useProcedureSteps } from './procedure-steps.ts';
import { RemoteList } from './remote/remote-list.tsx';
import { RemotePreview } from './remote/remote-preview.tsx';
import { useRemote } from './remote/remote-store.ts';
import { Sources } from './sources.tsx';
import { sortOf, useStudies } from './studies-store.ts';
import {
  hasDeleted,
  provideListed,
  readStudies,
  removeStudies,
  tellNotOurs,
  undoDelete,
} from './study-actions.ts';
import { type StudyCommandId, studyCommands } from './study-commands.ts';
import { type StudyList, useStudyList } from './study-list.ts';
import { studyMenu } from './study-menu.ts';
import { StudyTable } from './study-table.tsx';
import { useBroughtSelection } from './use-brought-selection.ts';
import { usePlaceSelection } from './use-place-selection.ts';
import { usePlansAhead } from './use-plans-ahead.ts';
import './studies.css';
import './preview.css';

/** Panels fold away below this width (pages.md). */
const smallScreen = '(max-width: 1500px)';
/** Beside the preview minor columns and chips have room from here on. */
const tightScreen = '(max-width: 1880px)';

export function StudiesPage() {
  const t = useT();
  const filter = useStudies((state) => state.filter);
  const selection = useStudies((state) => state.selection);
  const isDrawerOpen = useStudies((state) => state.isDrawerOpen);
  const tableSetting = useApp((state) => state.settings.studiesTable);
  const isSmall = useMedia(smallScreen);
  const isTight = useMedia(tightScreen);
  const isPreviewShown = !isSmall || isDrawerOpen;
  const remote = useRemote((state) => state.view);
  const found = useRemote((state) =>
    state.state === 'done' ? Math.max(state.studies.length, state.worklist.length) : null,
  );
  const search = useRef<HTMLInputElement>(null);
  const [menuAt, setMenuAt] = useState<MenuPlace | null>(null);
  const asked = useMemo(() => studyFilterOf(filter, momentOf(new Date())), [filter]);
  const sort = useMemo(() => sortOf(tableSetting), [tableSetting]);
  const list = useStudyList(asked, sort);
  const { rows } = list;
  const selected = useSameRows(list.selectedRows(selection.keys));

  useCounts();
  useProcedureSteps();
  usePlaceSelection(list);
  useBroughtSelection(list);
  const onPoint = usePlansAhead(list, selected);
  useTypeToSearch(search);
  const asksStation = remote?.kind === 'studies' ? remote.nodeId : null;
  useEffect(() => {
    // Enter asks it for everything, and what is typed is what it is asked for.
    if (asksStation !== null) search.current?.focus();
  }, [asksStation]);
  useEffect(() => provideListed(() => list.rows.loaded()), [list]);
  const printList = usePrintedList(list, asked, sort, remote !== null);
  usePageCommands(search, list, printList);

  const keys = useMemo(() => [...selection.keys], [selection.keys]);
  const closeMenu = useCallback(() => setMenuAt(null), []);
  return (
    <div className={`studies${isSmall ? ' small' : ''}`}>
      <Sources />
      <section className="list">
        <FilterBar search={search} total={remote ? found : rows.total} {...{ isSmall, isTight }} />
        {remote && <RemoteList />}
        {!remote && (
          <StudyTable
            list={list}
            isTight={isTight}
            onOpen={(opened) => readStudies(opened)}
            onMenu={setMenuAt}
            onPoint={onPoint}
            onDelete={() => void removeStudies(selected, keys)}
          />
        )}
        {!remote && rows.problem && rows.total === null && (
          <ListFailed problem={rows.problem} onRetry={list.reload} />
        )}
        {!remote && rows.total === 0 && <EmptyList />}
        {!remote && rows.total === null && !rows.problem && (
          <div className="page-empty over">
            <i className="spinner" />
          </div>
        )}
      </section>
      {remote && isPreviewShown && remote.kind === 'studies' && <RemotePreview />}
      {!remote && isPreviewShown && rows.total !== 0 && <Preview rows={selected} onMenu={setMenuAt} />}
      {menuAt && selected.length > 0 && (
        <Menu name={t('app.more')} at={menuAt} entries={studyMenu(selected, keys, t)} onClose={closeMenu} />
      )}
    </div>
  );
}

/** The rows as they were while they are the same ones: pages that come while the list moves change nothing beside it. */
function useSameRows(rows: readonly StudyRow[]): readonly StudyRow[] {
  const [kept, setKept] = useState(rows);
  if (rows.length === kept.length && rows.every((row, n) => row === kept[n])) return kept;
  setKept(rows);
  return rows;
}

/** Counts beside the sources, read again when studies change. */
function useCounts(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      timer = undefined;
      const result = await client().call('studies.counts', {});
      if (result.ok) useStudies.setState({ counts: result.value });
    };
    void read();
    const end = client().subscribe('studies', () => {
      timer ??= setTimeout(() => void read(), 250);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, []);
}

/** The first letter typed anywhere goes into the search; an input method starts there too. */
function useTypeToSearch(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.defaultPrevented || isTyping(target) || target?.closest('dialog,[role=menu]')) return;
      const isText = isTextKey(event) || (event.key === 'Process' && !event.ctrlKey);
      if (!isText || commandForChord(chordOfEvent(event))) return;
      search.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}

/** Name of the station that is shown in place of our list, where something of it is chosen. */
function chosenThere(): string | null {
  const { view, selected } = useRemote.getState();
  if (!view || selected.size === 0) return null;
  return useApp.getState().settings.nodes.find(({ nodeId }) => nodeId === view.nodeId)?.name ?? '';
}

function usePageCommands(
  search: RefObject<HTMLInputElement | null>,
  list: StudyList,
  printList: () => Promise<void>,
): void {
  const newestPrint = useRef(printList);
  useEffect(() => {
    newestPrint.current = printList;
  });
  useEffect(() => {
    const { getState } = useStudies;
    const hasSelection = () => getState().selection.keys.size > 0;
    const importAs = (importMode: 'import' | 'open') => useApp.setState({ overlay: 'import', importMode });
    const actions: Record<StudyCommandId, Pick<Command, 'run' | 'enabled'>> = {
      'studies.import': { run: () => importAs('import') },
      'studies.open': { run: () => importAs('open') },
      'studies.demo': { run: () => void startDemo() },
      'studies.search': { run: () => search.current?.select() },
      'studies.read': {
        enabled: hasSelection,
        run: () => readStudies(list.selectedRows(getState().selection.keys)),
      },
      'studies.print': { run: () => void newestPrint.current() },
      'studies.delete': {
        // Only what can be seen: a study chosen in a list that has changed since is not meant.
        enabled: () => chosenThere() !== null || list.selectedRows(getState().selection.keys).length > 0,
        run: () => {
          const there = chosenThere();
          const { keys } = getState().selection;
          if (there !== null) tellNotOurs(there);
          else void removeStudies(list.selectedRows(keys), [...keys]);
        },
      },
      'studies.undo': { enabled: hasDeleted, run: () => void undoDelete() },
    };
    return registerCommands(studyCommands.map((command) => ({ ...command, ...actions[command.id] })));
  }, [search, list]);
}
