import { useRef } from 'react';
import type { ColourPoint } from '../../../core/scene/types.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useT } from '../../app/language.ts';
import { addColour, hexOf, moveColour, removeColour, rgbOf } from './transfer-edit.ts';
import './transfer-editor.css';

/** A hand that moves less than this picks a colour. */
const clickPx = 4;

interface StripProps {
  readonly colours: readonly ColourPoint[];
  /** Where a value lies along the strip, 0 … 1, and what lies at a place. */
  shareOf(value: number): number;
  valueAt(share: number): number;
  /** A value in words. */
  named(value: number): string;
  onHold(isHeld: boolean): void;
  onChange(colours: readonly ColourPoint[]): void;
}

/** The colours of a transfer function at their values: a click picks one, a drag moves it, a double click adds one. */
export function ColourStrip({ colours, shareOf, valueAt, named, onHold, onChange }: StripProps) {
  const t = useT();
  const strip = useRef<HTMLFieldSetElement>(null);
  const drag = useRef({ fromX: 0, isMoved: false });
  const valueUnder = (clientX: number): number => {
    const box = strip.current?.getBoundingClientRect();
    return valueAt(box ? (clientX - box.left) / box.width : 0);
  };
  const step = (valueAt(1) - valueAt(0)) / 200;
  const keyed = (key: string, n: number, times: number): readonly ColourPoint[] | null => {
    if (key === 'Delete' || key === 'Backspace') return removeColour(colours, n);
    const by = { ArrowLeft: -step, ArrowRight: step }[key];
    return by === undefined ? null : moveColour(colours, n, colours[n]!.value + by * times);
  };
  return (
    <fieldset
      ref={strip}
      className="tfe-colours"
      aria-label={t(readingTerms['reading.transferColours'])}
      data-tip={t(readingTerms['reading.transferColours'])}
      onDoubleClick={(event) => {
        if (event.target === event.currentTarget) onChange(addColour(colours, valueUnder(event.clientX)));
      }}
    >
      {colours.map(({ value, colour }, n) => (
        <input
          key={String(n)}
          type="color"
          style={{ left: `${shareOf(value) * 100}%` }}
          value={hexOf(colour)}
          aria-label={t(readingTerms['reading.transferColour'], { value: named(value) })}
          data-tip={t(readingTerms['reading.transferColour'], { value: named(value) })}
          onChange={({ target }) =>
            onChange(colours.map((c, k) => (k === n ? { value, colour: rgbOf(target.value) } : c)))
          }
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { fromX: event.clientX, isMoved: false };
            onHold(true);
          }}
          onPointerMove={(event) => {
            if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
            drag.current.isMoved ||= Math.abs(event.clientX - drag.current.fromX) >= clickPx;
            if (drag.current.isMoved) onChange(moveColour(colours, n, valueUnder(event.clientX)));
          }}
          onLostPointerCapture={() => onHold(false)}
          onClick={(event) => {
            if (drag.current.isMoved) event.preventDefault();
            drag.current.isMoved = false;
          }}
          onKeyDown={(event) => {
            const next = keyed(event.key, n, event.shiftKey ? 10 : 1);
            if (!next) return;
            onChange(next);
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      ))}
    </fieldset>
  );
}
