import type { Measurement } from '../../core/measure/types.ts';
import { useT } from '../app/language.ts';
import { elsewhereText, labelLines, seenLines } from './mark-texts.ts';
import {
  type Box,
  corners,
  ellipseIn,
  type MeasureSurface,
  type PlacedMark,
  type Spot,
} from './measure-surface.ts';

const path = (spots: readonly Spot[]): string => `M${spots.map((s) => `${s.x} ${s.y}`).join('L')}`;

/** Short bars across the ends of a length. */
function endBars([a, b]: readonly [Spot, Spot]): string {
  const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const nx = (-(b.y - a.y) / long) * 5;
  const ny = ((b.x - a.x) / long) * 5;
  const bar = (s: Spot): string => `M${s.x - nx} ${s.y - ny}L${s.x + nx} ${s.y + ny}`;
  return bar(a) + bar(b);
}

function outline(kind: Measurement['kind'], { spots, box }: PlacedMark): string {
  if (kind === 'length') return path(spots) + endBars(spots);
  return kind === 'rectangle' ? `${path(box)}Z` : ellipsePath(box);
}

/** As two halves, each from one end of the first axis to the other. */
function ellipsePath(box: Box): string {
  const { x, y, rx, ry, angleRad } = ellipseIn(box);
  const [dx, dy] = [rx * Math.cos(angleRad), rx * Math.sin(angleRad)];
  const arc = `A${rx} ${ry} ${(angleRad * 180) / Math.PI} 1 0`;
  return `M${x - dx} ${y - dy}${arc} ${x + dx} ${y + dy}${arc} ${x - dx} ${y - dy}Z`;
}

const gripCircle = ({ x, y }: Spot): string => `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z`;

/** Where the label stands: off the finding, on a dotted lead. */
function labelPlace(
  kind: Measurement['kind'],
  { spots: [a, b], box }: PlacedMark,
  width: number,
  height: number,
): { readonly from: Spot; readonly at: Spot; readonly anchor: 'start' | 'end' } {
  const lower = a.y > b.y ? a : b;
  const from = kind === 'length' ? lower : { x: Math.max(...box.map((spot) => spot.x)), y: (a.y + b.y) / 2 };
  const isLeft = from.x + 190 > width;
  const at = { x: from.x + (isLeft ? -30 : 30), y: Math.min(height - 40, from.y + 34) };
  return { from, at, anchor: isLeft ? 'end' : 'start' };
}

function Mark({
  measurement,
  placed,
  isSelected,
  width,
  height,
}: {
  readonly measurement: Measurement;
  readonly placed: PlacedMark;
  readonly isSelected: boolean;
  readonly width: number;
  readonly height: number;
}) {
  const t = useT();
  const { spots, isOwn } = placed;
  const d = outline(measurement.kind, placed);
  const { from, at, anchor } = labelPlace(measurement.kind, placed, width, height);
  const grips = measurement.kind === 'length' ? spots : corners(spots);
  const lines = isOwn ? labelLines(t, measurement) : seenLines(t, measurement, isSelected);
  const kinds = ['mark', isSelected && 'selected', !isOwn && 'seen'].filter(Boolean).join(' ');
  return (
    <g className={kinds} data-measurement={measurement.id}>
      <path className="mh" d={d} />
      <path className="m" d={d} />
      <path className="m lead" d={path([from, at])} />
      {!isOwn && <path className="m-tip" d={d} data-tip={elsewhereText(t, measurement)} />}
      {isSelected && isOwn && <path className="mp" d={grips.map(gripCircle).join('')} />}
      {lines.map((line, n) => (
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

/** The measurements that the picture on screen shows. */
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
        const placed = surface.place(measurement);
        return (
          placed && (
            <Mark
              key={measurement.id}
              measurement={measurement}
              placed={placed}
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
