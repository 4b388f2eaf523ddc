import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { type Moment, momentOf } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { scrollToRow } from '../../ui/row-window.ts';
import { useMedia } from '../../ui/use-media.ts';
import { useRows } from '../../ui/use-rows.ts';
import { type Column, gridTemplate, type TableView, visibleColumns } from './columns.ts';
import { rowsBySlot } from './rows-by-slot.ts';
import { rangeTo, rowForKey, selectOne, selectRange, toggleOne } from './selection.ts';
import { select, sortOf, useStudies, viewOf } from './studies-store.ts';
import { StudyCells } from './study-cells.tsx';
import type { StudyList } from './study-list.ts';
import { TableHead } from './table-head.tsx';
import { useBackOnPage } from './use-back-on-page.ts';
import type { PointAt } from './use-plans-ahead.ts';

export const rowHeightPx = 28;

/** The preview stands open above 1500 px. */
const narrowList = '(max-width: 1250px), (min-width: 1501px) and (max-width: 1700px)';

interface TableProps {
  readonly list: StudyList;
  readonly isTight: boolean;
  onOpen(rows: readonly StudyRow[]): void;
  onMenu(at: { x: number; y: number }): void;
  /** The pointer moves over this row. */
  onPoint: PointAt;
  onDelete(): void;
}

/** The study list: a grid of any length, of which only what is in view exists. */
export function StudyTable({ list, isTight, onOpen, onMenu, onPoint, onDelete }: TableProps) {
  const t = useT();
  const tableSetting = useApp((state) => state.settings.studiesTable);
  const kept = useMemo(() => viewOf(tableSetting), [tableSetting]);
  const sort = useMemo(() => sortOf(tableSetting), [tableSetting]);
  const [dragged, setDragged] = useState<TableView | null>(null);
  const view = dragged ?? kept;
  const shown = useMemo(() => visibleColumns(view, isTight), [view, isTight]);
  const template = gridTemplate(view, shown, useMedia(narrowList));
  const selection = useStudies((state) => state.selection);
  const scroller = useRef<HTMLTableSectionElement>(null);
  const count = list.rows.total ?? 0;
  const window = useRows(scroller, count, rowHeightPx);
  const now = useNow();

  const { show } = list;
  useEffect(() => show({ first: window.first, end: window.end }), [show, window.first, window.end]);

  const bringIntoView = useCallback((row: number) => {
    const box = scroller.current;
    if (box) box.scrollTop = scrollToRow(row, box.scrollTop, box.clientHeight, rowHeightPx);
  }, []);
  useBackOnPage(list.rows, scroller, bringIntoView);
  const choose = async (
    row: number,
    item: StudyRow | undefined,
    event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  ) => {
    const isAdding = event.ctrlKey || event.metaKey;
    if (!item) return;
    const { selection: current } = useStudies.getState();
    if (event.shiftKey) {
      const { first, last } = rangeTo(current, row);
      select(selectRange(current, row, item.studyKey, await list.keysBetween(first, last), isAdding));
    } else select(isAdding ? toggleOne(current, row, item.studyKey) : selectOne(row, item.studyKey));
  };
  /** What a key does, once the rows of the present filter are there. */
  const onListKey = async ({ code, shiftKey }: Pick<KeyboardEvent, 'code' | 'shiftKey'>) => {
    const listed = await list.whenListed();
    if (!listed) return;
    const { selection: current } = useStudies.getState();
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeightPx) - 1);
    const row = rowForKey(code, current.cursor, listed.total ?? 0, pageRows);
    if (row !== null) {
      bringIntoView(row);
      await choose(row, await list.whenLoaded(row), { shiftKey, ctrlKey: false, metaKey: false });
    } else if (code === 'Enter' || code === 'NumpadEnter') {
      const chosen = list.selectedRows(current.keys);
      const at = current.keys.size === 0 ? (current.cursor ?? 0) : 0;
      const first = listed.rowAt(at);
      // The first Enter after typing shows whom it means; the next one opens.
      if (chosen.length > 0) onOpen(chosen);
      else if (first) select(selectOne(at, first.studyKey));
    }
  };
  // Keys wait for each other, so that a quick second one finds what the first has chosen.
  const lastKey = useRef<Promise<void>>(Promise.resolve());
  const onKeyDown = (event: ListKey) => {
    const { code, shiftKey } = event;
    if (movingKeys.has(code) || code === 'Enter' || code === 'NumpadEnter') {
      event.preventDefault();
      lastKey.current = lastKey.current.then(() => onListKey({ code, shiftKey }));
    } else if (code === 'KeyA' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void list.keysBetween(0, count - 1).then((keys) => select({ ...selection, keys: new Set(keys) }));
    } else if (code === 'Delete') {
      event.preventDefault();
      onDelete();
    } else if (code === 'ContextMenu' || (code === 'F10' && shiftKey)) {
      event.preventDefault();
      const box = scroller.current?.getBoundingClientRect();
      const top = (selection.cursor ?? 0) * rowHeightPx - (scroller.current?.scrollTop ?? 0) + rowHeightPx;
      onMenu({ x: (box?.left ?? 0) + 60, y: (box?.top ?? 0) + top });
    }
  };
  /** The study under the pointer. One set of listeners for all rows. */
  const under = (event: MouseEvent): readonly [number, StudyRow | undefined] => {
    const element = event.target instanceof Element ? event.target.closest('tr[aria-rowindex]') : null;
    const row = element ? Number(element.getAttribute('aria-rowindex')) - 2 : -1;
    return [row, list.rows.rowAt(row)];
  };
  const onContextMenu = (event: MouseEvent) => {
    const [row, item] = under(event);
    if (!item) return;
    event.preventDefault();
    if (!selection.keys.has(item.studyKey)) select(selectOne(row, item.studyKey));
    onMenu({ x: event.clientX, y: event.clientY });
  };

  useLooseKeys(onKeyDown);

  return (
    <table
      className="grid"
      {...gridRole(selection.cursorKey === null ? undefined : `row-${selection.cursor}`)}
      aria-label={t('studies.table')}
      aria-rowcount={count + 1}
      onKeyDown={onKeyDown}
    >
      <TableHead
        view={view}
        shown={shown}
        sort={sort}
        template={template}
        isTight={isTight}
        onView={setDragged}
      />
      <tbody
        className="rows"
        ref={scroller}
        onPointerMove={(event) => onPoint(under(event)[1], event)}
        onPointerDown={(event) => event.button === 0 && void choose(...under(event), event)}
        onDoubleClick={(event) => {
          const [, item] = under(event);
          if (item) onOpen([item]);
        }}
        onContextMenu={onContextMenu}
      >
        <tr className="rows-all" style={{ height: count * rowHeightPx }} />
        {rowsBySlot(window).map(({ slot, row }) => {
          const item = list.rows.rowAt(row);
          return (
            <TableRow
              key={slot}
              row={row}
              item={item}
              isSelected={item !== undefined && selection.keys.has(item.studyKey)}
              isCursor={row === selection.cursor}
              template={template}
              shown={shown}
              now={now}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: number;
  readonly item: StudyRow | undefined;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly template: string;
  readonly shown: readonly Column[];
  readonly now: Moment;
}

/** One line of the grid. What scrolls out gives its element to what scrolls in. */
const TableRow = memo(function TableRow(props: RowProps) {
  const { row, item, isSelected, isCursor, template, shown, now } = props;
  return (
    <tr
      id={`row-${row}`}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      className={rowClass(isSelected, item?.unread ?? false, isCursor)}
      style={{ transform: `translateY(${row * rowHeightPx}px)`, gridTemplateColumns: template }}
    >
      {item && <StudyCells row={item} shown={shown} now={now} />}
    </tr>
  );
});

type ListKey = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'preventDefault'>;
const movingKeys = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']);

const keysFromSearch = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Enter', 'NumpadEnter']);

/**
 * Keys that move in the list do so also while nothing has the focus: on a fresh page, and back from reading. From the
 * search field too, so that a hand need not leave the keys between a name and its pictures.
 */
function useLooseKeys(onKey: (event: ListKey) => void): void {
  const newest = useRef(onKey);
  useEffect(() => {
    newest.current = onKey;
  });
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      const { target } = event;
      const isSearch = target instanceof HTMLInputElement && target.type === 'search' && !event.isComposing;
      const keys = target === document.body ? movingKeys : isSearch ? keysFromSearch : null;
      const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented);
      const isCovered = document.querySelector('dialog[open], [role=menu]') !== null;
      if (keys?.has(event.code) && isPlain && !isCovered) newest.current(event);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** A grid, not a mere table: one stop of the Tab key, moved in by arrows. */
const gridRole = (activeId: string | undefined) =>
  ({ role: 'grid', tabIndex: 0, 'aria-multiselectable': true, 'aria-activedescendant': activeId }) as const;

const rowClass = (isSelected: boolean, isUnread: boolean, isCursor: boolean) =>
  ['tr', isSelected && 'sel', isUnread && 'unread', isCursor && 'cur'].filter(Boolean).join(' ');

/** Today's moment, renewed each minute, so that "Today" becomes "Yesterday" by itself. */
function useNow() {
  const [now, setNow] = useState(() => momentOf(new Date()));
  useEffect(() => {
    const timer = setInterval(() => setNow(momentOf(new Date())), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
