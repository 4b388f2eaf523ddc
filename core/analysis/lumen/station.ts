import type { LumenContour, StationMeasure } from '../types.ts';
import { contourShape } from './contour-shape.ts';
import type { SectionLumen } from './section-reader.ts';

/** Numbers of one contour. `uncertaintyMm`: half-width of the 95 % interval of the equivalent diameter. */
export function measureContour(contour: LumenContour, uncertaintyMm: number, thin = false): StationMeasure {
  const { areaMm2, minDiameterMm, maxDiameterMm, meanDiameterMm, equivalentDiameterMm } =
    contourShape(contour);
  return {
    s: contour.sMm,
    areaMm2,
    minDiameterMm,
    maxDiameterMm,
    meanDiameterMm,
    equivalentDiameterMm,
    uncertaintyMm,
    ...(thin && { limit: 'resolution' as const }),
  };
}

export const openStation = (s: number): StationMeasure => ({
  s,
  areaMm2: Number.NaN,
  minDiameterMm: Number.NaN,
  maxDiameterMm: Number.NaN,
  meanDiameterMm: Number.NaN,
  equivalentDiameterMm: Number.NaN,
  uncertaintyMm: Number.NaN,
  open: true,
});

/**
 * Half-width of the 95 % interval of the equivalent diameter: noise of the edge; what grid, blur and wall leave uncertain;
 * rays whose edge had to be taken from their neighbours or from bright calcium; and a wall that may not be seen for a bright neighbour.
 */
export function uncertaintyMm(lumen: SectionLumen): number {
  const { voxelMm, sigmaMm, radiusNoiseMm, rising, missing, besideMm, thin, shape } = lumen;
  const radius = shape.equivalentDiameterMm / 2;
  const noise = 2 * 1.96 * radiusNoiseMm;
  const grid = thin ? 0.35 * voxelMm : 0.16 * voxelMm;
  // Blur is known to about a third; the diameter is corrected by σ²/R.
  const blur = (0.7 * sigmaMm * sigmaMm) / Math.max(radius, 1.2 * sigmaMm);
  const borrowed = 2 * (0.5 * rising + missing) * Math.min(radius, sigmaMm + 0.2);
  return Math.hypot(noise, grid, blur, borrowed, 3 * besideMm);
}

/**
 * Adds what blur along the line may do where the diameter bends (a short throat between thick slices): ½·σ²·D″, with
 * `alongMm[n]` the blur's deviation along the line at station n.
 */
export function withBlurAlong(
  stations: readonly StationMeasure[],
  alongMm: readonly number[],
): readonly StationMeasure[] {
  return stations.map((station, n) => {
    const [before, after] = [stations[n - 1], stations[n + 1]];
    if (station.open || !before || !after || before.open || after.open) return station;
    const half = (after.s - before.s) / 2;
    const bend =
      (before.equivalentDiameterMm - 2 * station.equivalentDiameterMm + after.equivalentDiameterMm) /
      half ** 2;
    // Over more than the blur's own reach nothing is mixed in.
    const change = Math.min(
      0.5 * alongMm[n]! ** 2 * Math.abs(bend),
      Math.max(before.equivalentDiameterMm, after.equivalentDiameterMm) - station.equivalentDiameterMm,
    );
    return change > 0 ? { ...station, uncertaintyMm: Math.hypot(station.uncertaintyMm, change) } : station;
  });
}

/** Without contrast medium the wall is measured too, on both sides. */
export const withWall = (station: StationMeasure): StationMeasure =>
  station.open
    ? station
    : {
        ...station,
        uncertaintyMm: Math.hypot(station.uncertaintyMm, Math.min(3, 0.3 * station.equivalentDiameterMm)),
      };
