import { addRib } from '../../core/analysis/ribs/edit-bones.ts';
import { findBones } from '../../core/analysis/ribs/find-bones.ts';
import type { LabelledBones } from '../../core/analysis/ribs/labels.ts';
import type { FoundBones } from '../../core/analysis/ribs/types.ts';
import type { PatientPoint } from '../../core/geometry/types.ts';
import type { Operation, OperationTable } from './protocol.ts';

/** Spine, vertebrae and ribs of the volume, without names. */
const bones: Operation<null, FoundBones> = (field, _input, progress) => findBones(field, progress);

export interface MissedRib {
  readonly bones: LabelledBones;
  /** Where it leaves the spine and where it ends, in any order. */
  readonly ends: readonly [PatientPoint, PatientPoint];
}

/** The bones with a rib more. */
const missedRib: Operation<MissedRib, LabelledBones> = (field, { bones: had, ends }, progress) =>
  addRib(field, had, ends[0], ends[1], progress);

export const boneOperations = { bones, missedRib } as const satisfies OperationTable;
