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
 * Half-width of the 95 % interval of the equivalent diameter: noise of the edge; what blur, wall and the grid leave
 * uncertain, in shares of a voxel; and rays whose edge had to be taken from their neighbours or from bright calcium.
 */
export function uncertaintyMm(lumen: SectionLumen): number {
  const { voxelMm, sigmaMm, radiusNoiseMm, rising, missing, thin, shape } = lumen;
  const noise = 2 * 1.96 * radiusNoiseMm;
  const grid = thin ? 0.35 * voxelMm : 0.16 * voxelMm;
  const borrowed = 2 * (0.5 * rising + missing) * Math.min(0.5 * shape.equivalentDiameterMm, sigmaMm + 0.2);
  return Math.hypot(noise, grid, borrowed);
}
