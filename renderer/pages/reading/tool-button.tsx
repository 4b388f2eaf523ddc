import { ChevronDown, type LucideIcon } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { chordLabel } from '../../app/chord.ts';
import { Icon } from '../../ui/controls.tsx';
import type { MenuEntry, MenuPlace } from '../../ui/menu.tsx';
import type { ReadingSession } from './session/reading-session.ts';

interface ToolButtonProps {
  readonly icon?: LucideIcon;
  readonly name: string;
  readonly keys?: string;
  readonly isOn?: boolean;
  readonly hasMenu?: boolean;
  /** A reason makes it unavailable and is told on hover. */
  readonly offBecause?: string | undefined;
  readonly className?: string;
  readonly children?: ReactNode;
  onClick(event: MouseEvent<HTMLButtonElement>): void;
}

/** A button of the bar over the viewports. */
export function ToolButton(props: ToolButtonProps) {
  const { icon, name, keys, isOn, hasMenu, offBecause, className, children } = props;
  return (
    <button
      type="button"
      className={['tb', isOn && 'on', offBecause && 'off', className].filter(Boolean).join(' ')}
      aria-label={name}
      aria-pressed={isOn}
      aria-disabled={offBecause !== undefined}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      data-tip={offBecause ?? name}
      data-keys={keys && chordLabel(keys)}
      onClick={(event) => {
        if (offBecause === undefined) props.onClick(event);
      }}
    >
      {icon && <Icon of={icon} />}
      {children}
      {hasMenu && <Icon of={ChevronDown} size={12} className="ar" />}
    </button>
  );
}

export const Separator = () => <span className="sep" />;
export const below = (event: MouseEvent<HTMLElement>): MenuPlace => {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
};

/** A menu that hangs below its button. */
export interface OpenMenuState {
  readonly name: string;
  readonly at: MenuPlace;
  readonly entries: readonly MenuEntry[];
}

export interface MenuButtonProps {
  readonly session: ReadingSession;
  openMenu(menu: OpenMenuState): void;
}
