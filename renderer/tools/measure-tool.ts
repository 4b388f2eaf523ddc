import type { Problem } from '../../core/base/problem.ts';
import type { AnnotationAction } from '../../core/measure/annotations.ts';
import type { Measurement, MeasurementKind } from '../../core/measure/types.ts';
import type { Drag } from '../viewport/gestures.ts';
import {
  type Grip,
  gripAt,
  type MeasureSurface,
  movedSpots,
  type PlacedMark,
  type Spot,
} from '../viewport/measure-surface.ts';

/** Shorter than this a drag made nothing. */
const leastPx = 4;
/** A hand that begins this far beside the picture means its edge; farther away, nothing. */
const besidePx = 12;

/** What a measuring hand works on. */
export interface MeasureHand {
  surface(): MeasureSurface | null;
  annotate(action: AnnotationAction): void;
  /** Told when the hand lets go where nothing can be measured. */
  refuse(problem: Problem): void;
}

/**
 * Draws a new measurement from where the pointer went down. Nothing is kept of a mere click, beside the picture, or
 * where the surface refuses.
 */
export function drawMeasurement(
  kind: MeasurementKind,
  id: string,
  from: Spot,
  { surface, annotate, refuse }: MeasureHand,
): Drag {
  let isAdded = false;
  let refused: Problem | null = null;
  return {
    move(_dx, _dy, x, y) {
      const on = surface();
      if (!on || (!isAdded && Math.hypot(x - from.x, y - from.y) < leastPx)) return;
      const start = on.within(from);
      if (Math.hypot(start.x - from.x, start.y - from.y) > besidePx) return;
      const made = on.make(id, kind, start, on.within({ x, y }));
      refused = made.ok ? null : made.problem;
      if (made.ok) annotate({ kind: isAdded ? 'edit' : 'add', measurement: made.value });
      else if (isAdded) annotate({ kind: 'remove', id });
      isAdded = made.ok;
    },
    end(_moved, cancelled) {
      if (cancelled && isAdded) annotate({ kind: 'remove', id });
      if (refused && !cancelled) refuse(refused);
    },
  };
}

export interface Grabbed {
  readonly measurement: Measurement;
  readonly grip: Grip;
  readonly placed: PlacedMark;
}

/** The measurement under the pointer: the selected one first, then those of this picture, then the newest. */
export function grabMeasurement(
  items: readonly Measurement[],
  selectedId: string | null,
  surface: MeasureSurface,
  x: number,
  y: number,
): Grabbed | null {
  const found = [...items].reverse().flatMap((measurement): Grabbed[] => {
    const placed = surface.place(measurement);
    const grip = placed && gripAt(measurement.kind, placed, x, y);
    return grip ? [{ measurement, grip, placed }] : [];
  });
  const rank = ({ measurement, placed }: Grabbed): number =>
    measurement.id === selectedId ? 2 : Number(placed.isOwn);
  return found.sort((a, b) => rank(b) - rank(a))[0] ?? null;
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

/**
 * Moves a handle or the whole; one undo step a drag. What was drawn on another picture is selected and stays where it
 * is: `elsewhere` says why.
 */
export function moveMeasurement(
  { measurement, grip, placed }: Grabbed,
  { surface, annotate, refuse }: MeasureHand,
  elsewhere: (measurement: Measurement) => string,
): Drag {
  let dx = 0;
  let dy = 0;
  let isStarted = false;
  let refused: Problem | null = null;
  annotate({ kind: 'select', id: measurement.id });
  if (!placed.isOwn) return { move: () => undefined, note: () => elsewhere(measurement) };
  return {
    move(stepX, stepY) {
      dx += stepX;
      dy += stepY;
      const on = surface();
      if (!on || (!isStarted && Math.hypot(dx, dy) < leastPx)) return;
      const [a, b] = keptIn(on, movedSpots(placed.spots, grip, dx, dy), grip);
      const moved = on.make(measurement.id, measurement.kind, a, b);
      refused = moved.ok ? null : moved.problem;
      annotate({ kind: 'edit', measurement: moved.ok ? moved.value : measurement });
      isStarted = true;
    },
    end(_moved, cancelled) {
      if (cancelled && isStarted) annotate({ kind: 'edit', measurement });
      if (refused && !cancelled) refuse(refused);
    },
  };
}
