import { useState } from 'react';

/** A number that is typed: kept as it is written, told as soon as it is a number. */
export function NumberField({
  label,
  value,
  step,
  isWrong,
  data,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly step?: number;
  readonly isWrong: boolean;
  readonly data: string;
  onChange(value: number): void;
}) {
  const [text, setText] = useState(String(value));
  // A value that came from elsewhere replaces what was written.
  const shown = Number(text) === value || Number.isNaN(value) ? text : String(value);
  return (
    <span className="field number">
      <input
        type="number"
        min={0}
        step={step ?? 'any'}
        value={shown}
        aria-label={label}
        aria-invalid={isWrong}
        data-field={data}
        onChange={({ target }) => {
          setText(target.value);
          onChange(target.value === '' ? Number.NaN : Number(target.value));
        }}
      />
    </span>
  );
}
