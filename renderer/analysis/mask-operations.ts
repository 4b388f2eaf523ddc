import { tableMask } from '../../core/analysis/mask/body.ts';
import { boneRemovalMask } from '../../core/analysis/mask/bones.ts';
import { brushMask } from '../../core/analysis/mask/brush.ts';
import { growRegion } from '../../core/analysis/mask/grow.ts';
import { airwaysMask, lungsMask } from '../../core/analysis/mask/lungs.ts';
import {
  combineMasks,
  invertMask,
  isEmptyMask,
  type MaskOperation,
  type MaskVolume,
  maskVolume,
} from '../../core/analysis/mask/mask.ts';
import {
  fillHoles,
  keepLargest,
  type Morphology,
  partAtPoint,
  removeIslands,
  reshapeMask,
} from '../../core/analysis/mask/parts.ts';
import { encodeMask } from '../../core/analysis/mask/run-length.ts';
import { type Cut, type PictureView, scissorMask } from '../../core/analysis/mask/scissors.ts';
import { thresholdMask, type ValueRange } from '../../core/analysis/mask/threshold.ts';
import type { ScalarField, VoxelMask } from '../../core/analysis/types.ts';
import { problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import type { IndexPoint, PatientPoint } from '../../core/geometry/types.ts';
import type { Operation, OperationTable, Progress } from './protocol.ts';
import { readSeg } from './seg-operation.ts';

/** A mask with its run lengths and its volume. */
export interface MadeMask {
  readonly mask: VoxelMask;
  readonly runs: Uint8Array;
  readonly volume: MaskVolume;
}

/** What becomes of the result: joined to voxels that are there already, or taken from them. */
export interface JoinMask {
  readonly mask: VoxelMask;
  readonly operation: MaskOperation;
}

function made(field: ScalarField, found: Result<VoxelMask>, join?: JoinMask): Result<MadeMask> {
  const all = found.ok && join ? combineMasks(join.mask, found.value, join.operation) : found;
  if (!all.ok) return all;
  const mask = all.value;
  if (isEmptyMask(mask)) return fail(problem('MASK_EMPTY'));
  const volume = maskVolume(mask, field.geometry);
  return volume.ok ? ok({ mask, runs: encodeMask(mask), volume: volume.value }) : volume;
}

/** A line whose vessel must stay when bones go. */
export interface ProtectedLine {
  readonly pointsMm: readonly PatientPoint[];
  readonly radiusMm: number;
}

export interface FindInput {
  readonly what: 'table' | 'bones' | 'lungs' | 'airways';
  readonly protect: readonly ProtectedLine[];
  /** Everything but what is found. */
  readonly isInverted: boolean;
}

/** Voxels along lines; undefined without lines inside the volume. */
function protectedVoxels(field: ScalarField, lines: readonly ProtectedLine[]): VoxelMask | undefined {
  let all: VoxelMask | undefined;
  for (const { pointsMm, radiusMm } of lines) {
    const one = brushMask(field, pointsMm, { radiusMm });
    if (!one.ok) continue;
    const both = all ? combineMasks(all, one.value, 'or') : one;
    if (both.ok) all = both.value;
  }
  return all;
}

function find(field: ScalarField, { what, protect }: FindInput, progress: Progress): Result<VoxelMask> {
  switch (what) {
    case 'table':
      return tableMask(field, progress);
    case 'bones': {
      const kept = protectedVoxels(field, protect);
      return boneRemovalMask(field, kept ? { protect: kept } : {}, progress);
    }
    case 'lungs':
      return lungsMask(field, progress);
    case 'airways':
      return airwaysMask(field, progress);
  }
}

const findMask: Operation<FindInput, MadeMask> = (field, input, progress) => {
  const found = find(field, input, progress);
  return made(field, found.ok && input.isInverted ? ok(invertMask(found.value)) : found);
};

const threshold: Operation<ValueRange, MadeMask> = (field, range, progress) =>
  made(field, thresholdMask(field, range, progress));

export interface GrowInput {
  readonly point: IndexPoint;
  /** Null = as far as it does not leak. */
  readonly tolerance: number | null;
}

export interface GrownMask extends MadeMask {
  readonly seed: number;
  readonly tolerance: number;
  readonly hasLeaked: boolean;
}

/**
 * Earlier than a threefold jump: in noise a region seeps into its surroundings over many steps. The reader sees the
 * last safe state, and widens it by hand.
 */
const leakRule = { factor: 1.15, window: 5 } as const;

const grow: Operation<GrowInput, GrownMask> = (field, { point, tolerance }, progress) => {
  const options = tolerance === null ? { leak: leakRule } : { tolerance };
  const grown = growRegion(field, point, options, progress);
  if (!grown.ok) return grown;
  const { mask, seed, leak } = grown.value;
  const result = made(field, ok(mask));
  if (!result.ok) return result;
  return ok({ ...result.value, seed, tolerance: grown.value.tolerance, hasLeaked: leak !== undefined });
};

export interface ScissorInput {
  readonly view: PictureView;
  readonly cut: Cut;
  readonly join?: JoinMask;
}

const scissors: Operation<ScissorInput, MadeMask> = (field, { view, cut, join }, progress) =>
  made(field, scissorMask(field.geometry, view, cut, progress), join);

export interface ReshapeInput {
  readonly mask: VoxelMask;
  readonly how: Morphology | 'fill' | 'largest' | 'islands';
  /** Radius in mm; least volume of an island in ml. */
  readonly amount: number;
}

function reshape(
  field: ScalarField,
  { mask, how, amount }: ReshapeInput,
  progress: Progress,
): Result<VoxelMask> {
  const { geometry } = field;
  if (how === 'fill') return fillHoles(mask, geometry, progress);
  if (how === 'largest') return keepLargest(mask, geometry, progress);
  if (how === 'islands') return removeIslands(mask, geometry, amount, progress);
  return reshapeMask(mask, geometry, how, amount, progress);
}

const reshapeOperation: Operation<ReshapeInput, MadeMask> = (field, input, progress) =>
  made(field, reshape(field, input, progress));

export interface PartInput {
  readonly point: IndexPoint;
  readonly how: 'keep' | 'drop';
  /** A layer whose part is kept or dropped. */
  readonly mask?: VoxelMask;
  /** Without it: what is seen, that is the values in range that are not hidden yet. */
  readonly range: ValueRange;
  readonly hidden?: VoxelMask;
  /** Of what is seen: voxels that the result is added to. */
  readonly join?: JoinMask;
}

/** Of what is seen: what must be hidden so that the part stays alone, or goes. */
function seenPart(field: ScalarField, input: PartInput, progress: Progress): Result<VoxelMask> {
  const inRange = thresholdMask(field, input.range, progress);
  const seen = inRange.ok && input.hidden ? combineMasks(inRange.value, input.hidden, 'without') : inRange;
  if (!seen.ok) return seen;
  return partAtPoint(
    seen.value,
    field.geometry,
    input.point,
    input.how === 'keep' ? 'drop' : 'keep',
    progress,
  );
}

const part: Operation<PartInput, MadeMask> = (field, input, progress) => {
  const { mask, point, how, join } = input;
  if (mask) return made(field, partAtPoint(mask, field.geometry, point, how, progress));
  return made(field, seenPart(field, input, progress), join);
};

export interface CombineInput extends JoinMask {
  readonly other: VoxelMask;
}

const combine: Operation<CombineInput, MadeMask> = (field, { mask, other, operation }) =>
  made(field, combineMasks(mask, other, operation));

/** Masks, as the page's analysis worker makes and changes them. */
export const maskOperations = {
  findMask,
  threshold,
  grow,
  scissors,
  reshape: reshapeOperation,
  part,
  combine,
  readSeg,
} as const satisfies OperationTable;
