import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { safeColumns } from './folds.ts';
import { isToScale } from './lengths.ts';
import { asideMm, readRow, rowNumbers } from './picture-rows.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** Cells that a region is cut into along each of its two coordinates. */
const cells = 64;
/** An ellipse is cut into a polygon's sectors: what the polygon lacks of it. */
const roundness = (2 * Math.PI) / cells / Math.sin((2 * Math.PI) / cells);

type Shape = 'ellipse' | 'rectangle';

/** The point of a region at coordinates 0…1: of a rectangle its sides', of an ellipse angle and radius. */
function pointOf(shape: Shape, a: PicturePoint, b: PicturePoint, u: number, v: number): PicturePoint {
  if (shape === 'rectangle')
    return { column: a.column + u * (b.column - a.column), row: a.row + v * (b.row - a.row) };
  const angle = 2 * Math.PI * u;
  return {
    column: (a.column + b.column) / 2 + (v * Math.cos(angle) * (b.column - a.column)) / 2,
    row: (a.row + b.row) / 2 + (v * Math.sin(angle) * (b.row - a.row)) / 2,
  };
}

function touchesFold(picture: CprPicture, a: PicturePoint, b: PicturePoint): boolean {
  const { first, last } = safeColumns(picture);
  const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
  const top = Math.max(0, Math.round(Math.min(a.row, b.row)));
  const bottom = Math.min(picture.height - 1, Math.round(Math.max(a.row, b.row)));
  for (let row = top; row <= bottom; row += 1)
    if (left < first[row]! - 0.5 || right > last[row]! + 0.5) return true;
  return false;
}

/** Half the cross product of the diagonals of a cell in the patient. */
function cellMm2(p: Float64Array, here: number, below: number): number {
  const [q, r, s] = [here + 3, below, below + 3];
  const [ax, ay, az] = [p[s]! - p[here]!, p[s + 1]! - p[here + 1]!, p[s + 2]! - p[here + 2]!];
  const [bx, by, bz] = [p[r]! - p[q]!, p[r + 1]! - p[q + 1]!, p[r + 2]! - p[q + 2]!];
  return Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx) / 2;
}

/**
 * The area in mm² of the surface in the patient that a region between two corners of a picture shows: that of the
 * flat region for a stretched picture, more or less aside of a bend for a straightened one. Problems:
 * CPR_NOT_TO_SCALE for a projected picture and where the region reaches into a fold, INPUT_INVALID outside.
 */
export function areaInPicture(
  picture: CprPicture,
  shape: Shape,
  a: PicturePoint,
  b: PicturePoint,
): Result<number> {
  if (!isToScale(picture) || touchesFold(picture, a, b)) return fail(problem('CPR_NOT_TO_SCALE'));
  const read = new Float64Array(rowNumbers);
  const across = 3 * (cells + 1);
  const points = new Float64Array(2 * across);
  let sum = 0;
  for (let v = 0; v <= cells; v += 1) {
    const line = (v & 1) * across;
    for (let u = 0; u <= cells; u += 1) {
      const place = pointOf(shape, a, b, u / cells, v / cells);
      const aside = asideMm(picture, place.column);
      if (!readRow(picture, place.row, read) || !Number.isFinite(aside))
        return fail(problem('INPUT_INVALID', { name: 'point', value: `${place.column},${place.row}` }));
      for (let axis = 0; axis < 3; axis += 1)
        points[line + 3 * u + axis] = read[axis]! + aside * read[3 + axis]!;
    }
    for (let u = 0; v > 0 && u < cells; u += 1) sum += cellMm2(points, across - line + 3 * u, line + 3 * u);
  }
  return ok(shape === 'ellipse' ? sum * roundness : sum);
}
