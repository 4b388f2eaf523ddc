import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { reduceColours, reducedGroup, reduceSlice } from '../../../core/volume/reduce.ts';
import type { AnyVoxels } from '../../../core/volume/resample.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import type { DecodeService } from '../decode/service.ts';
import { type AssembledVolume, allocateVoxels, bytesOf, maxVolumeBytes, PartMemory } from './assemble.ts';
import { volumeParts } from './parts.ts';

export interface ReductionRequest {
  /** So many pixels across and down become one, 2 to 16. */
  readonly factor: number;
  readonly partBytes: number;
  readonly mostBytes?: number;
}

/**
 * A volume of any size on the grid of `reducedGroup`, read part by part: the mean of `factor` × `factor` pixels of each
 * slice, "no data" (int16 −32768, NaN; black in colour) where none of them holds any. Problems: that of the first frame where none
 * decodes, VOLUME_NONE, VOLUME_TOO_LARGE (reduced it takes more than `mostBytes`, or than the machine gives).
 */
export async function assembleReduced(
  cached: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  { factor, partBytes, mostBytes = maxVolumeBytes }: ReductionRequest,
): Promise<Result<AssembledVolume>> {
  const { regular: geometry, scalarType } = reducedGroup(group, factor);
  if (!geometry || !group.regular) return fail(group.verdict.reasons[0] ?? problem('VOLUME_NONE'));
  const bytes = bytesOf(geometry, scalarType);
  const voxels = bytes > mostBytes ? null : allocateVoxels(geometry, scalarType);
  if (!voxels) return fail(problem('VOLUME_TOO_LARGE', { megabytes: Math.ceil(bytes / 2 ** 20) }));
  const [columns, rows] = group.regular.size;
  const perVoxel = scalarType === 'rgb8' ? 3 : 1;
  const sliceValues = geometry.size[0] * geometry.size[1] * perVoxel;
  const problems = new Map<number, AssembledVolume['problems'][number]>();
  const noData = scalarType === 'int16' ? noDataInt16 : Number.NaN;
  const parts = volumeParts(cached, group, decode, partBytes, noData, new PartMemory());
  let k = 0;
  let isNothing = true;
  for await (const part of parts) {
    for (const one of part.problems) problems.set(one.frame, one);
    isNothing &&= part.isNothing;
    for (let plane = 0; plane < part.geometry.size[2]; plane++, k++) {
      const own = part.voxels.subarray(
        plane * columns * rows * perVoxel,
        (plane + 1) * columns * rows * perVoxel,
      );
      reducePlane(own, columns, rows, factor, voxels.subarray(k * sliceValues, (k + 1) * sliceValues));
    }
  }
  const [first] = problems.values();
  if (isNothing && first) return fail(first.problem);
  return ok({ geometry, voxels, problems: [...problems.values()], isNothing: false });
}

function reducePlane(own: AnyVoxels, columns: number, rows: number, factor: number, out: AnyVoxels): void {
  if (own instanceof Uint8Array || out instanceof Uint8Array)
    reduceColours(own as Uint8Array, columns, rows, factor, out as Uint8Array);
  else reduceSlice(own, columns, rows, factor, out);
}
