import { frameNumbers, framePlaces, readFrame } from './line-frame.ts';
import { asideMm } from './picture-rows.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** Which columns of each row are shown once, in order: `first` … `last`, both included. */
export interface SafeColumns {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Half the arc over which the line's turn is taken, as for its curvature. */
const reachMm = 1;

const everything = ({ width, height }: CprPicture): SafeColumns => ({
  first: new Int32Array(height),
  last: new Int32Array(height).fill(width - 1),
});

/** The turn of the line's direction per mm at a row, as a vector into `turn`. */
function readTurn(picture: CprPicture, row: number, ends: readonly Float64Array[], turn: Float64Array): void {
  const { line, trace, spacingMm } = picture;
  const sMm = (row - trace[1]!) * spacingMm;
  const from = Math.min(Math.max(sMm - reachMm, 0), line.lengthMm);
  const to = Math.min(Math.max(sMm + reachMm, 0), line.lengthMm);
  const [a, b] = [ends[0]!, ends[1]!];
  readFrame(line, from, a);
  readFrame(line, to, b);
  const { tangent } = framePlaces;
  let chord = 0;
  for (let n = 0; n < 3; n += 1) {
    turn[n] = b[tangent + n]! - a[tangent + n]!;
    chord += turn[n]! ** 2;
  }
  chord = Math.sqrt(chord);
  const isBent = to > from && chord > 1e-12 && sMm >= 0 && sMm <= line.lengthMm;
  const angle = 2 * Math.asin(Math.min(1, chord / 2));
  for (let n = 0; n < 3; n += 1) turn[n] = isBent ? (turn[n]! / chord) * (angle / (to - from)) : 0;
}

/**
 * Where a straightened picture does not fold. Its rows meet at the line's centre of curvature, 1/κ away in
 * the direction in which it bends; beyond that the same patient points are shown again, backwards (L45). A
 * slab must be free of it on both of its faces. The other pictures are sheets that never fold.
 */
export function safeColumns(picture: CprPicture, slabMm = 0): SafeColumns {
  const safe = everything(picture);
  if (picture.mode !== 'straightened') return safe;
  const { rows, width, height } = picture;
  const ends = [new Float64Array(frameNumbers), new Float64Array(frameNumbers)];
  const turn = new Float64Array(3);
  for (let row = 0; row < height; row += 1) {
    readTurn(picture, row, ends, turn);
    let [bend, depth] = [0, 0];
    for (let a = 0; a < 3; a += 1) {
      bend += turn[a]! * rows.across[3 * row + a]!;
      depth += turn[a]! * rows.through[3 * row + a]!;
    }
    const room = 1 - (slabMm / 2) * Math.abs(depth);
    for (let c = 0; c < width && bend * asideMm(picture, c) > room; c += 1) safe.first[row] = c + 1;
    for (let c = width - 1; c >= 0 && bend * asideMm(picture, c) > room; c -= 1) safe.last[row] = c - 1;
  }
  return safe;
}

/** Whether any column of the picture folds. */
export const hasFolds = (picture: CprPicture, { first, last }: SafeColumns): boolean =>
  first.some((c) => c > 0) || last.some((c) => c < picture.width - 1);

/**
 * The folded columns as areas to hatch, each a closed outline along pixel edges (edge = centre ± 0.5).
 * A row that folds entirely counts as folded on its left.
 */
export function foldedAreas(
  picture: CprPicture,
  { first, last }: SafeColumns,
): readonly (readonly PicturePoint[])[] {
  const { width, height } = picture;
  const left = (row: number): number => (first[row]! > last[row]! ? width : first[row]!);
  const right = (row: number): number => (first[row]! > last[row]! ? 0 : width - 1 - last[row]!);
  return [
    ...areas(left, height, (n) => n - 0.5, -0.5),
    ...areas(right, height, (n) => width - 0.5 - n, width - 0.5),
  ];
}

/** Runs of rows with folded columns on one side. */
function areas(
  countOf: (row: number) => number,
  height: number,
  edgeOf: (count: number) => number,
  border: number,
): PicturePoint[][] {
  const out: PicturePoint[][] = [];
  let outline: PicturePoint[] = [];
  for (let row = 0; row <= height; row += 1) {
    const count = row < height ? countOf(row) : 0;
    if (count === 0) {
      if (outline.length > 0) out.push([...outline, { column: border, row: row - 0.5 }]);
      outline = [];
      continue;
    }
    if (outline.length === 0) outline.push({ column: border, row: row - 0.5 });
    outline.push({ column: edgeOf(count), row: row - 0.5 }, { column: edgeOf(count), row: row + 0.5 });
  }
  return out;
}
