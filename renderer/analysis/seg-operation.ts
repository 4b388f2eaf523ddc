import { isEmptyMask, maskVolume } from '../../core/analysis/mask/mask.ts';
import { encodeMask } from '../../core/analysis/mask/run-length.ts';
import type { VoxelMask } from '../../core/analysis/types.ts';
import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import { segmentNameOf } from '../../core/dicom/derive/segment-codes.ts';
import { placeSegmentation } from '../../core/dicom/derive/segmentation-place.ts';
import { readSegmentation } from '../../core/dicom/derive/segmentation-read.ts';
import type { Vec3 } from '../../core/geometry/types.ts';
import type { MadeMask } from './mask-operations.ts';
import type { Operation } from './protocol.ts';

export interface SegInput {
  /** A whole DICOM file. */
  readonly bytes: Uint8Array;
  readonly frameOfReferenceUID: string;
  readonly sliceOfInstance: ReadonlyMap<string, number>;
}

export interface ReadLayer extends MadeMask {
  readonly nameId: string | null;
  readonly label: string;
  readonly colour: Vec3 | null;
}

export interface ReadLayers {
  readonly layers: readonly ReadLayer[];
  readonly problems: readonly Problem[];
}

/** A Segmentation object as masks of the volume; in this worker, because its bytes may be anything. */
export const readSeg: Operation<SegInput, ReadLayers> = (field, input, progress) => {
  const { bytes, frameOfReferenceUID, sliceOfInstance } = input;
  const read = readSegmentation(bytes);
  if (!read.ok) return read;
  progress(0.4);
  const { geometry } = field;
  const placed = placeSegmentation(read.value, geometry, { frameOfReferenceUID, sliceOfInstance });
  if (!placed.ok) return placed;
  progress(0.8);
  const layers: ReadLayer[] = [];
  for (const { segment, bits } of placed.value.segments) {
    const mask: VoxelMask = { size: geometry.size, bits };
    if (isEmptyMask(mask)) continue;
    const volume = maskVolume(mask, geometry);
    if (!volume.ok) return volume;
    const nameId = segmentNameOf(segment.type);
    layers.push({
      ...{ mask, runs: encodeMask(mask), volume: volume.value, nameId },
      label: segment.label,
      colour: segment.colour ?? null,
    });
  }
  const { problems } = placed.value;
  return layers.length > 0 ? ok({ layers, problems }) : fail(problems[0] ?? problem('MASK_EMPTY'));
};
