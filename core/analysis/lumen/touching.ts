import type { StationMeasure } from '../types.ts';

/**
 * Sections that show more than their own lumen: a vessel of the same brightness that touches, a branch that leaves, the
 * chamber at an ostium. No wall parts the two, so the contour takes in some of the other; the numbers are there, but
 * neither a reference nor a largest diameter is taken from them. What counts is how a section differs from those of the
 * ten millimetres on both its sides:
 * - it is suddenly larger, and not round or not where the line is,
 * - it bulges to one side while it is as wide as usual across,
 * - it has a waist, as two circles that touch have,
 * - a fifth of its rays have no edge of their own,
 * - its middle lies far beside the line.
 * A round widening is an aneurysm, a narrowing a stenosis; neither is in doubt.
 */

/** How the contour of a section was found. */
export interface SectionFit {
  /** From the line to the contour's middle. */
  readonly offsetMm: number;
  /** Share of the rays without an edge of their own. */
  readonly missing: number;
  /** Share of the contour's convex hull that is not of the contour. */
  readonly hollow: number;
  /** Largest size of a voxel in the section. */
  readonly voxelMm: number;
}

const aroundMm = 10;
const suddenly = 1.3;
const notRound = 1.15;
const besideShare = 0.2;
const bulge = 1.2;
const asWideAcross = 0.85;
const waist = 0.03;
const waistAspect = 1.3;
const notNarrowed = 0.9;
const raysMissing = 0.2;
const farBesideShare = 0.4;
const farBesideVoxels = 0.75;
/** Next to a section in doubt, this much above the usual is some of the same. */
const spillMm = 1.05;
const spillShare = 1.05;

interface Usual {
  readonly diameterMm: number;
  readonly minMm: number;
  readonly maxMm: number;
  readonly offsetMm: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function usualOf(stations: readonly StationMeasure[], fits: readonly (SectionFit | undefined)[]): Usual {
  const offsets = fits.flatMap((fit) => (fit ? [fit.offsetMm] : []));
  return {
    diameterMm: median(stations.map((one) => one.equivalentDiameterMm)),
    minMm: median(stations.map((one) => one.minDiameterMm)),
    maxMm: median(stations.map((one) => one.maxDiameterMm)),
    offsetMm: offsets.length > 0 ? median(offsets) : 0,
  };
}

function isTouched(station: StationMeasure, fit: SectionFit, near: Usual, whole: Usual): boolean {
  const { equivalentDiameterMm: diameter, minDiameterMm: min, maxDiameterMm: max } = station;
  const { offsetMm, missing, hollow, voxelMm } = fit;
  const aspect = max / min;
  const isBeside = Math.abs(offsetMm - near.offsetMm) > besideShare * near.diameterMm;
  if (diameter > suddenly * near.diameterMm && (aspect > notRound || isBeside)) return true;
  if (aspect >= bulge && max >= bulge * near.maxMm && min >= asWideAcross * near.minMm) return true;
  if (hollow >= waist && aspect >= waistAspect && diameter >= notNarrowed * near.diameterMm) return true;
  if (missing >= raysMissing) return true;
  const awayMm = offsetMm - Math.min(near.offsetMm, whole.offsetMm);
  const least = Math.min(near.diameterMm, whole.diameterMm);
  return awayMm > Math.max(farBesideShare * least, farBesideVoxels * voxelMm);
}

/**
 * Marks such sections and widens their uncertainty by what they are wider than usual. `fits[n]`: of station n; undefined
 * where it has none, and for contours drawn by hand, which are never in doubt.
 */
export function withTouchingDoubt(
  stations: readonly StationMeasure[],
  fits: readonly (SectionFit | undefined)[],
): readonly StationMeasure[] {
  const measured = stations.map((_, n) => n).filter((n) => !stations[n]!.open);
  const usual = (places: readonly number[]): Usual =>
    usualOf(
      places.map((n) => stations[n]!),
      places.map((n) => fits[n]),
    );
  const whole = usual(measured);
  const around: (Usual | undefined)[] = new Array(stations.length).fill(undefined);
  const isIn = new Uint8Array(stations.length);
  let [from, to] = [0, 0];
  for (const n of measured) {
    const { s } = stations[n]!;
    while (stations[measured[from]!]!.s < s - aroundMm) from += 1;
    while (to < measured.length && stations[measured[to]!]!.s <= s + aroundMm) to += 1;
    const near = usual(measured.slice(from, to));
    around[n] = near;
    const fit = fits[n];
    if (fit && isTouched(stations[n]!, fit, near, whole)) isIn[n] = 1;
  }
  return stations.map((station, n) => {
    const near = around[n];
    if (!near || !fits[n]) return station;
    const moreMm = station.equivalentDiameterMm - near.diameterMm;
    const spills = moreMm > (spillShare - 1) * near.diameterMm && isBesideOne(stations, isIn, n);
    if (!isIn[n] && !spills) return station;
    const uncertaintyMm = Math.hypot(station.uncertaintyMm, 1.1 * Math.max(0, moreMm));
    return { ...station, uncertaintyMm, doubt: 'touching' };
  });
}

function isBesideOne(stations: readonly StationMeasure[], isIn: Uint8Array, n: number): boolean {
  const isNear = (m: number): boolean =>
    isIn[m] === 1 && Math.abs(stations[m]!.s - stations[n]!.s) <= spillMm;
  for (const way of [-1, 1])
    for (let m = n + way; m >= 0 && m < stations.length; m += way) {
      if (Math.abs(stations[m]!.s - stations[n]!.s) > spillMm) break;
      if (isNear(m)) return true;
    }
  return false;
}

/** Measured, and nothing but its own lumen in it. */
export const isSure = ({ open, doubt }: Pick<StationMeasure, 'open' | 'doubt'>): boolean =>
  !open && doubt === undefined;

/** Stretches of a line in doubt, each from its first to its last such section (mm of arc length). */
export function doubtSpans(
  stations: readonly Pick<StationMeasure, 's' | 'doubt'>[],
): readonly { readonly fromS: number; readonly toS: number }[] {
  const spans: { fromS: number; toS: number }[] = [];
  stations.forEach(({ s, doubt }, n) => {
    if (doubt && stations[n - 1]?.doubt) spans[spans.length - 1]!.toS = s;
    else if (doubt) spans.push({ fromS: s, toS: s });
  });
  return spans;
}

/** Equivalent diameters; those in doubt are taken from their neighbours that are not, closed sections are 0. */
export function undoubtedDiameters(stations: readonly StationMeasure[]): Float64Array {
  const out = Float64Array.from(stations, (one) => (one.open ? 0 : one.equivalentDiameterMm));
  const isKnown = (n: number): boolean => stations[n]!.doubt === undefined;
  let last = -1;
  for (let n = 0; n <= stations.length; n++) {
    if (n < stations.length && !isKnown(n)) continue;
    for (let m = last + 1; m < n; m++) {
      const before = last >= 0 ? out[last]! : n < stations.length ? out[n]! : out[m]!;
      const after = n < stations.length ? out[n]! : before;
      const t = (m - last) / (n - last);
      out[m] = before + (after - before) * t;
    }
    last = n;
  }
  return out;
}
