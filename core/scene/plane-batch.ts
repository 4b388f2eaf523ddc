import { moved, rotateAbout } from '../geometry/matrices.ts';
import { orthonormalPlane, planeNormal } from '../geometry/planes.ts';
import type { Plane } from '../geometry/types.ts';

/** Planes to be cut one after another: side by side, or turned about their common vertical line. */
export type PlaneBatch =
  | { readonly kind: 'parallel'; readonly count: number; readonly stepMm: number }
  | { readonly kind: 'radial'; readonly count: number };

/** Most planes that a batch may have. */
export const mostPlanes = 2000;

/**
 * The planes of a batch. Parallel ones lie evenly on both sides of `middle`, in the order of its normal (away from
 * the viewer for a positive step). Radial ones turn about the line through the picture's centre from top to bottom,
 * half a turn in all: `middle` comes first, and its mirror image, which would be the next, is left out.
 */
export function batchPlanes(middle: Plane, batch: PlaneBatch): Plane[] {
  const { count } = batch;
  if (batch.kind === 'parallel') {
    const normal = planeNormal(middle);
    return Array.from({ length: count }, (_, n) => ({
      ...middle,
      origin: moved(middle.origin, normal, (n - (count - 1) / 2) * batch.stepMm),
    }));
  }
  return Array.from({ length: count }, (_, n) =>
    orthonormalPlane(
      middle.origin,
      rotateAbout(middle.right, middle.down, (Math.PI * n) / count),
      middle.down,
    ),
  );
}
