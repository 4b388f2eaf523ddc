import type { LucideIcon } from 'lucide-react';
import { chordLabel } from '../../app/chord.ts';
import { Icon } from '../../ui/controls.tsx';
import './segment.css';

export interface BigButton {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly tip: string;
  readonly keys?: string;
  /** What it has done, below its name. */
  readonly state?: string;
  readonly isOn: boolean;
  readonly isOff: boolean;
  onPress(): void;
}

/** Large buttons, two beside each other: one job each. */
export function BigButtons({
  title,
  buttons,
}: {
  readonly title: string;
  readonly buttons: readonly BigButton[];
}) {
  return (
    <section className="grp" aria-label={title}>
      <div className="gh">
        <span className="grow">{title}</span>
      </div>
      <div className="big-btns">
        {buttons.map(({ id, icon, name, tip, keys, state, isOn, isOff, onPress }) => (
          <button
            key={id}
            type="button"
            className={isOn ? 'big-btn on' : 'big-btn'}
            aria-label={name}
            aria-pressed={isOn}
            disabled={isOff}
            data-mask-do={id}
            data-tip={tip}
            data-keys={keys && chordLabel(keys)}
            onClick={onPress}
          >
            <Icon of={icon} />
            <span className="two">
              <span className="cut">{name}</span>
              {state && <em>{state}</em>}
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
