import { fixed, formatArea, formatLength, formatMean } from '../../core/measure/format.ts';
import type { Measurement } from '../../core/measure/types.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { type Say, useT } from '../app/language.ts';
import { corners, type MeasureSurface, type Spot } from './measure-surface.ts';

/** The words beside a measurement: number first, statistics below. */
export function labelLines(t: Say, measurement: Measurement): string[] {
  const lines = valueLines(t, measurement);
  const { anchor, verdict } = measurement;
  // Doubtful millimetres say so beside the number.
  const isDoubtful = anchor.kind !== 'image' && (verdict === 'approximate' || verdict === 'none');
  return isDoubtful && lines.length > 0 ? [...lines, t(readingTerms[`reading.verdict.${verdict}`])] : lines;
}

function valueLines(t: Say, { value, kind }: Measurement): string[] {
  if (kind === 'length')
    return value.length === undefined ? [] : [formatLength(value.length, value.calibration)];
  const lines: string[] = [];
  if (value.statistics) {
    const { mean, sd } = value.statistics;
    lines.push(
      t(readingTerms['reading.meanSd'], {
        mean: formatMean(mean, value.valueUnit),
        sd: Number.isNaN(sd) ? '–' : fixed(sd, 1),
      }),
    );
  }
  if (value.area !== undefined) lines.push(formatArea(value.area, value.calibration));
  return lines;
}

const path = (spots: readonly Spot[]): string => `M${spots.map((s) => `${s.x} ${s.y}`).join('L')}`;

/** Short bars across the ends of a length. */
function endBars([a, b]: readonly [Spot, Spot]): string {
  const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const nx = (-(b.y - a.y) / long) * 5;
  const ny = ((b.x - a.x) / long) * 5;
  const bar = (s: Spot): string => `M${s.x - nx} ${s.y - ny}L${s.x + nx} ${s.y + ny}`;
  return bar(a) + bar(b);
}

function outline(kind: Measurement['kind'], spots: readonly [Spot, Spot]): string {
  if (kind === 'length') return path(spots) + endBars(spots);
  if (kind === 'rectangle') return `${path(corners(spots))}Z`;
  const [a, b] = spots;
  const rx = Math.abs(b.x - a.x) / 2;
  const ry = Math.abs(b.y - a.y) / 2;
  const cx = (a.x + b.x) / 2;
  const cy = (a.y + b.y) / 2;
  return `M${cx - rx} ${cy}A${rx} ${ry} 0 1 0 ${cx + rx} ${cy}A${rx} ${ry} 0 1 0 ${cx - rx} ${cy}Z`;
}

const gripCircle = ({ x, y }: Spot): string => `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z`;

/** Where the label stands: off the finding, on a dotted lead. */
function labelPlace(
  kind: Measurement['kind'],
  [a, b]: readonly [Spot, Spot],
  width: number,
  height: number,
): { readonly from: Spot; readonly at: Spot; readonly anchor: 'start' | 'end' } {
  const lower = a.y > b.y ? a : b;
  const from = kind === 'length' ? lower : { x: Math.max(a.x, b.x), y: (a.y + b.y) / 2 };
  const isLeft = from.x + 190 > width;
  const at = { x: from.x + (isLeft ? -30 : 30), y: Math.min(height - 40, from.y + 34) };
  return { from, at, anchor: isLeft ? 'end' : 'start' };
}

function Mark({
  measurement,
  spots,
  isSelected,
  width,
  height,
}: {
  readonly measurement: Measurement;
  readonly spots: readonly [Spot, Spot];
  readonly isSelected: boolean;
  readonly width: number;
  readonly height: number;
}) {
  const t = useT();
  const d = outline(measurement.kind, spots);
  const { from, at, anchor } = labelPlace(measurement.kind, spots, width, height);
  const grips = measurement.kind === 'length' ? spots : corners(spots);
  return (
    <g className={isSelected ? 'mark selected' : 'mark'} data-measurement={measurement.id}>
      <path className="mh" d={d} />
      <path className="m" d={d} />
      <path className="m lead" d={path([from, at])} />
      {isSelected && <path className="mp" d={grips.map(gripCircle).join('')} />}
      {labelLines(t, measurement).map((line, n) => (
        <text
          key={line}
          className="mt"
          x={at.x + (anchor === 'start' ? 4 : -4)}
          y={at.y + 8 + n * 15}
          textAnchor={anchor}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

/** The measurements that belong to the picture on screen. */
export function AnnotationLayer({
  items,
  selectedId,
  surface,
  width,
  height,
}: {
  readonly items: readonly Measurement[];
  readonly selectedId: string | null;
  readonly surface: MeasureSurface | null;
  readonly width: number;
  readonly height: number;
}) {
  if (!surface || width === 0) return null;
  return (
    <svg className="marks" width={width} height={height} aria-hidden="true">
      {items.map((measurement) => {
        const spots = surface.place(measurement);
        return (
          spots && (
            <Mark
              key={measurement.id}
              measurement={measurement}
              spots={spots}
              isSelected={measurement.id === selectedId}
              width={width}
              height={height}
            />
          )
        );
      })}
    </svg>
  );
}
