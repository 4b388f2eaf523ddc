import { between, cross, dot, moved, normalise, scale } from '../geometry/matrices.ts';
import { volumeCorners } from '../geometry/planes.ts';
import type { PatientVector, Vec3, VolumeGeometry } from '../geometry/types.ts';
import { cameraBasis } from './camera.ts';
import type { Camera, ClipPlane } from './types.ts';

/** A clip plane as a hand holds it: with a direction in it, so that its handles stay where they are when it is tilted. */
export interface CutPlane extends ClipPlane {
  /** Unit length, in the plane. */
  readonly right: PatientVector;
  /** Turned over: its other direction stays where it was, against the rule of the right hand. */
  readonly isOver?: boolean;
}

/** Directions in the plane to which its two handles for tilting lie. */
export const cutSides = ['right', 'down'] as const;
export type CutSide = (typeof cutSides)[number];

export const sideOf = (cut: CutPlane, side: CutSide): PatientVector =>
  side === 'right' ? cut.right : scale(cross(cut.normal, cut.right), cut.isOver ? -1 : 1);

/** Through the middle of the picture and parallel to the screen: what lies before it goes. */
export function facingCut(camera: Camera): CutPlane {
  const { right, direction } = cameraBasis(camera);
  return { origin: camera.focalPoint, normal: direction, right };
}

/** The other half stays, and the handles where they are. */
export const turnedOver = (cut: CutPlane): CutPlane => ({
  ...cut,
  normal: scale(cut.normal, -1),
  isOver: !cut.isOver,
});

/** Moved by mm into what stays, no further than the volume reaches. */
export function movedCut(geometry: VolumeGeometry, cut: CutPlane, byMm: number): CutPlane {
  const reach = volumeCorners(geometry).map((corner) => dot(between(cut.origin, corner), cut.normal));
  const by = Math.min(Math.max(byMm, Math.min(...reach, 0)), Math.max(...reach, 0));
  return { ...cut, origin: moved(cut.origin, cut.normal, by) };
}

/** Tilted about its origin: its `side` goes by an angle towards what stays. */
export function tiltedCut(cut: CutPlane, side: CutSide, angleRad: number): CutPlane {
  const along = sideOf(cut, side);
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  const sum = (a: Vec3, by: number, b: Vec3): PatientVector =>
    normalise(scale(a, c).map((x, n) => x + by * b[n]!) as unknown as PatientVector);
  const normal = sum(cut.normal, -s, along);
  return { ...cut, normal, right: side === 'right' ? sum(cut.right, s, cut.normal) : cut.right };
}

/** Half the edge of the square that is drawn of it, in mm. */
export function cutHalfMm(geometry: VolumeGeometry): number {
  const corners = volumeCorners(geometry);
  return Math.max(...corners.map((corner) => Math.hypot(...between(corners[0]!, corner)))) / 6;
}

/** Corners of that square, one after another. */
export function cutCorners(cut: CutPlane, halfMm: number) {
  const down = sideOf(cut, 'down');
  return (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).map(([x, y]) => moved(moved(cut.origin, cut.right, x * halfMm), down, y * halfMm));
}
