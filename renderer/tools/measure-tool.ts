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

/** Draws a new measurement from where the pointer went down. Nothing is kept of a mere click. */
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
      const measurement = on.make(id, kind, from, { x, y });
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
      const [a, b] = movedSpots(spots, grip, dx, dy);
      const moved = on.make(measurement.id, measurement.kind, a, b);
      annotate({ kind: 'edit', measurement: moved });
      isStarted = true;
    },
    end(_moved, cancelled) {
      if (cancelled && isStarted) annotate({ kind: 'edit', measurement });
    },
  };
}
