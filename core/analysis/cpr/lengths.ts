import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { asideMm, readRow, rowNumbers } from './picture-rows.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** Whether lengths in the picture are true ones. */
export const isToScale = ({ mode }: Pick<CprPicture, 'mode'>): boolean => mode !== 'projected';

/**
 * The length in the patient of the straight way between two points of a picture, over the rows that it
 * crosses. Problems: CPR_NOT_TO_SCALE for a projected picture, INPUT_INVALID for a point outside.
 */
export function lengthInPicture(picture: CprPicture, from: PicturePoint, to: PicturePoint): Result<number> {
  if (!isToScale(picture)) return fail(problem('CPR_NOT_TO_SCALE'));
  const rows = Math.abs(to.row - from.row);
  const first = Math.min(from.row, to.row);
  // The ends, and every row between them.
  const shares = [0];
  for (let row = Math.floor(first) + 1; row < first + rows; row += 1)
    shares.push(Math.abs(row - from.row) / rows);
  shares.push(1);
  shares.sort((a, b) => a - b);
  const read = new Float64Array(rowNumbers);
  let [x, y, z] = [0, 0, 0];
  let sum = 0;
  for (const [n, share] of shares.entries()) {
    const aside = asideMm(picture, from.column + share * (to.column - from.column));
    if (!readRow(picture, from.row + share * (to.row - from.row), read) || !Number.isFinite(aside))
      return fail(problem('INPUT_INVALID', { name: 'point', value: `${to.column},${to.row}` }));
    const next = [0, 1, 2].map((a) => read[a]! + aside * read[3 + a]!) as [number, number, number];
    if (n > 0) sum += Math.hypot(next[0] - x, next[1] - y, next[2] - z);
    [x, y, z] = next;
  }
  return ok(sum);
}

/** The length along the line between the places that belong to two points of a picture. Problems as above. */
export function lengthOfWay(picture: CprPicture, points: readonly PicturePoint[]): Result<number> {
  let sum = 0;
  for (let n = 1; n < points.length; n += 1) {
    const piece = lengthInPicture(picture, points[n - 1]!, points[n]!);
    if (!piece.ok) return piece;
    sum += piece.value;
  }
  return ok(sum);
}
