import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { spacingMm } from '../../geometry/matrices.ts';
import { indexPoint, type Vec3 } from '../../geometry/types.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import { andRows, type BitRows, maskOfRows, rowsOfMask, withoutRows } from './bit-rows.ts';
import { bodyRows, sampledMeans } from './body.ts';
import { componentsOf, rowsOfParts } from './components.ts';
import { growRegion } from './grow.ts';
import { voxelVolumeMm3 } from './mask.ts';
import { dilateRows, erodeRows } from './morphology.ts';
import { fillRows } from './parts.ts';
import { thresholdRows } from './threshold.ts';
import { findTrachea } from './trachea.ts';
import { type Progress, stoppable, type Work } from './work.ts';

/** Half way between lung and soft tissue. */
const lungMostHu = -450;
/** Gas of the bowel is darker inside, everything else brighter. */
const meanHu: readonly [number, number] = [-965, -550];
const leastMl = 60;
/** A lung is at least this part of the larger one. */
const leastShare = 0.05;
/** Gas of a stomach or colon mixed with its walls passes for lung: of what is smaller than this part, much darker than the lung itself. */
const doubtfulShare = 0.3;
const gasBelowHu = 70;
/** Links to airways, gullet and bowel that are thinner than twice this are cut. */
const openingMm = 2;
/** What airways hold, walls left out. */
const airwaysMostMl = 180;
const airwaysLeastMl = 2;
/** Walls of airways within the lungs. */
const wallMm = 1.5;

/**
 * Both lungs without trachea and larger airways, as the CT shows them: everything darker than −450 HU, so that vessels
 * are left out but enclosed nodules are not. Problems: BODY_NOT_FOUND, LUNGS_NOT_FOUND, CANCELLED.
 */
export function lungsMask(field: ScalarField, progress?: Progress): Result<VoxelMask> {
  return stoppable(progress, (work) => {
    const body = bodyRows(field, work)?.body;
    if (!body) return fail(problem('BODY_NOT_FOUND'));
    const air = lungAir(field, body, work);
    const airways = airwayRows(field, body);
    const spacing = spacingMm(field.geometry.patientFromIndex);
    if (airways) withoutRows(air, dilateRows(airways, wallMm, spacing));
    const lungs = lungRows(field, air, spacing, work);
    return lungs ? ok(maskOfRows(lungs)) : fail(problem('LUNGS_NOT_FOUND'));
  });
}

const lungAir = (field: ScalarField, body: BitRows, work: Work): BitRows =>
  thresholdRows(field, { low: Number.NEGATIVE_INFINITY, high: lungMostHu }, work, body);

/** Large parts with the density of lung. */
function lungRows(field: ScalarField, air: BitRows, spacing: Vec3, work: Work): BitRows | undefined {
  const cores = erodeRows(air, openingMm, spacing, work);
  const parts = componentsOf(cores, 6);
  const means = sampledMeans(parts, field, new Uint8Array(parts.count).fill(1));
  const voxelMl = voxelVolumeMm3(field.geometry) / 1000;
  const isLung = (part: number): boolean =>
    parts.sizes[part]! * voxelMl >= leastMl && means[part]! >= meanHu[0] && means[part]! <= meanHu[1];
  let main = -1;
  for (let part = 0; part < parts.count; part++)
    if (isLung(part) && (main < 0 || parts.sizes[part]! > parts.sizes[main]!)) main = part;
  if (main < 0) return undefined;
  const largest = parts.sizes[main]!;
  const isGas = (part: number): boolean =>
    parts.sizes[part]! < doubtfulShare * largest && means[part]! < means[main]! - gasBelowHu;
  const kept = rowsOfParts(
    parts,
    (part) => isLung(part) && parts.sizes[part]! >= leastShare * largest && !isGas(part),
  );
  const reach = openingMm + Math.max(...spacing) * 0.8;
  return fillRows(andRows(dilateRows(kept, reach, spacing, work), air));
}

/**
 * Trachea and bronchi, as far as they can be told from lung: grown from the trachea until the region leaks.
 * Problems: BODY_NOT_FOUND, AIRWAYS_NOT_FOUND, CANCELLED.
 */
export function airwaysMask(field: ScalarField, progress?: Progress): Result<VoxelMask> {
  return stoppable(progress, (work) => {
    const body = bodyRows(field, work)?.body;
    if (!body) return fail(problem('BODY_NOT_FOUND'));
    const airways = airwayRows(field, body);
    return airways ? ok(maskOfRows(airways)) : fail(problem('AIRWAYS_NOT_FOUND'));
  });
}

function airwayRows(field: ScalarField, body: BitRows): BitRows | undefined {
  const seed = findTrachea(field, body);
  if (!seed) return undefined;
  const grown = growRegion(field, indexPoint(...seed), {
    most: 200,
    mostMl: airwaysMostMl,
    leak: { factor: 1.6, window: 12 },
    within: body,
  });
  if (!grown.ok || grown.value.volumeMl < airwaysLeastMl) return undefined;
  return fillRows(rowsOfMask(grown.value.mask));
}
