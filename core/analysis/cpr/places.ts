import type { PatientPoint } from '../../geometry/types.ts';
import { arcFromPicture } from './arcs.ts';
import { frameNumbers, readFrame } from './line-frame.ts';
import { columnAt, halfPixel, readRow, rowNumbers } from './picture-rows.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** Where a patient point is in a picture. */
export interface PicturePlace extends PicturePoint {
  /** How far the point lies in front of or behind what is shown there, along `through`. */
  readonly offMm: number;
  /** Of the line's place in that row; undefined beyond the line's ends. */
  readonly sMm: number | undefined;
  /** From the line's place in that row. */
  readonly distanceMm: number;
}

/** The point's distance along the picture's way down from a row, made positive while the row lies above it. */
function belowRow(p: PatientPoint, read: Float64Array): number {
  const [x, y, z] = [p[0] - read[0]!, p[1] - read[1]!, p[2] - read[2]!];
  return (
    x * (read[4]! * read[8]! - read[5]! * read[7]!) +
    y * (read[5]! * read[6]! - read[3]! * read[8]!) +
    z * (read[3]! * read[7]! - read[4]! * read[6]!)
  );
}

const bisections = 40;

/** The row between two rows, on both sides of which the point lies. */
function crossing(picture: CprPicture, p: PatientPoint, from: number, to: number, read: Float64Array) {
  let [lo, hi] = [from, to];
  readRow(picture, lo, read);
  const sign = belowRow(p, read) > 0;
  for (let n = 0; n < bisections; n += 1) {
    const middle = (lo + hi) / 2;
    if (!readRow(picture, middle, read)) break;
    if (belowRow(p, read) > 0 === sign) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}

function placeInRow(
  picture: CprPicture,
  p: PatientPoint,
  row: number,
  read: Float64Array,
): PicturePlace | undefined {
  if (!readRow(picture, row, read)) return undefined;
  let [aside, offMm] = [0, 0];
  for (let a = 0; a < 3; a += 1) {
    const away = p[a]! - read[a]!;
    aside += away * read[3 + a]!;
    offMm += away * read[6 + a]!;
  }
  const column = columnAt(picture, aside);
  if (!(column >= -halfPixel && column <= picture.width - halfPixel)) return undefined;
  const sMm = arcFromPicture(picture, { column, row });
  const frame = new Float64Array(frameNumbers);
  readFrame(picture.line, sMm ?? (row < picture.height / 2 ? 0 : picture.line.lengthMm), frame);
  const distanceMm = Math.hypot(p[0] - frame[0]!, p[1] - frame[1]!, p[2] - frame[2]!);
  return { column, row, offMm, sMm, distanceMm };
}

/**
 * Every place of the picture whose row's plane holds the point: a line that bends comes past it more than
 * once. First those that show it (within `shownMm` in depth, a pixel unless given), each group from the
 * nearest to the line on. Empty where the picture does not reach.
 */
export function placesFromPatient(
  picture: CprPicture,
  p: PatientPoint,
  shownMm = picture.spacingMm,
): readonly PicturePlace[] {
  const { height } = picture;
  const read = new Float64Array(rowNumbers);
  const found: PicturePlace[] = [];
  // Row centres, with half a pixel at either end.
  const edge = (n: number): number => (n < 0 ? -halfPixel : Math.min(n, height - halfPixel));
  let before = Number.NaN;
  for (let n = -1; n <= height; n += 1) {
    const row = edge(n);
    const side = readRow(picture, row, read) ? belowRow(p, read) : Number.NaN;
    const touches = side === 0;
    if (touches || (before > 0 && side < 0) || (before < 0 && side > 0)) {
      const at = touches ? row : crossing(picture, p, edge(n - 1), row, read);
      const place = placeInRow(picture, p, at, read);
      if (place) found.push(place);
    }
    before = side;
  }
  const isShown = ({ offMm }: PicturePlace): number => (Math.abs(offMm) <= shownMm ? 0 : 1);
  return found.sort((a, b) => isShown(a) - isShown(b) || a.distanceMm - b.distanceMm);
}

/** The place of a point in the picture: of several the one nearest to `nearMm` along the line, else the first. */
export function placeFromPatient(
  picture: CprPicture,
  p: PatientPoint,
  nearMm?: number,
): PicturePlace | undefined {
  const places = placesFromPatient(picture, p);
  if (nearMm === undefined) return places[0];
  const away = ({ sMm }: PicturePlace): number =>
    sMm === undefined ? Number.POSITIVE_INFINITY : Math.abs(sMm - nearMm);
  return places.toSorted((a, b) => away(a) - away(b))[0];
}
