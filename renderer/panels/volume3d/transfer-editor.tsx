import { type PointerEvent, useMemo, useRef } from 'react';
import { fixed } from '../../../core/measure/format.ts';
import { isByPercent } from '../../../core/scene/body-percentile.ts';
import type { TransferFunction } from '../../../core/scene/types.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useT } from '../../app/language.ts';
import { Button } from '../../ui/controls.tsx';
import { ColourStrip } from './colour-strip.tsx';
import { addPoint, axisTicks, domainOf, histogramOf, movePoint, removePoint } from './transfer-edit.ts';
import './transfer-editor.css';

const width = 240;
const height = 110;
const bins = 80;
/** Labels end here; the unit stands at the end of the axis. */
const lastLabel = 0.86;

interface EditorProps {
  readonly transfer: TransferFunction;
  /** Other than the preset's. */
  readonly isChanged: boolean;
  readonly unit: string;
  /** How far the function is moved along the values. */
  readonly shift: number;
  /** Range of the series' values, and its percentiles. */
  readonly least: number;
  readonly most: number;
  percentile(percent: number): number;
  /** A hand holds a point: what it changes is one step back. */
  onHold(isHeld: boolean): void;
  /** Null = the preset's again. */
  onChange(transfer: TransferFunction | null): void;
}

/** Opacity over values as a line of points above the histogram of the series, and its colours below. */
export function TransferEditor({
  transfer,
  isChanged,
  unit,
  shift,
  least,
  most,
  percentile,
  onHold,
  onChange,
}: EditorProps) {
  const t = useT();
  const graph = useRef<SVGSVGElement>(null);
  const isPercent = isByPercent(transfer.unit);
  // Percentiles have their values only after the shift: there the axis is that of the function.
  const moved = isPercent ? 0 : shift;
  const [low, high] = domainOf(transfer, least, most, moved);
  const bars = useMemo(
    () => (isPercent ? [] : histogramOf(percentile, [low, high], bins)),
    [isPercent, percentile, low, high],
  );
  const xOf = (value: number): number => ((value + moved - low) / (high - low)) * width;
  const yOf = (opacity: number): number => (1 - opacity) * height;
  const at = (event: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => {
    const box = graph.current?.getBoundingClientRect();
    if (!box) return [low - moved, 0];
    const x = (event.clientX - box.left) / box.width;
    return [low - moved + x * (high - low), 1 - (event.clientY - box.top) / box.height];
  };
  const { opacity: points, colour: colours } = transfer;
  const setPoints = (opacity: TransferFunction['opacity']): void => onChange({ ...transfer, opacity });
  const named = (value: number): string =>
    isPercent ? `${fixed(value, 1)} %` : `${fixed(value + moved, 0)} ${unit}`.trim();
  const drag = (n: number) => (event: PointerEvent<SVGCircleElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setPoints(movePoint(points, n, ...at(event)));
  };
  const line = points.map(({ value, opacity }) => `${xOf(value)},${yOf(opacity)}`).join(' ');
  return (
    <section className="grp" aria-label={t(readingTerms['reading.transfer'])}>
      <div className="gh">
        <span className="grow">{t(readingTerms['reading.transfer'])}</span>
        {isChanged && (
          <Button size="small" onClick={() => onChange(null)}>
            {t(readingTerms['reading.transferReset'])}
          </Button>
        )}
      </div>
      <svg
        ref={graph}
        className="tfe"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        onDoubleClick={(event) => {
          if (event.target instanceof SVGCircleElement) return;
          setPoints(addPoint(points, ...at(event)));
        }}
      >
        <title>{t(readingTerms['reading.transferHint'])}</title>
        {bars.map((bar, n) => (
          <rect
            key={String(n)}
            x={(n * width) / bins}
            width={width / bins}
            y={height * (1 - bar)}
            height={height * bar}
          />
        ))}
        <polyline
          points={`0,${yOf(points[0]?.opacity ?? 0)} ${line} ${width},${yOf(points.at(-1)?.opacity ?? 0)}`}
        />
        {points.map(({ value, opacity }, n) => (
          <circle
            key={String(n)}
            cx={xOf(value)}
            cy={yOf(opacity)}
            r={5}
            role="slider"
            tabIndex={0}
            aria-label={t(readingTerms['reading.transferPoint'], {
              value: named(value),
              percent: fixed(opacity * 100, 0),
            })}
            aria-valuenow={Math.round(opacity * 100)}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              onHold(true);
            }}
            onPointerMove={drag(n)}
            onLostPointerCapture={() => onHold(false)}
            onKeyDown={(event) => {
              const next = afterKey(event.key, event.shiftKey ? 10 : 1, (high - low) / 200);
              if (event.key === 'Delete' || event.key === 'Backspace') setPoints(removePoint(points, n));
              else if (next) setPoints(movePoint(points, n, value + next[0], opacity + next[1]));
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
        ))}
      </svg>
      <div className="tfe-axis" aria-hidden="true">
        {axisTicks([low, high]).map(({ at: x, label }) => (
          <span key={label} style={{ left: `${x * 100}%` }} className={x < 0.06 ? 'first' : undefined}>
            {x < lastLabel && label}
          </span>
        ))}
        <em>{isPercent ? '%' : unit}</em>
      </div>
      <ColourStrip
        colours={colours}
        shareOf={(value) => xOf(value) / width}
        valueAt={(share) => low - moved + share * (high - low)}
        named={named}
        onHold={onHold}
        onChange={(colour) => onChange({ ...transfer, colour })}
      />
    </section>
  );
}

/** What an arrow key changes: value and opacity. */
function afterKey(key: string, times: number, valueStep: number): readonly [number, number] | null {
  switch (key) {
    case 'ArrowLeft':
      return [-valueStep * times, 0];
    case 'ArrowRight':
      return [valueStep * times, 0];
    case 'ArrowUp':
      return [0, 0.01 * times];
    case 'ArrowDown':
      return [0, -0.01 * times];
    default:
      return null;
  }
}
