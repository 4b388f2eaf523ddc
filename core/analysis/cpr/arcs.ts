import { halfPixel, readRow, rowNumbers } from './picture-rows.ts';
import type { CprPicture, PicturePoint } from './types.ts';

/** A place of the line that lies in a row of the picture. */
export interface StationInRow {
  readonly sMm: number;
  readonly column: number;
  /** Whether the picture shows the line itself here, or something in front of or behind it (projected only). */
  readonly shown: boolean;
}

/** Where the line is at arc length `sMm` (within its ends), as pixels. */
export function pictureFromArc({ line, trace }: CprPicture, sMm: number): PicturePoint {
  const at = line.stepMm > 0 ? Math.min(Math.max(sMm / line.stepMm, 0), line.count - 1) : 0;
  const n = Math.min(Math.floor(at), Math.max(line.count - 2, 0));
  const m = Math.min(n + 1, line.count - 1);
  const between = (axis: 0 | 1): number =>
    trace[2 * n + axis]! + (at - n) * (trace[2 * m + axis]! - trace[2 * n + axis]!);
  return { column: between(0), row: between(1) };
}

/** Mm of depth within which a row and a station count as together, in pixels. */
const shownWithin = 1;

function isShown(picture: CprPicture, sMm: number, read: Float64Array): boolean {
  const { line } = picture;
  const n = Math.min(Math.round(sMm / (line.stepMm || 1)), line.count - 1);
  let depth = 0;
  for (let a = 0; a < 3; a += 1) depth += (line.points[3 * n + a]! - read[a]!) * read[6 + a]!;
  return Math.abs(depth) <= shownWithin * picture.spacingMm + line.stepMm / 2;
}

/** Every place of the line that lies in a row, by arc length; none beyond its ends. */
export function stationsInRow(picture: CprPicture, row: number): readonly StationInRow[] {
  const { line, trace, mode } = picture;
  const read = new Float64Array(rowNumbers);
  if (!readRow(picture, row, read)) return [];
  const found: StationInRow[] = [];
  for (let n = 0; n + 1 < line.count; n += 1) {
    const [from, to] = [trace[2 * n + 1]!, trace[2 * n + 3]!];
    const isLast = n + 2 === line.count;
    const crosses =
      from <= to ? row >= from && (row < to || (isLast && row === to)) : row <= from && (row > to || isLast);
    if (!crosses || (from === to && row !== from)) continue;
    const share = from === to ? 0 : (row - from) / (to - from);
    if (share > 1) continue;
    const sMm = (n + share) * line.stepMm;
    const column = trace[2 * n]! + share * (trace[2 * n + 2]! - trace[2 * n]!);
    found.push({ sMm, column, shown: mode !== 'projected' || isShown(picture, sMm, read) });
  }
  return found;
}

/**
 * The arc length of the line's place that belongs to a point of the picture: in its row, of several the
 * nearest. Up to half a pixel beyond an end it is that end's; further out there is none.
 */
export function arcFromPicture(picture: CprPicture, { column, row }: PicturePoint): number | undefined {
  const near = stationsInRow(picture, row).toSorted(
    (a, b) => Math.abs(a.column - column) - Math.abs(b.column - column),
  )[0];
  if (near) return near.sMm;
  const { line, trace } = picture;
  const last = line.count - 1;
  const ends = [
    { sMm: 0, away: Math.abs(trace[1]! - row) },
    { sMm: line.lengthMm, away: Math.abs(trace[2 * last + 1]! - row) },
  ].sort((a, b) => a.away - b.away);
  return ends[0]!.away <= halfPixel ? ends[0]!.sMm : undefined;
}
