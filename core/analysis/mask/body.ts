import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { spacingMm } from '../../geometry/matrices.ts';
import type { Vec3, VolumeGeometry } from '../../geometry/types.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import {
  andRows,
  type BitRows,
  copyRows,
  emptyRows,
  hasBit,
  isEmptyRows,
  maskOfRows,
  notRows,
  orRows,
  setBit,
  withoutRows,
} from './bit-rows.ts';
import { type Components, componentsOf, partAt, partsAtFaces, rowsOfParts } from './components.ts';
import { voxelVolumeMm3 } from './mask.ts';
import { dilateRows, erodeRows } from './morphology.ts';
import { withoutSmallRows } from './parts.ts';
import { upwardsRows } from './threshold.ts';
import { type Progress, stoppable, type Work } from './work.ts';

/** Half way between air and skin. */
const tissueHu = -500;
/** Bridges between body and table are thinner than twice this; so are sheets and blankets. */
const openingMm = 2.2;
/** Limbs hold a ball of this radius, table tops, cushions' covers and cables do not. */
const coreMm = 9;
/** Parts smaller than this are neither body nor limb. */
const leastMl = 60;
/** Grid on which parts are judged. */
const coarseMm = 3;

/**
 * The patient without table, cushions and blankets (L55): tissue above −500 HU, opened, of which those parts stay
 * that are thick enough for a limb (arms beside the trunk are parts of their own); brought back to the skin; voids
 * are filled, lungs that the first or last slice cuts included. Problems: BODY_NOT_FOUND, CANCELLED.
 */
export function bodyMask(field: ScalarField, progress?: Progress): Result<VoxelMask> {
  return stoppable(progress, (work) => {
    const rows = bodyRows(field, work)?.body;
    return rows ? ok(maskOfRows(rows)) : fail(problem('BODY_NOT_FOUND'));
  });
}

/** What is not body but shows: table, cushions, blankets, cables. Problems as `bodyMask`, MASK_EMPTY. */
export function tableMask(field: ScalarField, progress?: Progress): Result<VoxelMask> {
  return stoppable(progress, (work) => {
    const found = bodyRows(field, work);
    if (!found) return fail(problem('BODY_NOT_FOUND'));
    const table = tableRows(field, found, work);
    return isEmptyRows(table) ? fail(problem('MASK_EMPTY')) : ok(maskOfRows(table));
  });
}

/** Foam is hardly more than air, but it is there; blankets and cables are small. */
function tableRows(field: ScalarField, { body, tissue, notAir }: BodyRows, work: Work): BitRows {
  const { geometry } = field;
  const spacing = spacingMm(geometry.patientFromIndex);
  const outside = notRows(copyRows(body));
  // The skin's own half-filled voxels are no table.
  const rim = dilateRows(body, Math.max(...spacing) * 1.01, spacing, work);
  const table = andRows(orRows(withoutRows(notAir, rim), tissue), outside);
  return withoutSmallRows(table, 500 / voxelVolumeMm3(geometry));
}

export interface BodyRows {
  readonly body: BitRows;
  /** All above −500 HU. */
  readonly tissue: BitRows;
  /** All above −925 HU: foam and blankets too. */
  readonly notAir: BitRows;
}

export function bodyRows(field: ScalarField, work: Work): BodyRows | undefined {
  const { geometry } = field;
  const spacing = spacingMm(geometry.patientFromIndex);
  work.part(0.25);
  const [tissue, notAir] = upwardsRows(field, tissueHu, airHu, work);
  work.part(0.3);
  const eroded = erodeRows(tissue, openingMm, spacing, work);
  work.part(0.1);
  const parts = componentsOf(eroded, 6);
  const chosen = bodyParts(parts, eroded, geometry);
  if (!chosen.some((is) => is === 1)) return undefined;
  work.part(0.2);
  const kept = rowsOfParts(parts, (part) => chosen[part] === 1);
  const body = andRows(dilateRows(kept, openingMm + Math.max(...spacing) * 0.8, spacing, work), tissue);
  work.part(0.15);
  return { body: filledBody(body, field), tissue, notAir };
}

/** 1 for each part that is body: it holds a ball of `coreMm`, and is not tiny. */
function bodyParts(parts: Components, rows: BitRows, geometry: VolumeGeometry): Uint8Array {
  const out = new Uint8Array(parts.count);
  const coarse = coarseRows(rows, geometry);
  const cores = erodeRows(coarse.rows, coreMm - openingMm, coarse.spacing);
  const leastVoxels = (leastMl * 1000) / voxelVolumeMm3(geometry);
  const [nx, ny, nz] = coarse.rows.size;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        if (!hasBit(cores, i, j, k)) continue;
        const part = partAt(parts, i * coarse.by[0], j * coarse.by[1], k * coarse.by[2]);
        if (part >= 0 && parts.sizes[part]! >= leastVoxels) out[part] = 1;
      }
  return out;
}

interface CoarseRows {
  readonly rows: BitRows;
  readonly by: Vec3;
  readonly spacing: Vec3;
}

/** Every n-th voxel along each axis, so that they are about 3 mm apart. */
function coarseRows(rows: BitRows, geometry: VolumeGeometry): CoarseRows {
  const fine = spacingMm(geometry.patientFromIndex);
  const by = fine.map((mm) => Math.max(1, Math.round(coarseMm / mm))) as unknown as Vec3;
  const size = rows.size.map((n, axis) => Math.ceil(n / by[axis]!)) as unknown as Vec3;
  const out = emptyRows(size);
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++)
        if (hasBit(rows, i * by[0], j * by[1], k * by[2])) setBit(out, i, j, k);
  return { rows: out, by, spacing: fine.map((mm, axis) => mm * by[axis]!) as unknown as Vec3 };
}

/** Values above this are no air outside; lungs at the edge of a small field of view are above it. */
const airHu = -925;

/**
 * Voids are filled that do not reach the sides of the volume. The faces that cut the patient from head to feet are not
 * outside. A void that reaches a side and is not air (lungs in a small field of view) is filled too.
 */
function filledBody(body: BitRows, field: ScalarField): BitRows {
  const voids = componentsOf(notRows(copyRows(body)), 6);
  const axis = longAxis(field.geometry);
  const outside = [axis !== 0, axis !== 1, axis !== 2] as const;
  const open = partsAtFaces(voids, outside);
  const mean = sampledMeans(voids, field, open);
  return orRows(
    rowsOfParts(voids, (part) => open[part] === 0 || mean[part]! > airHu),
    body,
  );
}

/** The index axis along which the patient lies: nearest to head–feet. */
export function longAxis({ patientFromIndex }: VolumeGeometry): 0 | 1 | 2 {
  const along = [8, 9, 10].map((at, axis) => {
    const m = patientFromIndex;
    return Math.abs(m[at]!) / Math.hypot(m[axis]!, m[4 + axis]!, m[8 + axis]!);
  });
  return along.indexOf(Math.max(...along)) as 0 | 1 | 2;
}

/** Means of modality values of the wanted parts, from every `stride`th voxel; missing data counts as air. */
export function sampledMeans(
  { runs, partOfRun, count }: Components,
  { voxels, rescale, noData }: ScalarField,
  wanted: Uint8Array,
  stride = 31,
): Float64Array {
  const sum = new Float64Array(count);
  const seen = new Float64Array(count);
  const { from, end, rowStart, size } = runs;
  // Sparse samples are taken from every fourth row only: reaching for memory is what costs.
  const rowStep = stride > 1 ? 4 : 1;
  for (let row = 0; row < rowStart.length - 1; row += rowStep)
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const part = partOfRun[run]!;
      if (wanted[part] === 0) continue;
      for (let i = from[run]! + (row % stride); i < end[run]!; i += stride) {
        const stored = voxels[row * size[0] + i]!;
        sum[part]! += stored === noData ? -1000 : stored * rescale.slope + rescale.intercept;
        seen[part]! += 1;
      }
    }
  return sum.map((total, part) => (seen[part]! > 0 ? total / seen[part]! : -1000));
}
