import { applyDirection, indexFromPatientPoint, invert } from '../../../../core/geometry/matrices.ts';
import { planeNormal } from '../../../../core/geometry/planes.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { MissingSlices } from '../../../../core/volume/types.ts';
import { type PlacedPlane, patientAt } from './mpr-picture.ts';

/** A plane midway between two slices belongs to the upper one, as its number says. */
const halfSlice = 0.5 - 1e-6;

type Place = readonly [number, number];

/** The part of a picture that is made up between two acquired slices: corners in CSS pixels. */
export interface InterpolatedBand {
  readonly missing: MissingSlices;
  readonly corners: readonly Place[];
}

/**
 * Where a plane of `slabMm` (0 = thin) shows slices that are made up: from half a slice before the first to half a
 * slice after the last, cut to the viewport. A plane along the slices is wholly made up, or not at all.
 */
export function interpolatedBands(
  geometry: VolumeGeometry,
  missing: readonly MissingSlices[] | undefined,
  placed: PlacedPlane,
  slabMm: number,
): readonly InterpolatedBand[] {
  const inverse = missing && invert(geometry.patientFromIndex);
  const { cssWidth, cssHeight } = placed.size;
  if (!inverse || cssWidth === 0 || cssHeight === 0) return [];
  const sliceAt = ([x, y]: Place): number => indexFromPatientPoint(inverse, patientAt(placed, x, y))[2];
  const aside = (Math.abs(applyDirection(inverse, planeNormal(placed.plane))[2]) * slabMm) / 2;
  const viewport: readonly Place[] = [
    [0, 0],
    [cssWidth, 0],
    [cssWidth, cssHeight],
    [0, cssHeight],
  ];
  return missing.flatMap((gap) => {
    const above = cut(viewport, (at) => sliceAt(at) - (gap.fromK - 0.5 - aside));
    const corners = cut(above, (at) => gap.toK + halfSlice + aside - sliceAt(at));
    return corners.length < 3 ? [] : [{ missing: gap, corners }];
  });
}

/** The part of a convex polygon where a function that is linear in x and y is at least 0. */
function cut(corners: readonly Place[], heightAt: (at: Place) => number): Place[] {
  const kept: Place[] = [];
  for (const [n, at] of corners.entries()) {
    const next = corners[(n + 1) % corners.length]!;
    const [here, there] = [heightAt(at), heightAt(next)];
    if (here >= 0) kept.push(at);
    if (here < 0 !== there < 0) {
      const share = here / (here - there);
      kept.push([at[0] + share * (next[0] - at[0]), at[1] + share * (next[1] - at[1])]);
    }
  }
  return kept;
}
