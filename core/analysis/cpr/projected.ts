import { cross } from '../../geometry/matrices.ts';
import type { SampledLine } from '../types.ts';
import { emptyRows, heightsAlong, type PictureShape, rangeOf, sheetDirections } from './picture-shape.ts';
import type { CprOptions } from './types.ts';

/** The number of the run of stations, all going up or all going down in the picture, that each chord is of. */
function runsOf(down: Float64Array): { readonly ofChord: Int32Array; readonly extents: readonly number[] } {
  const ofChord = new Int32Array(Math.max(0, down.length - 1));
  const extents: number[] = [];
  let sign = 0;
  for (let n = 0; n + 1 < down.length; n += 1) {
    const step = down[n + 1]! - down[n]!;
    if (extents.length === 0 || (step !== 0 && sign !== 0 && Math.sign(step) !== sign)) extents.push(0);
    if (step !== 0) sign = Math.sign(step);
    ofChord[n] = extents.length - 1;
    extents[extents.length - 1] = extents[extents.length - 1]! + Math.abs(step);
  }
  return { ofChord, extents };
}

/**
 * The depth of each row: of the line where it crosses the row. Where it does so several times, of the part
 * with `focusMm`, else of the one that reaches through the most rows.
 */
function depthsOfRows(line: SampledLine, down: Float64Array, depths: Float64Array, options: DepthOptions) {
  const { firstMm, spacingMm, height, focusMm } = options;
  const { ofChord, extents } = runsOf(down);
  const focus =
    focusMm === undefined || !(line.stepMm > 0)
      ? -1
      : ofChord[Math.min(Math.max(Math.floor(focusMm / line.stepMm), 0), ofChord.length - 1)];
  const out = new Float64Array(height).fill(Number.NaN);
  const worth = new Float64Array(height);
  for (let n = 0; n < ofChord.length; n += 1) {
    const [a, b] = [(down[n]! - firstMm) / spacingMm, (down[n + 1]! - firstMm) / spacingMm];
    const run = ofChord[n]!;
    const value = run === focus ? Number.POSITIVE_INFINITY : extents[run]!;
    // Neighbouring chords share their ends: rounding must not lose a row between them.
    const [from, to] = [Math.ceil(Math.min(a, b) - 1e-9), Math.floor(Math.max(a, b) + 1e-9)];
    for (let row = Math.max(from, 0); row <= Math.min(to, height - 1); row += 1) {
      if (!(value >= worth[row]!) && !Number.isNaN(out[row]!)) continue;
      const share = a === b ? 0.5 : Math.min(Math.max((row - a) / (b - a), 0), 1);
      out[row] = depths[n]! + share * (depths[n + 1]! - depths[n]!);
      worth[row] = value;
    }
  }
  return out;
}

interface DepthOptions {
  /** Of row 0, along the picture's way down. */
  readonly firstMm: number;
  readonly spacingMm: number;
  readonly height: number;
  readonly focusMm?: number;
}

/** Rows above and below the line go on at the depth of its nearest row. */
function fillOutside(values: Float64Array, fallback: number): void {
  let first = values.findIndex((x) => !Number.isNaN(x));
  if (first < 0) {
    values.fill(fallback);
    return;
  }
  values.fill(values[first]!, 0, first);
  for (; first < values.length; first += 1)
    if (Number.isNaN(values[first]!)) values[first] = values[first - 1]!;
}

/**
 * The line seen from one side: columns and rows lie on a plane, and each row is at the depth at which the
 * line crosses it. Not to scale: what runs in depth is foreshortened.
 */
export function projectedShape(line: SampledLine, options: CprOptions): PictureShape {
  const { spacingMm, widthMm, marginMm = 0 } = options;
  const { axis, across } = sheetDirections(line, options);
  const through = cross(axis, across);
  const aside = heightsAlong(line, across);
  const down = heightsAlong(line, axis);
  const depths = heightsAlong(line, through);
  const [columns, lines] = [rangeOf(aside), rangeOf(down)];
  const middle = (columns.least + columns.most) / 2;
  const width = Math.max(1, Math.round((columns.most - columns.least + widthMm) / spacingMm));
  const before = Math.ceil(marginMm / spacingMm - 1e-9);
  const height = Math.ceil((lines.most - lines.least) / spacingMm - 1e-9) + 1 + 2 * before;
  const firstMm = lines.least - before * spacingMm;
  const fill = () => {
    const rows = emptyRows(height);
    const depthOf = depthsOfRows(line, down, depths, { ...options, firstMm, height });
    fillOutside(depthOf, depths[0]!);
    for (let row = 0; row < height; row += 1) {
      const [y, z] = [firstMm + row * spacingMm, depthOf[row]!];
      for (let a = 0; a < 3; a += 1) {
        rows.centres[3 * row + a] = middle * across[a]! + y * axis[a]! + z * through[a]!;
        rows.across[3 * row + a] = across[a]!;
        rows.through[3 * row + a] = through[a]!;
      }
    }
    const trace = new Float64Array(2 * line.count);
    for (let n = 0; n < line.count; n += 1) {
      trace[2 * n] = (width - 1) / 2 + (aside[n]! - middle) / spacingMm;
      trace[2 * n + 1] = (down[n]! - firstMm) / spacingMm;
    }
    return { rows, trace };
  };
  return { width, height, fill };
}
