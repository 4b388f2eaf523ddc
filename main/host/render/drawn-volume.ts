import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Attributes } from '../../../core/dicom/types.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { paddingRangeOf } from '../../../core/pixels/auto-window.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { channelOf, colourSize } from '../../../core/render/colour-slice.ts';
import type { AnyVoxels } from '../../../core/volume/resample.ts';
import { allocateHostVolume, type HostVolume, hostVolume, type Voxels } from './volume-memory.ts';

/** Modality values, or RGB, on a regular grid, as `/volume` gives them. */
export interface LooseVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: AnyVoxels;
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
  if (voxels instanceof Uint8Array) return colourVolume(geometry, voxels, pixels);
  const isShort = voxels instanceof Int16Array;
  const request = { geometry, scalarType: isShort ? 'int16' : 'float32', maxOutputPixels: pixels } as const;
  const empty = allocateHostVolume(request);
  if (!empty) return undefined;
  empty.voxels.set(voxels);
  blankPadding(attributes, empty.voxels, isShort ? noDataInt16 : Number.NaN);
  return hostVolume(empty, request, undefined, isShort ? noDataInt16 : undefined);
}

/** RGB as the three channels that planes are drawn from. */
function colourVolume(geometry: VolumeGeometry, rgb: Uint8Array, pixels: number): HostVolume | undefined {
  const { size } = geometry;
  const laidOut = { ...geometry, size: colourSize(size) };
  const request = { geometry: laidOut, scalarType: 'int16', maxOutputPixels: pixels } as const;
  const empty = allocateHostVolume(request);
  if (!empty) return undefined;
  for (let channel = 0; channel < 3; channel += 1) {
    const voxels = channelOf(empty.voxels, size, channel);
    for (let n = 0; n < voxels.length; n += 1) voxels[n] = rgb[3 * n + channel]!;
  }
  return { ...hostVolume(empty, { ...request, geometry }), isColour: true };
}
