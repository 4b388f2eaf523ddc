import { spacingMm } from '../../geometry/matrices.ts';
import type { ScalarField } from '../types.ts';
import { andRows, type BitRows, copyRows, notRows, orRows, withoutRows } from './bit-rows.ts';
import { sampledMeans } from './body.ts';
import { componentsOf, rowsOfParts } from './components.ts';
import { closeRows, dilateRows } from './morphology.ts';
import { fillRows } from './parts.ts';
import { thresholdRows } from './threshold.ts';

/** Gaps of the cortex that are closed to see what it encloses. */
const gapMm = 1.6;
/** The largest section of marrow: a vertebral body, a femoral head. */
const areaMostMm2 = 2000;
/** Marrow is brighter than the canal's contents, fat not meant. */
const marrowLeastHu = 70;

/**
 * Bones with their marrow: what slices of bone enclose is theirs unless it is as dark as the spinal canal, or wide as
 * a pelvis. Vessels never are.
 */
export function withMarrow(field: ScalarField, bones: BitRows, vessels: BitRows): BitRows {
  const [si, sj, sk] = spacingMm(field.geometry.patientFromIndex);
  const closed = closeRows(bones, gapMm, [si, sj, sk]);
  const voids = componentsOf(notRows(closed), 'planeK');
  const most = areaMostMm2 / (si * sj);
  const small = Uint8Array.from(voids.sizes, (size) => (size <= most ? 1 : 0));
  const means = sampledMeans(voids, field, small, 1);
  const held = rowsOfParts(voids, (part) => small[part] === 1 && means[part]! >= marrowLeastHu);
  // The rim of a hole was closed with the gaps.
  const near = withoutRows(dilateRows(held, gapMm + Math.max(si, sj), [si, sj, sk * 100]), bones);
  const bright = thresholdRows(
    field,
    { low: marrowLeastHu, high: Number.POSITIVE_INFINITY },
    undefined,
    near,
  );
  const marrow = andRows(orRows(held, bright), notRows(copyRows(vessels)));
  return withoutRows(fillRows(orRows(marrow, bones)), vessels);
}
