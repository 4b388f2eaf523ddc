import type { Measurement, MeasurementKind } from '../../core/measure/types.ts';

/** A place on a viewport in CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What a measuring tool needs of the picture under it: stack frame or reconstructed plane. */
export interface MeasureSurface {
  readonly seriesKey: string;
  /** The nearest spot that is on the picture and in sight: nothing is measured where nothing is seen. */
  within(spot: Spot): Spot;
  /** Two spots as a measurement of that kind, with its value taken from the acquired voxels. */
  make(id: string, kind: MeasurementKind, a: Spot, b: Spot): Measurement;
  /** The two points of a measurement on this picture; null when it belongs to another. */
  place(measurement: Measurement): readonly [Spot, Spot] | null;
}

/** The nearest spot in the box between two corners, whichever they are. */
export const inBox = ({ x, y }: Spot, a: Spot, b: Spot): Spot => ({
  x: Math.min(Math.max(a.x, b.x), Math.max(Math.min(a.x, b.x), x)),
  y: Math.min(Math.max(a.y, b.y), Math.max(Math.min(a.y, b.y), y)),
});

/** The four corners between two spots, for boxes and ellipses along the screen's axes. */
export const corners = ([a, b]: readonly [Spot, Spot]): readonly Spot[] => [
  a,
  { x: b.x, y: a.y },
  b,
  { x: a.x, y: b.y },
];

export type Grip =
  | { readonly kind: 'point'; readonly index: 0 | 1 }
  /** A corner of a box that mixes the coordinates of both points. */
  | { readonly kind: 'corner'; readonly index: 1 | 3 }
  | { readonly kind: 'body' };

const gripPx = 9;

const near = (a: Spot, x: number, y: number): boolean => Math.hypot(a.x - x, a.y - y) <= gripPx;

function distanceToSegment(a: Spot, b: Spot, x: number, y: number): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const t = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / squared));
  return Math.hypot(a.x + t * dx - x, a.y + t * dy - y);
}

/** What of a measurement lies under the pointer. */
export function gripAt(
  kind: MeasurementKind,
  spots: readonly [Spot, Spot],
  x: number,
  y: number,
): Grip | null {
  if (near(spots[0], x, y)) return { kind: 'point', index: 0 };
  if (near(spots[1], x, y)) return { kind: 'point', index: 1 };
  const body: Grip = { kind: 'body' };
  if (kind === 'length') return distanceToSegment(...spots, x, y) <= gripPx / 2 ? body : null;
  const box = corners(spots);
  if (near(box[1]!, x, y)) return { kind: 'corner', index: 1 };
  if (near(box[3]!, x, y)) return { kind: 'corner', index: 3 };
  if (kind === 'ellipse') return onEllipse(spots, x, y) ? body : null;
  const onEdge = box.some((spot, n) => distanceToSegment(spot, box[(n + 1) % 4]!, x, y) <= gripPx / 2);
  return onEdge ? body : null;
}

function onEllipse([a, b]: readonly [Spot, Spot], x: number, y: number): boolean {
  const halfWidth = Math.abs(b.x - a.x) / 2;
  const halfHeight = Math.abs(b.y - a.y) / 2;
  if (halfWidth < 1 || halfHeight < 1) return false;
  const u = (x - (a.x + b.x) / 2) / halfWidth;
  const v = (y - (a.y + b.y) / 2) / halfHeight;
  const radius = Math.hypot(u, v);
  return Math.abs(radius - 1) * Math.min(halfWidth, halfHeight) <= gripPx / 2;
}

/** The two points after moving a grip by (dx, dy). */
export function movedSpots(
  [a, b]: readonly [Spot, Spot],
  grip: Grip,
  dx: number,
  dy: number,
): readonly [Spot, Spot] {
  const by = (spot: Spot, x: number, y: number): Spot => ({ x: spot.x + x, y: spot.y + y });
  if (grip.kind === 'body') return [by(a, dx, dy), by(b, dx, dy)];
  if (grip.kind === 'point') return grip.index === 0 ? [by(a, dx, dy), b] : [a, by(b, dx, dy)];
  return grip.index === 1 ? [by(a, 0, dy), by(b, dx, 0)] : [by(a, dx, 0), by(b, 0, dy)];
}
