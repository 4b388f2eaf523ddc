import { moved } from '../../../../core/geometry/matrices.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';

/** Whole rows of a plane's picture that are drawn at once. */
export interface PlaneBand {
  /** The plane in the same pixels as the whole, with `above` rows more at its top. */
  readonly scene: SliceScene;
  /** Row of the whole picture where the band begins, and how many it has. */
  readonly top: number;
  readonly rows: number;
  /** Rows drawn before `top`: what stands beside a pixel is known there too. */
  readonly above: number;
}

/**
 * A picture in bands of at most `mostPixels`, each with `margin` rows of its neighbours: one band, and the scene itself,
 * where all of it fits. Pixels lie where they lie in the whole.
 */
export function planeBands(scene: SliceScene, mostPixels: number, margin: number): readonly PlaneBand[] {
  const { width, height, spacingMm, plane } = scene;
  if (width * height <= mostPixels) return [{ scene, top: 0, rows: height, above: 0 }];
  const most = Math.max(1, Math.floor(mostPixels / width) - 2 * margin);
  return Array.from({ length: Math.ceil(height / most) }, (_, n) => {
    const top = n * most;
    const rows = Math.min(most, height - top);
    const above = Math.min(margin, top);
    const drawn = Math.min(height, top + rows + margin) - (top - above);
    // From the middle of the whole to the middle of the band.
    const down = (top - above + drawn / 2 - height / 2) * spacingMm;
    const origin = moved(plane.origin, plane.down, down);
    return { scene: { ...scene, plane: { ...plane, origin }, height: drawn }, top, rows, above };
  });
}
