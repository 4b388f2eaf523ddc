import type { Problem } from '../../../core/base/problem.ts';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { paddingRangeOf } from '../../../core/pixels/auto-window.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { missingFrom } from '../../../core/pixels/not-number.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import { type AnyVoxels, resampleColour, resampleToRegular } from '../../../core/volume/resample.ts';
import type { Tile } from '../../../core/volume/tiles.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import type { DecodeService } from '../decode/service.ts';

/** A group's voxels on its regular grid, i fastest: modality values, or RGB interleaved. */
export interface AssembledVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: AnyVoxels;
  /** Frames that are missing or doubtful, by index of the plan. */
  readonly problems: readonly { readonly frame: number; readonly problem: Problem }[];
  /** None of its frames is there: its voxels are made up. */
  readonly isNothing: boolean;
}

/** More than this is not assembled at once; it is what one kernel memory can hold. */
export const maxVolumeBytes = 2 ** 32 - 2 ** 24;

type ScalarType = VolumeGroup['scalarType'];

const bytesPerVoxel: Readonly<Record<ScalarType, number>> = { int16: 2, float32: 4, rgb8: 3 };

export const bytesOf = ({ size }: VolumeGeometry, scalarType: ScalarType): number =>
  size[0] * size[1] * size[2] * bytesPerVoxel[scalarType];

function arrayOf(scalarType: ScalarType, buffer: SharedArrayBuffer, bytes: number): AnyVoxels {
  if (scalarType === 'rgb8') return new Uint8Array(buffer, 0, bytes);
  return scalarType === 'int16'
    ? new Int16Array(buffer, 0, bytes / 2)
    : new Float32Array(buffer, 0, bytes / 4);
}

/**
 * Memory that the parts of a volume take one after another: engines collect memory of 256 MB that nobody needs any more
 * only once there is none left. What a part held is gone with the next.
 */
export class PartMemory {
  readonly #buffers = new Map<'acquired' | 'regular', SharedArrayBuffer>();

  /** Null where the machine gives none. */
  room(grid: 'acquired' | 'regular', bytes: number): SharedArrayBuffer | null {
    const had = this.#buffers.get(grid);
    if (had && had.byteLength >= bytes) return had;
    const made = allocate(bytes);
    if (made) this.#buffers.set(grid, made);
    return made;
  }
}

/**
 * What stands where there is nothing (a frame that cannot be decoded, places that no slice covers): the lowest value of
 * the rest, for files that other programs read; or "no data" (`noDataInt16`, NaN; black in colour), for pictures and
 * analyses of ours, which would take a made-up value for air.
 */
export type Blanks = 'lowest' | 'noData';

/**
 * Decodes a group's frames in killable threads and resamples them where the verdict says so. A frame that cannot
 * be decoded is named in `problems`.
 * Problems: that of the first frame where none decodes, VOLUME_NONE (no volume), VOLUME_TOO_LARGE (more than `mostBytes`, or than the machine gives).
 */
export async function assembleVolume(
  cached: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  {
    blanks = 'lowest',
    mostBytes = maxVolumeBytes,
  }: { readonly blanks?: Blanks; readonly mostBytes?: number } = {},
): Promise<Result<AssembledVolume>> {
  const { acquired, regular, scalarType } = group;
  if (!acquired || !regular) return fail(group.verdict.reasons[0] ?? problem('VOLUME_NONE'));
  const bytes = Math.max(bytesOf(acquired, scalarType), bytesOf(regular, scalarType));
  const tooLarge = problem('VOLUME_TOO_LARGE', { megabytes: Math.ceil(bytes / 2 ** 20) });
  if (bytes > mostBytes) return fail(tooLarge);
  const noData = scalarType === 'int16' ? noDataInt16 : Number.NaN;
  const filled = await fillGrid(cached, group, decode, {
    ...(blanks === 'noData' && { background: noData, blanksPadding: true }),
  });
  if (filled?.ok && filled.value.isNothing) return fail(filled.value.problems[0]!.problem);
  return filled ?? fail(tooLarge);
}

/**
 * The grid of a group filled, without asking how large it is; null where the machine gives no memory for it.
 *
 * @param fill `background` of places that no slice covers; the lowest value found where it is not given. Pixel padding
 * becomes "no data" where `blanksPadding` says so, before it is mixed with tissue between slices. `memory` is taken instead
 * of new one.
 */
export async function fillGrid(
  cached: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  {
    background,
    blanksPadding = false,
    memory = new PartMemory(),
  }: {
    readonly background?: number;
    readonly blanksPadding?: boolean;
    readonly memory?: PartMemory;
  } = {},
): Promise<Result<AssembledVolume> | null> {
  const { acquired, regular, scalarType } = group;
  if (!acquired || !regular) return fail(problem('VOLUME_NONE'));
  const buffer = memory.room('acquired', bytesOf(acquired, scalarType));
  const target = group.resampleK ? memory.room('regular', bytesOf(regular, scalarType)) : buffer;
  if (!buffer || !target) return null;
  const voxels = arrayOf(scalarType, buffer, bytesOf(acquired, scalarType));
  // Padding that a file keeps must not be mixed with tissue: planes between slices have it, or the lowest value, there.
  const isKept = background === undefined && !blanksPadding && group.resampleK !== undefined;
  const padded = isKept ? paddedValues(cached, group) : [];
  const isMixed = padded.length > 0;
  const sliceVoxels = acquired.size[0] * acquired.size[1];
  const met = await fillSlices(cached, group, decode, {
    buffer,
    scalarType,
    sliceVoxels,
    blanksPadding: blanksPadding || isMixed,
  });
  const found = markMissing(voxels, group, sliceVoxels, { problems: met, background, isMixed });
  const isPadded = isMixed && voxels.includes(noneOf(voxels) as never);
  const kept = isStraight(group) && padded.length === 1 ? padded[0]! : Math.min(found, ...padded);
  const lowest = isPadded ? kept : found;
  const problems = met.map(({ frame, problem: fault }) => ({ frame, problem: fault }));
  const lost = new Set(met.filter(({ missingFrom: from }) => from === 0).map(({ frame }) => frame));
  const isNothing = lost.size === group.frames.length;
  if (!group.resampleK) return ok({ geometry: regular, voxels, problems, isNothing });
  const out = arrayOf(scalarType, target, bytesOf(regular, scalarType));
  const spacing = frameAttributes(cached.plan, group.frames[0]!).PixelSpacing as readonly [number, number];
  if (voxels instanceof Uint8Array) resampleColour(group, voxels, out as Uint8Array, spacing);
  else {
    // What is no number stays none, instead of becoming the lowest value.
    const hasBlanks = problems.some(({ problem: { code } }) => code === 'PIXEL_NOT_NUMBER');
    const isMarked = isMixed && out instanceof Int16Array;
    const outside = hasBlanks ? Number.NaN : isMarked ? noDataInt16 : lowest;
    resampleToRegular(group, voxels, out as typeof voxels, outside, spacing);
    if (isMarked) for (let n = 0; n < out.length; n++) if (out[n] === noDataInt16) out[n] = lowest;
  }
  return ok({ geometry: regular, voxels: out, problems, isNothing });
}

/** What stands for "no data". */
export const noneOf = (voxels: AnyVoxels): number =>
  voxels instanceof Int16Array ? noDataInt16 : Number.NaN;

/** Slices straight above each other: padding is all that is not covered. */
export const isStraight = ({ acquired, regular }: VolumeGroup): boolean =>
  [0, 1].every((axis) => regular?.size[axis] === acquired?.size[axis]);

/** What pixel padding is worth in the images of a group that have it, without repeats. */
export function paddedValues({ plan }: CachedPlan, group: VolumeGroup): number[] {
  const values = group.frames.flatMap((frame) => {
    const attributes = frameAttributes(plan, frame);
    const padding = paddingRangeOf(attributes);
    const { RescaleSlope: slope = 1, RescaleIntercept: intercept = 0 } = attributes;
    return padding ? [Math.fround(padding.low * slope + intercept)] : [];
  });
  return [...new Set(values)];
}

/** Room for a grid's voxels; null where the machine gives none. */
export function allocateVoxels(geometry: VolumeGeometry, scalarType: ScalarType): AnyVoxels | null {
  const bytes = bytesOf(geometry, scalarType);
  const buffer = allocate(bytes);
  return buffer && arrayOf(scalarType, buffer, bytes);
}

/** Null where the machine gives no such memory. */
function allocate(bytes: number): SharedArrayBuffer | null {
  try {
    return new SharedArrayBuffer(bytes);
  } catch {
    return null;
  }
}

/** A slice with a fault, and the first of its voxels that hold nothing. */
interface SliceProblem {
  readonly frame: number;
  readonly problem: Problem;
  readonly missingFrom: number;
}

interface Target {
  readonly buffer: SharedArrayBuffer;
  readonly scalarType: ScalarType;
  readonly sliceVoxels: number;
  readonly blanksPadding: boolean;
}

async function fillSlices(
  { plan, files }: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  target: Target,
): Promise<SliceProblem[]> {
  interface Slice {
    readonly frame: number;
    readonly tile?: Tile;
    readonly at: number;
    readonly planFrame: number;
  }
  const byInstance = new Map<number, Slice[]>();
  for (const [k, planFrame] of group.frames.entries()) {
    const { instance, frame, tile } = plan.frames[planFrame]!;
    const list = byInstance.get(instance) ?? [];
    list.push({ frame, ...(tile && { tile }), at: k * target.sliceVoxels, planFrame });
    byInstance.set(instance, list);
  }
  const problems: SliceProblem[] = [];
  const fills = [...byInstance].map(async ([instance, slices]) => {
    const { scan, location } = files[instance]!;
    const lut = plan.instances[instance]!.modalityLut;
    const results = await decode.fill({
      path: location.file,
      scan,
      targets: slices.map(({ frame, tile, at, planFrame }) => {
        const attributes = frameAttributes(plan, planFrame);
        const { RescaleSlope, RescaleIntercept } = attributes;
        const padding = target.blanksPadding && paddingRangeOf(attributes);
        return {
          frame,
          at,
          ...(tile && { tile }),
          ...(RescaleSlope !== undefined && { RescaleSlope }),
          ...(RescaleIntercept !== undefined && { RescaleIntercept }),
          ...(padding && { padding }),
        };
      }),
      ...(lut && { modalityLut: lut }),
      scalarType: target.scalarType,
      voxels: target.buffer,
      sliceVoxels: target.sliceVoxels,
    });
    for (const [at, result] of results.entries()) {
      const { planFrame: frame, tile } = slices[at]!;
      const { sliceVoxels } = target;
      if (!result.ok) problems.push({ frame, problem: result.problem, missingFrom: 0 });
      else if (result.value) {
        // Tiles of a cut mosaic are told, and keep what they have.
        const from = tile ? null : missingFrom(result.value, sliceVoxels);
        problems.push({ frame, problem: result.value, missingFrom: from ?? sliceVoxels });
      }
    }
  });
  await Promise.all(fills);
  return problems.sort((a, b) => a.frame - b.frame);
}

/** Fills what did not decode or was cut off with the background, else the lowest value of the rest, never with an invented zero; answers that value. */
function markMissing(
  voxels: AnyVoxels,
  group: VolumeGroup,
  sliceVoxels: number,
  {
    problems,
    background,
    isMixed,
  }: {
    readonly problems: readonly SliceProblem[];
    readonly background: number | undefined;
    /** "No data" stands in the voxels already, for padding. */
    readonly isMixed: boolean;
  },
): number {
  const none = isMixed ? noneOf(voxels) : Number.NaN;
  const perVoxel = voxels instanceof Uint8Array ? 3 : 1;
  const sliceValues = sliceVoxels * perVoxel;
  const ends = new Map(problems.map(({ frame, missingFrom: from }) => [frame, from * perVoxel]));
  const endOf = (frame: number): number => ends.get(frame) ?? sliceValues;
  let lowest = background ?? Number.POSITIVE_INFINITY;
  for (const [k, frame] of group.frames.entries()) {
    if (background !== undefined) break;
    for (let at = k * sliceValues; at < k * sliceValues + endOf(frame); at++)
      if (voxels[at]! < lowest && voxels[at] !== none) lowest = voxels[at]!;
  }
  if (lowest === Number.POSITIVE_INFINITY || voxels instanceof Uint8Array) lowest = 0;
  for (const [k, frame] of group.frames.entries())
    voxels.fill(lowest, k * sliceValues + endOf(frame), (k + 1) * sliceValues);
  return lowest;
}
