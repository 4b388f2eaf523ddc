import type { Result } from '../../core/base/result.ts';
import type { PatientPoint } from '../../core/geometry/types.ts';
import { boxCorners } from '../../core/measure/seen-on.ts';
import type { InPatient, Measurement, MeasurementKind } from '../../core/measure/types.ts';

/** A place on a viewport in CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Corners of a box, in turn. */
export type Box = readonly [Spot, Spot, Spot, Spot];

/** A mark as it lies on a picture. */
export interface PlacedMark {
  /** Where its two points are. */
  readonly spots: readonly [Spot, Spot];
  /** Box of a region; on its own picture it lies along the screen. A length has it too, and nobody looks at it. */
  readonly box: Box;
  /** False where it was drawn on another picture: it is seen here, with the numbers of that one, and changed there. */
  readonly isOwn: boolean;
}

/** What a measuring tool needs of the picture under it: stack frame or reconstructed plane. */
export interface MeasureSurface {
  readonly seriesKey: string;
  /** The nearest spot that is on the picture and in sight: nothing is measured where nothing is seen. */
  within(spot: Spot): Spot;
  /** Two spots as a measurement of that kind, with its value taken from the acquired voxels; a problem where none is. */
  make(id: string, kind: MeasurementKind, a: Spot, b: Spot): Result<Measurement>;
  /** A measurement on this picture; null where the picture does not show it. */
  place(measurement: Measurement): PlacedMark | null;
}

/** The nearest spot in the box between two corners, whichever they are. */
export const inBox = ({ x, y }: Spot, a: Spot, b: Spot): Spot => ({
  x: Math.min(Math.max(a.x, b.x), Math.max(Math.min(a.x, b.x), x)),
  y: Math.min(Math.max(a.y, b.y), Math.max(Math.min(a.y, b.y), y)),
});

/** The four corners between two spots, for boxes and ellipses along the screen's axes. */
export const corners = ([a, b]: readonly [Spot, Spot]): Box => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];

/** A mark that was drawn on this picture. */
export const ownMark = (spots: readonly [Spot, Spot]): PlacedMark => ({
  spots,
  box: corners(spots),
  isOwn: true,
});

/** A mark that was drawn on another picture, by where it lies in the patient. */
export function seenMark(mark: InPatient, spotOf: (p: PatientPoint) => Spot): PlacedMark {
  const [a, b] = mark.points;
  const [, second, , fourth] = boxCorners(mark);
  const spots = [spotOf(a), spotOf(b)] as const;
  return { spots, box: [spots[0], spotOf(second), spots[1], spotOf(fourth)], isOwn: false };
}

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

/** What of a measurement lies under the pointer; of one that was drawn elsewhere there is only the whole. */
export function gripAt(
  kind: MeasurementKind,
  { spots, box, isOwn }: PlacedMark,
  x: number,
  y: number,
): Grip | null {
  if (isOwn) {
    if (near(spots[0], x, y)) return { kind: 'point', index: 0 };
    if (near(spots[1], x, y)) return { kind: 'point', index: 1 };
    if (kind !== 'length' && near(box[1], x, y)) return { kind: 'corner', index: 1 };
    if (kind !== 'length' && near(box[3], x, y)) return { kind: 'corner', index: 3 };
  }
  return isOnOutline(kind, spots, box, x, y) ? { kind: 'body' } : null;
}

function isOnOutline(
  kind: MeasurementKind,
  spots: readonly [Spot, Spot],
  box: Box,
  x: number,
  y: number,
): boolean {
  if (kind === 'length') return distanceToSegment(...spots, x, y) <= gripPx / 2;
  if (kind === 'ellipse') return onEllipse(box, x, y);
  return box.some((spot, n) => distanceToSegment(spot, box[(n + 1) % 4]!, x, y) <= gripPx / 2);
}

/** An ellipse that touches the sides of a box: centre, half axes in px, and the first one's direction in radians. */
export function ellipseIn([a, b, c]: Box): {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly angleRad: number;
} {
  return {
    x: (a.x + c.x) / 2,
    y: (a.y + c.y) / 2,
    rx: Math.hypot(b.x - a.x, b.y - a.y) / 2,
    ry: Math.hypot(c.x - b.x, c.y - b.y) / 2,
    angleRad: Math.atan2(b.y - a.y, b.x - a.x),
  };
}

function onEllipse(box: Box, x: number, y: number): boolean {
  const { x: cx, y: cy, rx, ry, angleRad } = ellipseIn(box);
  if (rx < 1 || ry < 1) return false;
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  const u = (c * (x - cx) + s * (y - cy)) / rx;
  const v = (c * (y - cy) - s * (x - cx)) / ry;
  return Math.abs(Math.hypot(u, v) - 1) * Math.min(rx, ry) <= gripPx / 2;
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
