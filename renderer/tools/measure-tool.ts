import type { AnnotationAction } from '../../core/measure/annotations.ts';
import type { Measurement, MeasurementKind } from '../../core/measure/types.ts';
import type { Drag } from '../viewport/gestures.ts';
import {
  type Grip,
  gripAt,
  type MeasureSurface,
  movedSpots,
  type Spot,
} from '../viewport/measure-surface.ts';

/** Shorter than this a drag made nothing. */
const leastPx = 4;
/** A hand that begins this far beside the picture means its edge; farther away, nothing. */
const besidePx = 12;

/** Draws a new measurement from where the pointer went down. Nothing is kept of a mere click, or beside the picture. */
export function drawMeasurement(
  kind: MeasurementKind,
  id: string,
  from: Spot,
  surface: () => MeasureSurface | null,
  annotate: (action: AnnotationAction) => void,
): Drag {
  let isAdded = false;
  return {
    move(_dx, _dy, x, y) {
      const on = surface();
      if (!on || (!isAdded && Math.hypot(x - from.x, y - from.y) < leastPx)) return;
      const start = on.within(from);
      if (Math.hypot(start.x - from.x, start.y - from.y) > besidePx) return;
      const measurement = on.make(id, kind, start, on.within({ x, y }));
      annotate({ kind: isAdded ? 'edit' : 'add', measurement });
      isAdded = true;
    },
    end(_moved, cancelled) {
      if (cancelled && isAdded) annotate({ kind: 'remove', id });
    },
  };
}

export interface Grabbed {
  readonly measurement: Measurement;
  readonly grip: Grip;
  readonly spots: readonly [Spot, Spot];
}

/** The measurement under the pointer, the selected one first, then the newest. */
export function grabMeasurement(
  items: readonly Measurement[],
  selectedId: string | null,
  surface: MeasureSurface,
  x: number,
  y: number,
): Grabbed | null {
  const ordered = [...items]
    .reverse()
    .sort((a, b) => Number(b.id === selectedId) - Number(a.id === selectedId));
  for (const measurement of ordered) {
    const spots = surface.place(measurement);
    const grip = spots && gripAt(measurement.kind, spots, x, y);
    if (spots && grip) return { measurement, grip, spots };
  }
  return null;
}

/** Spots on the picture: the whole keeps its size, a handle stops at the edge. */
function keptIn(on: MeasureSurface, [a, b]: readonly [Spot, Spot], grip: Grip): readonly [Spot, Spot] {
  const [insideA, insideB] = [on.within(a), on.within(b)];
  if (grip.kind !== 'body') return [insideA, insideB];
  const farther = (one: number, other: number): number => (Math.abs(one) > Math.abs(other) ? one : other);
  const dx = farther(insideA.x - a.x, insideB.x - b.x);
  const dy = farther(insideA.y - a.y, insideB.y - b.y);
  return [
    { x: a.x + dx, y: a.y + dy },
    { x: b.x + dx, y: b.y + dy },
  ];
}

/** Moves a handle or the whole; one undo step a drag. */
export function moveMeasurement(
  { measurement, grip, spots }: Grabbed,
  surface: () => MeasureSurface | null,
  annotate: (action: AnnotationAction) => void,
): Drag {
  let dx = 0;
  let dy = 0;
  let isStarted = false;
  annotate({ kind: 'select', id: measurement.id });
  return {
    move(stepX, stepY) {
      dx += stepX;
      dy += stepY;
      const on = surface();
      if (!on || (!isStarted && Math.hypot(dx, dy) < leastPx)) return;
      const [a, b] = keptIn(on, movedSpots(spots, grip, dx, dy), grip);
      const moved = on.make(measurement.id, measurement.kind, a, b);
      annotate({ kind: 'edit', measurement: moved });
      isStarted = true;
    },
    end(_moved, cancelled) {
      if (cancelled && isStarted) annotate({ kind: 'edit', measurement });
    },
  };
}
