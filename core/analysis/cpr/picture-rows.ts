import { type PatientPoint, patientPoint } from '../../geometry/types.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** How far beyond the outermost pixel centres a picture reaches, in pixels. */
export const halfPixel = 0.5;

/** What `readRow` writes: centre, across and through, three numbers each. */
export const rowNumbers = 9;
const leastLength = 1e-6;

/**
 * A row between rows into `out`; false where there is none: outside of the picture, or beside an empty row.
 * Directions stay unit.
 */
export function readRow({ rows, height }: CprPicture, row: number, out: Float64Array): boolean {
  if (!(row >= -halfPixel && row <= height - halfPixel)) return false;
  const first = Math.min(Math.max(Math.floor(row), 0), Math.max(height - 2, 0));
  const second = Math.min(first + 1, height - 1);
  const share = row - first;
  let at = 0;
  for (const values of [rows.centres, rows.across, rows.through]) {
    for (let a = 0; a < 3; a += 1) {
      const [p, q] = [values[3 * first + a]!, values[3 * second + a]!];
      out[at + a] = share === 0 ? p : p + share * (q - p);
    }
    if (at > 0) {
      const size = Math.hypot(out[at]!, out[at + 1]!, out[at + 2]!);
      const nearer = 3 * (share < 0.5 ? first : second);
      // Opposite directions have none between them.
      for (let a = 0; a < 3; a += 1)
        out[at + a] = size > leastLength ? out[at + a]! / size : values[nearer + a]!;
    }
    at += 3;
  }
  return Number.isFinite(out[0]! + out[3]! + out[6]!);
}

/** Mm from the row's middle to a column, along `across`. */
export const asideMm = ({ width, spacingMm }: CprPicture, column: number): number =>
  (column - (width - 1) / 2) * spacingMm;

export const columnAt = ({ width, spacingMm }: CprPicture, aside: number): number =>
  (width - 1) / 2 + aside / spacingMm;

/** The patient point under a point of the picture; undefined outside of it and in empty rows. */
export function patientFromPicture(
  picture: CprPicture,
  { column, row }: PicturePoint,
): PatientPoint | undefined {
  const read = new Float64Array(rowNumbers);
  if (!(column >= -halfPixel && column <= picture.width - halfPixel)) return undefined;
  if (!readRow(picture, row, read)) return undefined;
  const aside = asideMm(picture, column);
  return patientPoint(read[0]! + aside * read[3]!, read[1]! + aside * read[4]!, read[2]! + aside * read[5]!);
}
