/**
 * How bright the lumen is along the line. Contrast medium changes slowly from place to place, so what wide sections show is
 * taken for the thin ones, whose own middle never reaches the plateau.
 */

/** Upper part of the middles within ± `reachMm`: a narrow place or a calcified one does not count. */
export function roughPlateaus(middles: Float64Array, stepMm: number, reachMm: number): Float64Array {
  const reach = Math.max(2, Math.round(reachMm / stepMm));
  return middles.map((_, n) => {
    const near = middles
      .subarray(Math.max(0, n - reach), Math.min(middles.length, n + reach + 1))
      .filter((value) => !Number.isNaN(value))
      .sort();
    return near.length > 0 ? near[Math.floor(0.7 * (near.length - 1))]! : Number.NaN;
  });
}

/** Mean of the middle of a section and how many voxels it is made of; 0 where it is too thin to say. */
export interface OwnPlateau {
  readonly value: number;
  readonly voxels: number;
}

/** Neighbours count less with distance; a wide section hardly needs them. */
export function smoothPlateaus(
  own: readonly OwnPlateau[],
  rough: Float64Array,
  stepMm: number,
): Float64Array {
  return rough.map((guess, n) => {
    const voxels = own[n]!.voxels;
    const widthMm = voxels > 60 ? 2.5 : voxels > 15 ? 5 : 9;
    const reach = Math.ceil((3 * widthMm) / stepMm);
    const from = Math.max(0, n - reach);
    const to = Math.min(own.length - 1, n + reach);
    const centre = weightedMean(own, from, to, n, widthMm / stepMm, Number.NaN);
    if (Number.isNaN(centre)) return guess;
    // Again without what is far off: an ostium, a plaque.
    const again = weightedMean(own, from, to, n, widthMm / stepMm, centre);
    return !Number.isNaN(again) ? again : centre;
  });
}

function weightedMean(
  own: readonly OwnPlateau[],
  from: number,
  to: number,
  at: number,
  width: number,
  centre: number,
): number {
  let [sum, total] = [0, 0];
  for (let m = from; m <= to; m++) {
    const { value, voxels } = own[m]!;
    if (!(voxels > 0)) continue;
    if (!Number.isNaN(centre) && Math.abs(value - centre) > 0.15 * Math.abs(centre) + 20) continue;
    const weight = Math.min(20, voxels) * Math.exp(-0.5 * ((m - at) / width) ** 2);
    sum += weight * value;
    total += weight;
  }
  return total > 1e-3 ? sum / total : Number.NaN;
}
