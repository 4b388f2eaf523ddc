import { indexFromPatientPoint, indexFromPatientVector, invert } from '../geometry/matrices.ts';
import { planeNormal, projectedSpacingMm } from '../geometry/planes.ts';
import type { Plane, VolumeGeometry } from '../geometry/types.ts';
import type { Projection, SliceScene } from '../scene/types.ts';

/** Sample positions along the normal, ascending, and trapezoid weights. */
export interface SlabSamples {
  readonly offsetsMm: readonly number[];
  readonly weights: readonly number[];
  /** As `ResliceRequest` has it. */
  readonly peaksApartMm?: number;
}

const thin: SlabSamples = { offsetsMm: [0], weights: [1] };
/** A normal this close to an index axis (sine) counts as along it. */
const alignedWithin = 1e-4;
const mostSamples = 8192;

/** The trapezoid rule over uneven positions. */
function trapezoid(offsetsMm: readonly number[]): SlabSamples {
  const last = offsetsMm.length - 1;
  const weights = offsetsMm.map(
    (_, i) => (offsetsMm[Math.min(i + 1, last)]! - offsetsMm[Math.max(i - 1, 0)]!) / 2,
  );
  return { offsetsMm, weights };
}

/**
 * Along an index axis the interpolated values are straight lines between voxel centres: sampling at
 * every centre and at both ends makes maximum, minimum and mean exact.
 */
function alongAxis(
  geometry: VolumeGeometry,
  plane: Plane,
  slabMm: number,
  spacing: number,
): readonly number[] | undefined {
  const inverse = invert(geometry.patientFromIndex);
  if (!inverse) return undefined;
  const perMm = indexFromPatientVector(inverse, planeNormal(plane));
  const axis = perMm.findIndex((x) => Math.abs(x) * spacing > 1 - alignedWithin);
  const others = perMm.filter((_, a) => a !== axis);
  if (axis < 0 || others.some((x) => Math.abs(x) * spacing > alignedWithin)) return undefined;
  const at = indexFromPatientPoint(inverse, plane.origin)[axis as 0 | 1 | 2];
  const speed = perMm[axis as 0 | 1 | 2];
  const ends = [at - (slabMm / 2) * speed, at + (slabMm / 2) * speed];
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  const offsets = [-slabMm / 2, slabMm / 2];
  for (let centre = Math.ceil(least); centre <= most; centre += 1) offsets.push((centre - at) / speed);
  const sorted = offsets.sort((a, b) => a - b);
  return sorted.filter((x, i) => i === 0 || x - sorted[i - 1]! > spacing * 1e-6);
}

/** A mean over few large voxels is sampled this densely: its width would be off by up to s / 15. */
const thinMean = { samplesPerVoxel: 8, voxels: 8, largerThanMm: 0.75 } as const;

/**
 * Peaks lie between samples: half a voxel apart they lose a quarter of a plate one voxel thick and nearly half of such a
 * wire, and more or less of it with every step of the slab. So the kernel looks again, a ninth of a voxel apart, around the
 * highest sample, for which the others may be a little further apart than half a voxel; slabs thinner than the usual 10 mm
 * have samples to spare for all of them.
 */
const peaks = { leastPerVoxel: 1.8, samplesPerVoxel: 8, samples: 32 } as const;

/**
 * How many samples at even distances, both ends included, a slab has along a direction in which voxels are
 * `spacingMm` long: at most half of that apart; of a MIP or MinIP an eighth, as far as 32 samples reach, then 1 / 1.8.
 */
export function evenSampleCount(spacingMm: number, slabMm: number, projection: Projection): number {
  const countAt = (perVoxel: number) => Math.ceil(slabMm / (spacingMm / perVoxel)) + 1;
  const thick = slabMm >= thinMean.voxels * spacingMm || spacingMm < thinMean.largerThanMm;
  const count =
    projection === 'mean'
      ? countAt(thick ? 2 : thinMean.samplesPerVoxel)
      : Math.max(countAt(peaks.leastPerVoxel), Math.min(countAt(peaks.samplesPerVoxel), peaks.samples));
  return Math.min(count, mostSamples);
}

/**
 * Way along the normal over which values are averaged, so that the mean of a slab of `slabMm` shows a plate one voxel thin
 * that wide at half its height. Interpolated, such a plate is a triangle of two voxels, `spacingMm` wide: nothing can be
 * thinner, and below two voxels an average over all of the slab would be wider than it says. From the integral of the
 * triangle, w = 4 (T − s) up to 1.2 s, then w² − T w + T² / 2 − 2 s T + 2 s² = 0.
 */
export function averagedMm(slabMm: number, spacingMm: number): number {
  if (slabMm >= 2 * spacingMm) return slabMm;
  if (slabMm <= 1.2 * spacingMm) return Math.max(0, 4 * (slabMm - spacingMm));
  return (slabMm + Math.sqrt(8 * spacingMm * slabMm - slabMm ** 2 - 8 * spacingMm ** 2)) / 2;
}

/**
 * Where a slab of total thickness `slabMm` is sampled (L27, L28): both ends included, at most half (a MIP or
 * MinIP: 1 / 1.8 of) the smallest projected voxel size apart; at the voxel centres where the normal runs along an index axis.
 * A mean over few large voxels: an eighth of it apart. Along an index axis a mean of less than two voxels keeps to `averagedMm`.
 */
export function slabSamples(
  geometry: VolumeGeometry,
  plane: Plane,
  slabMm: number,
  projection: Projection = 'mip',
  interpolation: SliceScene['interpolation'] = 'linear',
): SlabSamples {
  const spacing = projectedSpacingMm(geometry, planeNormal(plane));
  if (!(slabMm > 0) || spacing === undefined) return thin;
  const isMean = projection === 'mean';
  const wayMm = isMean && interpolation !== 'nearest' ? averagedMm(slabMm, spacing) : slabMm;
  const aligned = alongAxis(geometry, plane, wayMm, spacing);
  if (aligned?.length === 1) return thin;
  if (aligned && aligned.length <= mostSamples) return trapezoid(aligned);
  const count = evenSampleCount(spacing, slabMm, projection);
  const samples = trapezoid(Array.from({ length: count }, (_, i) => slabMm * (i / (count - 1) - 0.5)));
  return isMean ? samples : { ...samples, peaksApartMm: slabMm / (count - 1) };
}
