import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useT } from '../../app/language.ts';
import { Icon } from '../../ui/controls.tsx';
import { Menu, type MenuEntry, type MenuPlace } from '../../ui/menu.tsx';
import {
  type Column,
  columns,
  defaultView,
  isShown,
  moved,
  resized,
  type SortKey,
  sortedBy,
  type TableView,
} from './columns.ts';
import { keepSort, keepView } from './studies-store.ts';

interface HeadProps {
  readonly view: TableView;
  readonly shown: readonly Column[];
  readonly sort: readonly SortKey[];
  readonly template: string;
  readonly isTight: boolean;
  /** Widths while a border is dragged; null when it is let go and they are kept. */
  onView(view: TableView | null): void;
}

/** Headings: click sorts (Shift joins), the right border resizes, the context menu chooses and moves columns. */
export function TableHead({ view, shown, sort, template, isTight, onView }: HeadProps) {
  const t = useT();
  const [menu, setMenu] = useState<{ at: MenuPlace; column: Column } | null>(null);
  return (
    <thead>
      <tr className="tr th" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {shown.map((column) => (
          <HeadCell
            key={column.id}
            column={column}
            sort={sort}
            onMenu={(at) => setMenu({ at, column })}
            grip={<ResizeHandle column={column} view={view} onView={onView} />}
          />
        ))}
      </tr>
      {menu && (
        <Menu
          name={t('studies.columns')}
          at={menu.at}
          onClose={() => setMenu(null)}
          entries={columnMenu(view, menu.column, isTight, t)}
        />
      )}
    </thead>
  );
}

function HeadCell({
  column,
  sort,
  grip,
  onMenu,
}: {
  readonly column: Column;
  readonly sort: readonly SortKey[];
  readonly grip: ReactNode;
  onMenu(at: MenuPlace): void;
}) {
  const t = useT();
  const key = sort.find((candidate) => candidate.column === column.sort);
  const order = key ? (key.descending ? 'descending' : 'ascending') : undefined;
  const { sort: sortColumn } = column;
  return (
    <th
      scope="col"
      aria-sort={order}
      className={column.isNumber ? 'num' : ''}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      {column.isFixed ? (
        <span className="sr">{t(column.term)}</span>
      ) : (
        <button
          type="button"
          className={key ? 'sort' : ''}
          disabled={!sortColumn}
          onClick={(event) => sortColumn && keepSort(sortedBy(sort, sortColumn, event.shiftKey))}
        >
          <span className="cut">{t(column.term)}</span>
          {key && <Icon of={key.descending ? ArrowDown : ArrowUp} size={12} />}
          {key && sort.length > 1 && <small>{sort.indexOf(key) + 1}</small>}
        </button>
      )}
      {!column.isFixed && grip}
    </th>
  );
}

function columnMenu(
  view: TableView,
  column: Column,
  isTight: boolean,
  t: ReturnType<typeof useT>,
): MenuEntry[] {
  const move = (id: string, step: 1 | -1): MenuEntry => ({
    id,
    label: t(step < 0 ? 'studies.moveLeft' : 'studies.moveRight', { name: t(column.term) }),
    run: () => keepView(moved(view, column.id, step, isTight)),
  });
  return [
    ...(column.isFixed ? [] : [move('left', -1), move('right', 1), 'line' as const]),
    ...columns
      .filter((other) => !other.isFixed && other.id !== 'name')
      .map((other) => ({
        id: other.id,
        label: t(other.term),
        isChecked: isShown(view, other, isTight),
        run: () =>
          keepView({ ...view, shown: { ...view.shown, [other.id]: !isShown(view, other, isTight) } }),
      })),
    'line',
    { id: 'reset', label: t('studies.resetColumns'), run: () => keepView(defaultView) },
  ];
}

const keyStepPx = 16;

function ResizeHandle({
  column,
  view,
  onView,
}: {
  readonly column: Column;
  readonly view: TableView;
  onView(view: TableView | null): void;
}) {
  const t = useT();
  const drag = useRef<{ x: number; widthPx: number; view: TableView } | null>(null);
  const widthPx = view.widthsPx[column.id] ?? column.widthPx;
  // The column that takes what is left is as wide as it is drawn.
  const drawnPx = (grip: Element): number => grip.closest('th')?.offsetWidth ?? widthPx;
  const onDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, widthPx: drawnPx(event.currentTarget), view };
  };
  const onMove = (event: PointerEvent) => {
    const from = drag.current;
    if (!from) return;
    from.view = resized(view, column, from.widthPx + event.clientX - from.x);
    onView(from.view);
  };
  const onUp = () => {
    if (drag.current) keepView(drag.current.view);
    drag.current = null;
    onView(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowLeft: -keyStepPx, ArrowRight: keyStepPx }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    keepView(resized(view, column, drawnPx(event.currentTarget) + step));
  };
  return (
    <hr
      aria-orientation="vertical"
      aria-label={t('studies.resize', { name: t(column.term) })}
      aria-valuenow={widthPx}
      tabIndex={0}
      className="grip"
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onKeyDown={onKeyDown}
    />
  );
}
