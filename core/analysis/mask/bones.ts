import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { spacingMm } from '../../geometry/matrices.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import {
  andRows,
  type BitRows,
  copyRows,
  isEmptyRows,
  maskOfRows,
  orRows,
  rowsOfMask,
  withoutRows,
} from './bit-rows.ts';
import { componentsOf, rowsOfParts } from './components.ts';
import { contest } from './contest.ts';
import { enhancedRows, partsWith } from './enhanced.ts';
import { halfFilledRows } from './half-maximum.ts';
import { withMarrow } from './marrow.ts';
import { maskProblem, voxelVolumeMm3 } from './mask.ts';
import { dilateRows } from './morphology.ts';
import { runsOf } from './runs.ts';
import { thresholdRows } from './threshold.ts';
import { type Progress, stoppable, type Work } from './work.ts';

/** Everything bright: bone, contrast medium, calcium. */
const brightHu = 180;
/** Compact bone and calcium, brighter than contrast medium usually is. */
const compactHu = 450;
/** A bone has this much compact bone, and is this large. */
const compactLeastMl = 0.04;
const boneLeastMl = 0.15;
/** Within this distance of vessels, vessels and bones compete. */
const nearMm = 3;

export interface BoneOptions {
  /** What must stay: vessels marked by the reader, as a region or along a centreline. */
  readonly protect?: VoxelMask;
}

interface FoundBones {
  readonly bones: BitRows;
  /** Everything bright that is not bone: vessels with their calcium, enhanced organs. */
  readonly kept: BitRows;
}

/**
 * The bones, marrow included, to half their height at the surface, without vessels that touch them (L56). Vessels are found by themselves where they are
 * filled with contrast medium, and taken from `protect`; near them vessel and bone compete for every bright voxel, so
 * that calcium on a vessel's wall stays with the vessel. Problems: MASK_OTHER_VOLUME, BONES_NOT_FOUND, CANCELLED.
 */
export function bonesMask(
  field: ScalarField,
  options: BoneOptions = {},
  progress?: Progress,
): Result<VoxelMask> {
  return withBones(field, options, progress, ({ bones }) => halfFilledRows(field, bones));
}

/** The bones with all half-filled voxels around them, for removing them from a picture; vessels keep theirs. */
export function boneRemovalMask(
  field: ScalarField,
  options: BoneOptions = {},
  progress?: Progress,
): Result<VoxelMask> {
  return withBones(field, options, progress, ({ bones, kept }) => {
    const spacing = spacingMm(field.geometry.patientFromIndex);
    const rim = Math.max(...spacing) * 1.01;
    const halfFilled = withoutRows(dilateRows(bones, rim, spacing), dilateRows(kept, rim, spacing));
    return orRows(halfFilled, bones);
  });
}

function withBones(
  field: ScalarField,
  { protect }: BoneOptions,
  progress: Progress | undefined,
  result: (found: FoundBones) => BitRows,
): Result<VoxelMask> {
  const unlike = protect && maskProblem(protect, field.geometry.size);
  if (unlike) return fail(unlike);
  return stoppable(progress, (work) => {
    const found = findBones(field, protect && rowsOfMask(protect), work);
    return isEmptyRows(found.bones) ? fail(problem('BONES_NOT_FOUND')) : ok(maskOfRows(result(found)));
  });
}

function findBones(field: ScalarField, protect: BitRows | undefined, work: Work): FoundBones {
  const spacing = spacingMm(field.geometry.patientFromIndex);
  const upwards = (low: number) => ({ low, high: Number.POSITIVE_INFINITY });
  work.part(0.1);
  const bright = thresholdRows(field, upwards(brightHu), work);
  work.part(0.5);
  const vessels = enhancedRows(field, bright, work);
  if (protect) orRows(vessels, andRows(copyRows(protect), bright));
  work.part(0.1);
  const near = andRows(dilateRows(vessels, nearMm, spacing, work), bright);
  const far = withoutRows(copyRows(bright), near);
  const seeds = boneRows(field, far, bright);
  work.part(0.2);
  const undecided = withoutRows(near, vessels);
  const won = contest(field, undecided, vessels, seeds, work);
  work.part(0.1);
  const bones = withMarrow(field, orRows(won, seeds), vessels);
  return { bones, kept: withoutRows(bright, bones) };
}

/** Parts with enough compact bone. */
function boneRows(field: ScalarField, far: BitRows, bright: BitRows): BitRows {
  const compact = thresholdRows(field, { low: compactHu, high: Number.POSITIVE_INFINITY }, undefined, bright);
  const parts = componentsOf(far, 6);
  const compactOf = partsWith(parts, runsOf(compact));
  const voxelMl = voxelVolumeMm3(field.geometry) / 1000;
  return rowsOfParts(
    parts,
    (part) => parts.sizes[part]! * voxelMl >= boneLeastMl && compactOf[part]! * voxelMl >= compactLeastMl,
  );
}
