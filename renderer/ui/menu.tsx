import { Check, type LucideIcon } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from './controls.tsx';
import { menuColumns } from './menu-columns.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keyLabel?: string;
  /** Shown with a check mark; the menu stays open for more. */
  readonly isChecked?: boolean;
  /** One choice of several: the present one wears the check mark; choosing closes the menu. */
  readonly isChosen?: boolean;
  /** A reason makes it unavailable and is shown beside it. */
  readonly offBecause?: string;
  readonly tone?: 'danger';
  run(): void;
}

/** `'line'` separates groups. */
export type MenuEntry = MenuItem | 'line';

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** The item beside one in the other column. */
function besideOf(items: readonly HTMLElement[], index: number): HTMLElement | undefined {
  const column = (item: HTMLElement | undefined) => item?.closest('.menu-column');
  const at = items[index];
  const here = items.filter((item) => column(item) === column(at));
  const there = items.filter((item) => column(item) !== column(at));
  return there[Math.min(there.length - 1, here.indexOf(at as HTMLElement))];
}

/** A menu at a point of the window: arrows, Home, End, Enter, letters by the browser's focus, Esc. */
export function Menu({
  name,
  at,
  entries,
  onClose,
}: {
  readonly name: string;
  readonly at: MenuPlace;
  readonly entries: readonly MenuEntry[];
  onClose(): void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: at.x, top: at.y });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    setPlace({
      left: Math.max(4, Math.min(at.x, innerWidth - width - 4)),
      top: Math.max(4, Math.min(at.y, innerHeight - height - 4)),
    });
  }, [at.x, at.y]);

  useEffect(() => {
    const before = document.activeElement;
    const items = box.current;
    (
      items?.querySelector<HTMLElement>('[role=menuitemradio][aria-checked=true]') ??
      items?.querySelector<HTMLElement>('[role^=menuitem]')
    )?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose();
    };
    window.addEventListener('pointerdown', outside, true);
    window.addEventListener('blur', onClose);
    return () => {
      window.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('blur', onClose);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const index = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') besideOf(items, index)?.focus();
    else if (step) items[(index + step + items.length) % items.length]?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const columns = menuColumns(entries);
  return createPortal(
    <div
      ref={box}
      className={`menu${columns.length > 1 ? ' wide' : ''}`}
      role="menu"
      aria-label={name}
      style={place}
      onKeyDown={onKeyDown}
      // The key that opened it brings the browser's own when it is let go.
      onContextMenu={(event) => event.preventDefault()}
    >
      {columns.map((column, n) => (
        <div className="menu-column" key={`column-${String(n)}`}>
          {column.map((entry, index) =>
            entry === 'line' ? (
              // biome-free key: separators have no identity beside their place.
              <hr key={`line-${String(index)}`} />
            ) : (
              <MenuRow key={entry.id} item={entry} onClose={onClose} />
            ),
          )}
        </div>
      ))}
    </div>,
    document.body,
  );
}

function roleOf({ isChecked, isChosen }: MenuItem) {
  if (isChecked !== undefined) return { role: 'menuitemcheckbox', 'aria-checked': isChecked };
  if (isChosen !== undefined) return { role: 'menuitemradio', 'aria-checked': isChosen };
  return { role: 'menuitem' };
}

function MenuRow({ item, onClose }: { readonly item: MenuItem; onClose(): void }) {
  const isCheck = item.isChecked !== undefined;
  const isMarked = item.isChecked ?? item.isChosen;
  return (
    <button
      type="button"
      {...roleOf(item)}
      aria-disabled={item.offBecause !== undefined}
      className={item.tone ?? ''}
      tabIndex={-1}
      onPointerEnter={(event) => event.currentTarget.focus({ preventScroll: true })}
      onClick={() => {
        if (item.offBecause !== undefined) return;
        if (!isCheck) onClose();
        item.run();
      }}
    >
      <span className="menu-icon">
        {isMarked === undefined
          ? item.icon && <Icon of={item.icon} size={16} />
          : isMarked && <Icon of={Check} size={16} />}
      </span>
      <span className="menu-label">
        {item.label}
        {item.offBecause && <small>{item.offBecause}</small>}
      </span>
      {item.keyLabel && <kbd>{item.keyLabel}</kbd>}
    </button>
  );
}
