import { ok, type Result } from '../../base/result.ts';
import type { SampledLine } from '../types.ts';
import { cprPicture } from './picture.ts';
import { halfPixel } from './picture-rows.ts';
import type { CprOptions, CprPicture, PicturePoint } from './types.ts';

/** A branch as a sheet takes it. */
export interface SheetBranch {
  readonly id: string;
  readonly line: SampledLine;
  /** From the tree's root along its parents to where this line begins. */
  readonly startMm: number;
}

/** A straightened picture and where its top left pixel lies on the sheet. */
export interface SheetPart {
  readonly id: string;
  readonly startMm: number;
  readonly picture: CprPicture;
  readonly left: number;
  readonly top: number;
}

/** Several branches side by side, in pixels of one size. */
export interface CprSheet {
  readonly parts: readonly SheetPart[];
  readonly width: number;
  readonly height: number;
  readonly spacingMm: number;
}

/**
 * Straightened pictures of branches beside each other. The path that they share is shown once, by the line
 * that owns it: each branch begins at the row of its way from the root, so that equal heights are equal
 * ways. A line already joined with its parents starts at 0. Problems as `cprPicture`.
 */
export function cprSheet(branches: readonly SheetBranch[], options: CprOptions, gapMm = 2): Result<CprSheet> {
  const { spacingMm } = options;
  const gap = Math.max(0, Math.round(gapMm / spacingMm));
  const parts: SheetPart[] = [];
  let left = 0;
  let height = 0;
  for (const { id, line, startMm } of branches) {
    const picture = cprPicture(line, 'straightened', options);
    if (!picture.ok) return picture;
    const top = Math.round(Math.max(0, startMm) / spacingMm);
    parts.push({ id, startMm, picture: picture.value, left, top });
    left += picture.value.width + gap;
    height = Math.max(height, top + picture.value.height);
  }
  return ok({ parts, width: Math.max(0, left - gap), height, spacingMm });
}

/** The part under a point of the sheet and the point in its picture; undefined between parts. */
export function partAt(
  sheet: CprSheet,
  at: PicturePoint,
): { readonly part: SheetPart; readonly point: PicturePoint } | undefined {
  for (const part of sheet.parts) {
    const point = { column: at.column - part.left, row: at.row - part.top };
    const { width, height } = part.picture;
    const isInside =
      point.column >= -halfPixel &&
      point.column < width - halfPixel &&
      point.row >= -halfPixel &&
      point.row < height - halfPixel;
    if (isInside) return { part, point };
  }
  return undefined;
}

/** A point of a part's picture on the sheet. */
export const onSheet = (part: SheetPart, { column, row }: PicturePoint): PicturePoint => ({
  column: column + part.left,
  row: row + part.top,
});
