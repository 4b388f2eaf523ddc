import type { Problem } from '../../../core/base/problem.ts';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import { resampleToRegular, type VoxelArray } from '../../../core/volume/resample.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import type { DecodeService } from '../decode/service.ts';

/** A group's voxels on its regular grid, i fastest, modality values. */
export interface AssembledVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: VoxelArray;
  /** Frames that are missing or doubtful, by index of the plan. */
  readonly problems: readonly { readonly frame: number; readonly problem: Problem }[];
}

/** More than this is not assembled at once; it is what one kernel memory can hold. */
const maxVolumeBytes = 2 ** 32 - 2 ** 24;

const arrayOf = (scalarType: 'int16' | 'float32', buffer: SharedArrayBuffer): VoxelArray =>
  scalarType === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);

/**
 * Decodes a group's frames in killable threads and resamples them where the verdict says so. A frame that cannot
 * be decoded holds the lowest value of the others and is named in `problems`.
 * Problems: VOLUME_NONE (no volume), PIXEL_FORMAT_UNSUPPORTED (colour), VOLUME_TOO_LARGE.
 */
export async function assembleVolume(
  cached: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
): Promise<Result<AssembledVolume>> {
  const { acquired, regular, scalarType } = group;
  if (!acquired || !regular) return fail(group.verdict.reasons[0] ?? problem('VOLUME_NONE'));
  if (scalarType === 'rgb8') return fail(problem('PIXEL_FORMAT_UNSUPPORTED'));
  const bytesPerVoxel = scalarType === 'int16' ? 2 : 4;
  const bytesOf = ({ size }: VolumeGeometry): number => size[0] * size[1] * size[2] * bytesPerVoxel;
  if (Math.max(bytesOf(acquired), bytesOf(regular)) > maxVolumeBytes)
    return fail(problem('VOLUME_TOO_LARGE'));
  const buffer = new SharedArrayBuffer(bytesOf(acquired));
  const voxels = arrayOf(scalarType, buffer);
  const sliceVoxels = acquired.size[0] * acquired.size[1];
  const problems = await fillSlices(cached, group, decode, { buffer, scalarType, sliceVoxels });
  const lowest = markMissing(voxels, group, sliceVoxels, problems);
  if (!group.resampleK) return ok({ geometry: regular, voxels, problems });
  const out = arrayOf(scalarType, new SharedArrayBuffer(bytesOf(regular)));
  const spacing = frameAttributes(cached.plan, group.frames[0]!).PixelSpacing as readonly [number, number];
  resampleToRegular(group, voxels, out, lowest, spacing);
  return ok({ geometry: regular, voxels: out, problems });
}

interface Target {
  readonly buffer: SharedArrayBuffer;
  readonly scalarType: 'int16' | 'float32';
  readonly sliceVoxels: number;
}

async function fillSlices(
  { plan, files }: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  target: Target,
): Promise<{ frame: number; problem: Problem }[]> {
  const byInstance = new Map<number, { frame: number; at: number; planFrame: number }[]>();
  for (const [k, planFrame] of group.frames.entries()) {
    const { instance, frame } = plan.frames[planFrame]!;
    const list = byInstance.get(instance) ?? [];
    list.push({ frame, at: k * target.sliceVoxels, planFrame });
    byInstance.set(instance, list);
  }
  const problems: { frame: number; problem: Problem }[] = [];
  const fills = [...byInstance].map(async ([instance, slices]) => {
    const { scan, location } = files[instance]!;
    const lut = plan.instances[instance]!.modalityLut;
    const results = await decode.fill({
      path: location.file,
      scan,
      targets: slices.map(({ frame, at, planFrame }) => {
        const { RescaleSlope, RescaleIntercept } = frameAttributes(plan, planFrame);
        return {
          frame,
          at,
          ...(RescaleSlope !== undefined && { RescaleSlope }),
          ...(RescaleIntercept !== undefined && { RescaleIntercept }),
        };
      }),
      ...(lut && { modalityLut: lut }),
      scalarType: target.scalarType,
      voxels: target.buffer,
      sliceVoxels: target.sliceVoxels,
    });
    for (const [at, result] of results.entries())
      if (!result.ok) problems.push({ frame: slices[at]!.planFrame, problem: result.problem });
  });
  await Promise.all(fills);
  return problems.sort((a, b) => a.frame - b.frame);
}

/** Fills slices that did not decode with the lowest value of the rest, never with an invented zero; answers that value. */
function markMissing(
  voxels: VoxelArray,
  group: VolumeGroup,
  sliceVoxels: number,
  problems: readonly { frame: number; problem: Problem }[],
): number {
  const partial = new Set([
    'FRAME_PARTIAL',
    'CODESTREAM_MISMATCH',
    'PIXEL_TRUNCATED',
    'PIXEL_ENCODING_MISMATCH',
  ]);
  const missing = new Set(problems.filter((p) => !partial.has(p.problem.code)).map((p) => p.frame));
  let lowest = Number.POSITIVE_INFINITY;
  for (const [k, frame] of group.frames.entries()) {
    if (missing.has(frame)) continue;
    for (let at = k * sliceVoxels; at < (k + 1) * sliceVoxels; at++)
      if (voxels[at]! < lowest) lowest = voxels[at]!;
  }
  if (lowest === Number.POSITIVE_INFINITY) lowest = 0;
  for (const [k, frame] of group.frames.entries())
    if (missing.has(frame)) voxels.fill(lowest, k * sliceVoxels, (k + 1) * sliceVoxels);
  return lowest;
}
