import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Attributes } from '../../../core/dicom/types.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { paddingRangeOf } from '../../../core/pixels/auto-window.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { allocateHostVolume, type HostVolume, hostVolume, type Voxels } from './volume-memory.ts';

/** Modality values on a regular grid, as `/volume` gives them. */
export interface LooseVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array | Float32Array;
  /** Of one of its frames: padding and rescale. */
  readonly attributes: Attributes;
}

/** Padding (PS3.3 C.7.5.1.1.2) becomes "no data", as on the page: it is in stored values, the voxels are rescaled. */
export function blankPadding(attributes: Attributes, voxels: Voxels, noData: number): void {
  const padding = paddingRangeOf(attributes);
  if (!padding) return;
  const { RescaleSlope: slope = 1, RescaleIntercept: intercept = 0 } = attributes;
  const ends = [padding.low * slope + intercept, padding.high * slope + intercept];
  const [low, high] = voxels instanceof Float32Array ? ends.map(Math.fround) : ends;
  const [least, most] = [Math.min(low!, high!), Math.max(low!, high!)];
  for (let n = 0; n < voxels.length; n += 1) {
    const value = voxels[n]!;
    if (value >= least && value <= most) voxels[n] = noData;
  }
}

/** Why `drawnVolume` gave nothing. */
export const tooLarge = ({ byteLength }: LooseVolume['voxels']): Problem =>
  problem('VOLUME_TOO_LARGE', { megabytes: Math.ceil(byteLength / 2 ** 20) });

/**
 * The voxels in the memory that render threads share, ready for pictures of up to `pixels`. Undefined where there is
 * no such memory.
 */
export function drawnVolume(
  { geometry, voxels, attributes }: LooseVolume,
  pixels: number,
): HostVolume | undefined {
  const isShort = voxels instanceof Int16Array;
  const request = { geometry, scalarType: isShort ? 'int16' : 'float32', maxOutputPixels: pixels } as const;
  const empty = allocateHostVolume(request);
  if (!empty) return undefined;
  empty.voxels.set(voxels);
  blankPadding(attributes, empty.voxels, isShort ? noDataInt16 : Number.NaN);
  return hostVolume(empty, request, undefined, isShort ? noDataInt16 : undefined);
}
