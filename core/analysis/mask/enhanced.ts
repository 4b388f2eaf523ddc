import { spacingMm } from '../../geometry/matrices.ts';
import type { ScalarField } from '../types.ts';
import { andRows, type BitRows, countRows, emptyRows, isEmptyRows, orRows, withoutRows } from './bit-rows.ts';
import { type Components, componentsOf, rowsOfParts } from './components.ts';
import { medianOf } from './grow.ts';
import { voxelVolumeMm3 } from './mask.ts';
import { dilateRows, erodeRows, openRows } from './morphology.ts';
import { type Runs, runsOf } from './runs.ts';
import { thresholdRows, type ValueRange } from './threshold.ts';
import type { Work } from './work.ts';

/** Where contrast medium may be. */
const bandsHu: readonly [number, number] = [180, 720];
const halfBandHu = 60;
/** Large vessels hold a ball of this radius; what is linked to them is theirs. */
const coreMm = 2.2;
const leastMl = 0.8;
/** Less than this of a band is no vessel's middle. */
const coreLeastMl = 0.05;
/** How much of the surface has darker surroundings: marrow has cortex around it. */
const leastDarker = 0.6;
/** How far from the surface its surroundings are looked at: pits in marrow are narrower. */
const aroundMm = 8;

/** Standard deviation of the noise, from neighbours along i in soft tissue; about 20,000 pairs are enough. */
export function noiseHu({ voxels, rescale }: ScalarField): number {
  const differences: number[] = [];
  const stride = Math.max(1, Math.floor(voxels.length / 60_011));
  for (let n = 1; n < voxels.length; n += stride) {
    const a = voxels[n - 1]! * rescale.slope + rescale.intercept;
    const b = voxels[n]! * rescale.slope + rescale.intercept;
    if (a > -150 && a < 250 && b > -150 && b < 250) differences.push(Math.abs(a - b));
  }
  return differences.length < 50 ? 0 : (1.4826 * medianOf(differences)) / Math.SQRT2;
}

/**
 * Vessels and organs full of contrast medium: large, even, and brighter than what is around them. Small branches that
 * hang on them belong to them. Empty without contrast medium.
 */
export function enhancedRows(field: ScalarField, candidates: BitRows, work: Work): BitRows {
  const half = Math.max(halfBandHu, 3 * noiseHu(field));
  const out = emptyRows(candidates.size);
  for (let middle = bandsHu[0] + half; middle - half < bandsHu[1]; middle += half) {
    work.step((middle - bandsHu[0]) / (bandsHu[1] - bandsHu[0] + half));
    const band = { low: middle - half, high: middle + half };
    orRows(out, evenRows(field, candidates, band));
  }
  return out;
}

function evenRows(field: ScalarField, candidates: BitRows, band: ValueRange): BitRows {
  const spacing = spacingMm(field.geometry.patientFromIndex);
  const voxelMl = voxelVolumeMm3(field.geometry) / 1000;
  const inBand = thresholdRows(field, band, undefined, candidates);
  // A slice's neighbours count too, or every plate of bone in a thick slice would be a vessel.
  const across = Math.max(...spacing) * 1.01;
  const radiusMm = Math.max(coreMm, across);
  const cores = erodeRows(inBand, radiusMm, spacing);
  if (countRows(cores) * voxelMl < coreLeastMl) return emptyRows(candidates.size);
  const thick = andRows(dilateRows(cores, radiusMm, spacing), inBand);
  const trunks = chosenParts(
    field,
    thick,
    band,
    ({ sizes }) =>
      (part) =>
        sizes[part]! * voxelMl >= leastMl,
  );
  if (isEmptyRows(trunks)) return trunks;
  // What hangs on a trunk is looked at by itself: a branch, or marrow behind a thin cortex.
  const thin = withoutRows(openRows(inBand, Math.min(...spacing) * 1.01, spacing), thick);
  const beside = runsOf(dilateRows(trunks, across, spacing));
  const branches = chosenParts(field, thin, band, (parts) => {
    const touching = partsWith(parts, beside);
    return (part) => touching[part]! > 0;
  });
  return orRows(trunks, branches);
}

/** Parts that are brighter than what is around them, and large enough or beside a trunk. */
function chosenParts(
  field: ScalarField,
  rows: BitRows,
  band: ValueRange,
  test: (parts: Components) => (part: number) => boolean,
): BitRows {
  const parts = componentsOf(rows, 6);
  const isWanted = test(parts);
  const darker = darkerShares(parts, field, band);
  return rowsOfParts(parts, (part) => isWanted(part) && darker[part]! >= leastDarker);
}

/** How many voxels of other runs each part holds. */
export function partsWith({ runs, partOfRun, count }: Components, other: Runs): Float64Array {
  const out = new Float64Array(count);
  for (let row = 0; row < runs.rowStart.length - 1; row++) {
    let p = runs.rowStart[row]!;
    let q = other.rowStart[row]!;
    const lastP = runs.rowStart[row + 1]!;
    const lastQ = other.rowStart[row + 1]!;
    while (p < lastP && q < lastQ) {
      const shared = Math.min(runs.end[p]!, other.end[q]!) - Math.max(runs.from[p]!, other.from[q]!);
      if (shared > 0) out[partOfRun[p]!]! += shared;
      if (runs.end[p]! < other.end[q]!) p++;
      else q++;
    }
  }
  return out;
}

/**
 * For each part, how often what lies around it is darker than the band as far as `aroundMm`, rather than brighter.
 * Looked at beyond both ends of its runs, and from their middles across. Pits, beyond which the band begins again,
 * say nothing, nor does what reaches the volume's border.
 */
function darkerShares(parts: Components, field: ScalarField, band: ValueRange): Float64Array {
  const { runs, partOfRun, count } = parts;
  const { from, end, rowStart, size } = runs;
  const darker = new Float64Array(count);
  const brighter = new Float64Array(count);
  const spacing = spacingMm(field.geometry.patientFromIndex);
  const reach = spacing.map((mm) => Math.max(1, Math.round(aroundMm / mm)));
  const strides = [1, size[0], size[0] * size[1]];
  const look = (part: number, n: number, axis: number, place: number, by: 1 | -1): void => {
    const room = by > 0 ? size[axis]! - 1 - place : place;
    const seen = room < reach[axis]! ? 0 : around(field, n, by * strides[axis]!, reach[axis]!, band);
    if (seen > 0) brighter[part]! += 1;
    else if (seen < 0) darker[part]! += 1;
  };
  for (let row = 0; row < rowStart.length - 1; row++) {
    const j = row % size[1];
    const k = (row - j) / size[1];
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const part = partOfRun[run]!;
      const [first, last] = [from[run]!, end[run]! - 1];
      const at = row * size[0];
      const middle = at + ((first + last) >> 1);
      look(part, at + first, 0, first, -1);
      look(part, at + last, 0, last, 1);
      look(part, middle, 1, j, -1);
      look(part, middle, 1, j, 1);
      look(part, middle, 2, k, -1);
      look(part, middle, 2, k, 1);
    }
  }
  return darker.map((ends, part) => ends / Math.max(1, ends + brighter[part]!));
}

/** 1 where a ray meets something above the band first, −1 where it stays below it from where it leaves it, else 0. */
function around(
  { voxels, rescale }: ScalarField,
  n: number,
  stride: number,
  reach: number,
  band: ValueRange,
): number {
  let hasLeft = false;
  for (let step = 1; step <= reach; step++) {
    const value = voxels[n + stride * step]! * rescale.slope + rescale.intercept;
    if (value > band.high) return 1;
    if (value < band.low) hasLeft = true;
    else if (hasLeft) return 0;
  }
  return hasLeft ? -1 : 0;
}
