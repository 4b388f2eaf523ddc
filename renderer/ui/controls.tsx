import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

/** Icon on the 20 px grid with the 1.5 px stroke of the look. Decoration: its control carries the name. */
export function Icon({
  of: Shape,
  size = 20,
  className,
}: {
  of: LucideIcon;
  size?: number;
  className?: string;
}) {
  return (
    <Shape
      size={size}
      strokeWidth={1.5}
      absoluteStrokeWidth
      aria-hidden="true"
      className={`i ${className ?? ''}`}
    />
  );
}

const names = (...parts: (string | false | undefined)[]) => parts.filter(Boolean).join(' ');

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

export function Button({ tone = 'plain', size = 'normal', icon, children, className, ...rest }: ButtonProps) {
  const shape = names('btn', tone !== 'plain' && tone, size === 'small' && 'small', className);
  return (
    <button type="button" {...rest} className={shape}>
      {icon && <Icon of={icon} size={size === 'small' ? 16 : 20} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly icon: LucideIcon;
  /** Its name: the accessible name and the tooltip. */
  readonly name: string;
  /** Key caps for the tooltip, as `chordLabel` prints them. */
  readonly keyLabel?: string;
  readonly isOn?: boolean;
  readonly iconSize?: number;
}

export function IconButton({ icon, name, keyLabel, isOn, iconSize, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={names('ib', isOn && 'on', className)}
      aria-label={name}
      aria-pressed={isOn}
      data-tip={name}
      data-keys={keyLabel}
    >
      <Icon of={icon} size={iconSize ?? 20} />
    </button>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** One of a few, side by side. Arrow keys move, as a radio group does. */
export function Segmented<T extends string>({
  name,
  choices,
  value,
  onChange,
}: {
  readonly name: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T | null;
  onChange(value: T): void;
}) {
  return (
    <fieldset className="seg" aria-label={name}>
      {choices.map((choice) => (
        <label key={choice.value} className={choice.value === value ? 'on' : ''}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}

export function Chip({
  isOn,
  children,
  onToggle,
  ...rest
}: {
  readonly isOn: boolean;
  readonly children: ReactNode;
  onToggle(): void;
  readonly 'aria-haspopup'?: 'menu';
}) {
  return (
    <button
      type="button"
      {...rest}
      className={names('chip', isOn && 'on')}
      aria-pressed={isOn}
      onClick={onToggle}
    >
      {children}
    </button>
  );
}

export function Switch({
  name,
  isOn,
  words,
  onToggle,
}: {
  readonly name: string;
  readonly isOn: boolean;
  readonly words: string;
  onToggle(isOn: boolean): void;
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={name}
      className={names('sw', isOn && 'on')}
      onClick={() => onToggle(!isOn)}
    >
      <i />
      <em>{words}</em>
    </button>
  );
}

export type TagTone = 'plain' | 'ok' | 'warn' | 'danger' | 'acc' | 'prior';

export function Tag({
  tone = 'plain',
  icon,
  tip,
  children,
}: {
  readonly tone?: TagTone;
  readonly icon?: LucideIcon;
  readonly tip?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={names('tag', tone !== 'plain' && tone)} data-tip={tip}>
      {icon && <Icon of={icon} size={12} />}
      {children}
    </span>
  );
}

/** Thin bar; `part` undefined means that the end is not known yet. */
export function Progress({
  part,
  name,
  width,
}: {
  readonly part: number | undefined;
  readonly name: string;
  readonly width?: number;
}) {
  const percent = part === undefined ? undefined : Math.round(part * 100);
  return (
    <span
      className={names('pbar', percent === undefined && 'unknown')}
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      style={width === undefined ? undefined : { width }}
    >
      <i style={{ width: percent === undefined ? '30%' : `${percent}%` }} />
    </span>
  );
}
