import { moved } from '../../../../core/geometry/matrices.ts';
import type { CurvedScene, SliceScene } from '../../../../core/scene/types.ts';

/** Whole rows of a picture that are drawn at once. */
export interface Band<S extends SliceScene | CurvedScene> {
  /** In the same pixels as the whole, with `above` rows more at its top. */
  readonly scene: S;
  /** Row of the whole picture where the band begins, and how many it has. */
  readonly top: number;
  readonly rows: number;
  /** Rows drawn before `top`: what stands beside a pixel is known there too. */
  readonly above: number;
}

/**
 * A picture in bands of at most `mostPixels`, each with `margin` rows of its neighbours: one band, and the scene itself,
 * where all of it fits. Pixels lie where they lie in the whole.
 * @param part the scene of `count` rows from row `from` on
 */
export function bandsOf<S extends SliceScene | CurvedScene>(
  scene: S,
  mostPixels: number,
  margin: number,
  part: (from: number, count: number) => S,
): readonly Band<S>[] {
  const { width, height } = scene;
  if (width * height <= mostPixels) return [{ scene, top: 0, rows: height, above: 0 }];
  const most = Math.max(1, Math.floor(mostPixels / width) - 2 * margin);
  return Array.from({ length: Math.ceil(height / most) }, (_, n) => {
    const top = n * most;
    const rows = Math.min(most, height - top);
    const above = Math.min(margin, top);
    const drawn = Math.min(height, top + rows + margin) - (top - above);
    return { scene: part(top - above, drawn), top, rows, above };
  });
}

export function planeBands(
  scene: SliceScene,
  mostPixels: number,
  margin: number,
): readonly Band<SliceScene>[] {
  const { height, spacingMm, plane } = scene;
  return bandsOf(scene, mostPixels, margin, (from, count) => {
    // From the middle of the whole to the middle of the band.
    const down = (from + count / 2 - height / 2) * spacingMm;
    const origin = moved(plane.origin, plane.down, down);
    return { ...scene, plane: { ...plane, origin }, height: count };
  });
}
