import { formatValue } from '../../../../core/measure/format.ts';
import { type ColourMap, mapColour } from '../../../../core/scene/fusion.ts';

const barPx = 96;
const barShares = Array.from({ length: 65 }, (_, n) => n / 64);

/** A bar is read roughly: no digits after the point from 100 on. */
const barText = (value: number, unit: string): string =>
  formatValue(Math.abs(value) >= 100 ? Math.round(value) : value, unit);

/** What the colours stand for: a colour map always has its bar. */
export function ColourBar({
  map,
  low,
  high,
  unit,
}: {
  readonly map: ColourMap;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
}) {
  return (
    <div className="colour-bar">
      <span>{barText(high, unit)}</span>
      <svg viewBox={`0 0 10 ${barPx}`} preserveAspectRatio="none" aria-hidden="true">
        {barShares.map((share) => {
          const [r, g, b] = mapColour(map, share).map((c) => Math.round(c * 255));
          return (
            <rect
              key={share}
              y={(1 - share) * (barPx - 2)}
              width={10}
              height={2}
              fill={`rgb(${r} ${g} ${b})`}
            />
          );
        })}
      </svg>
      <span>{barText(low, unit)}</span>
    </div>
  );
}
