import type { CurvedRows, CurvedScene } from '../../../../core/scene/types.ts';
import { type Band, bandsOf } from './plane-bands.ts';

/** Rows `from` … `from + count` of a curved plane. */
const someRows = ({ centres, across, through }: CurvedRows, from: number, count: number): CurvedRows => ({
  centres: centres.slice(3 * from, 3 * (from + count)),
  across: across.slice(3 * from, 3 * (from + count)),
  through: through.slice(3 * from, 3 * (from + count)),
});

/** A curved picture in bands of its rows, as `planeBands` has a plane: each row has its own place, so none moves. */
export const curvedBands = (
  scene: CurvedScene,
  mostPixels: number,
  margin: number,
): readonly Band<CurvedScene>[] =>
  bandsOf(scene, mostPixels, margin, (from, count) => ({
    ...scene,
    rows: someRows(scene.rows, from, count),
    height: count,
  }));
