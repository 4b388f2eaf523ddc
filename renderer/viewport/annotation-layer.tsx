import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Measurement } from '../../core/measure/types.ts';
import { type Say, useT } from '../app/language.ts';
import {
  isInSight,
  type LabelPlace,
  type LabelWish,
  labelLinePx,
  placeLabels,
  type Rect,
} from './label-places.ts';
import { elsewhereText, labelLines, seenLines } from './mark-texts.ts';
import {
  type Box,
  corners,
  ellipseIn,
  type MeasureSurface,
  type PlacedMark,
  type Spot,
} from './measure-surface.ts';
import { type SeriesLabels, useSeriesLabels } from './series-labels.ts';

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

/** What else is written on a viewport, and the line of values that comes and goes with the pointer. */
const writing = '.tx, .ed, .ruler, .phases, .vp-load span';
const probePx = 17;

function writtenOn(viewport: Element): readonly Rect[] {
  const { left, top } = viewport.getBoundingClientRect();
  return [...viewport.querySelectorAll(writing)].flatMap((element) => {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return [];
    const isWithoutProbe = element.matches('.bl') && !element.querySelector('.probe');
    return {
      left: box.left - left,
      top: box.top - top - (isWithoutProbe ? probePx : 0),
      right: box.right - left,
      bottom: box.bottom - top,
    };
  });
}

const isSameRect = (a: Rect, b: Rect): boolean =>
  Math.abs(a.left - b.left) + Math.abs(a.top - b.top) < 2 &&
  Math.abs(a.right - b.right) + Math.abs(a.bottom - b.bottom) < 2;

/** What is written on the viewport around an element, as it was after the last drawing. */
function useWriting(element: RefObject<Element | null>, isWanted: boolean): readonly Rect[] {
  const [written, setWritten] = useState<readonly Rect[]>([]);
  useLayoutEffect(() => {
    const viewport = element.current?.parentElement;
    if (!viewport || !isWanted) return;
    const found = writtenOn(viewport);
    setWritten((before) =>
      before.length === found.length && before.every((rect, n) => isSameRect(rect, found[n]!))
        ? before
        : found,
    );
  });
  return written;
}

interface Shown extends LabelWish {
  readonly measurement: Measurement;
}

function Mark({
  shown: { measurement, placed, lines },
  label,
  isSelected,
}: {
  readonly shown: Shown;
  readonly label: LabelPlace;
  readonly isSelected: boolean;
}) {
  const t = useT();
  const names = useSeriesLabels();
  const { spots, isOwn } = placed;
  const d = outline(measurement.kind, placed);
  const grips = measurement.kind === 'length' ? spots : corners(spots);
  const kinds = ['mark', isSelected && 'selected', !isOwn && 'seen'].filter(Boolean).join(' ');
  return (
    <g className={kinds} data-measurement={measurement.id}>
      <path className="mh" d={d} />
      <path className="m" d={d} />
      {lines.length > 0 && <path className="m lead" d={path([label.from, label.to])} />}
      {!isOwn && <path className="m-tip" d={d} data-tip={elsewhereText(t, measurement, names)} />}
      {isSelected && isOwn && <path className="mp" d={grips.map(gripCircle).join('')} />}
      {lines.map((line, n) => (
        <text key={line} className="mt" x={label.x} y={label.y + n * labelLinePx} textAnchor={label.anchor}>
          {line}
        </text>
      ))}
    </g>
  );
}

function shownOn(
  t: Say,
  names: SeriesLabels,
  items: readonly Measurement[],
  selectedId: string | null,
  surface: MeasureSurface,
  width: number,
  height: number,
): readonly Shown[] {
  return items.flatMap((measurement): Shown[] => {
    const placed = surface.place(measurement);
    const { kind, id } = measurement;
    if (!placed || !isInSight({ kind, placed }, width, height)) return [];
    const lines = placed.isOwn
      ? labelLines(t, measurement)
      : seenLines(t, measurement, id === selectedId, names);
    return [{ kind, measurement, placed, lines }];
  });
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
  const t = useT();
  const names = useSeriesLabels();
  const svg = useRef<SVGSVGElement>(null);
  const shown = surface && width > 0 ? shownOn(t, names, items, selectedId, surface, width, height) : [];
  const written = useWriting(svg, shown.length > 0);
  if (!surface || width === 0) return null;
  const labels = placeLabels(shown, width, height, written);
  return (
    <svg ref={svg} className="marks" width={width} height={height} aria-hidden="true">
      {shown.map((mark, n) => (
        <Mark
          key={mark.measurement.id}
          shown={mark}
          label={labels[n]!}
          isSelected={mark.measurement.id === selectedId}
        />
      ))}
    </svg>
  );
}
