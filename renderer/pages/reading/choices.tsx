import { chordLabel } from '../../app/chord.ts';

export interface ChoiceOf<T> {
  readonly value: T;
  readonly name: string;
  readonly data?: Readonly<Record<`data-${string}`, string>>;
}

/** One of a few choices, side by side. */
export function Choices<T>({
  choices,
  chosen,
  label,
  keys,
  onChoose,
}: {
  readonly choices: readonly ChoiceOf<T>[];
  readonly chosen: T | undefined;
  readonly label: string;
  readonly keys?: string;
  onChoose(value: T): void;
}) {
  return (
    <fieldset
      className="seg wide-seg"
      aria-label={label}
      data-tip={label}
      data-keys={keys && chordLabel(keys)}
    >
      {choices.map(({ value, name, data }) => (
        <button
          key={name}
          type="button"
          className={value === chosen ? 'on' : ''}
          aria-pressed={value === chosen}
          {...data}
          onClick={() => onChoose(value)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
