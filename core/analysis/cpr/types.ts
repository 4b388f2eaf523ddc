import type { PatientVector } from '../../geometry/types.ts';
import type { CurvedRows } from '../../scene/types.ts';
import type { SampledLine } from '../types.ts';

/**
 * Three ways to lay a line's surroundings flat (Kanitsar, Fleischmann, Wegenkittl, Felkel, Gröller:
 * "CPR – curved planar reformation", IEEE Visualization 2002).
 * - straightened: rows perpendicular to the line, its length true along the middle column.
 * - stretched: rows of one fixed direction, laid flat without distortion: every length on the sheet is true,
 *   and the line keeps its bend.
 * - projected: the same sheet seen from one side. Lengths are not to scale.
 */
export type CprMode = 'straightened' | 'stretched' | 'projected';

export interface CprOptions {
  /** From column to column and from row to row. */
  readonly spacingMm: number;
  /** Straightened: of the whole picture. Stretched and projected: beyond the line's own extent, both sides together. */
  readonly widthMm: number;
  /** Turn of the rows about the line (straightened) or about `axis`. */
  readonly angleRad?: number;
  /** Straight on beyond each end. */
  readonly marginMm?: number;
  /** Stretched and projected: what the rows turn about, and downwards in a projected picture; else the line's own. */
  readonly axis?: PatientVector;
  /** Projected: where several parts of the line lie in one row, the row follows the part with this arc length. */
  readonly focusMm?: number;
}

/** A curved picture and what its pixels mean. Columns and rows count pixel centres from 0. */
export interface CprPicture {
  readonly mode: CprMode;
  readonly line: SampledLine;
  readonly rows: CurvedRows;
  readonly spacingMm: number;
  readonly width: number;
  readonly height: number;
  /** Where each station of the line lies in the picture: column and row, two numbers a station. */
  readonly trace: Float64Array;
}

/** A point of a picture, in pixels with fractions. */
export interface PicturePoint {
  readonly column: number;
  readonly row: number;
}
