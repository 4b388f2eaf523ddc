import { type Problem, problem } from '../../../core/base/problem.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { channelOf, colourSize } from '../../../core/render/colour-slice.ts';
import type { AnyVoxels } from '../../../core/volume/resample.ts';
import { allocateHostVolume, type HostVolume, hostVolume } from './volume-memory.ts';

/** Modality values, or RGB, on a regular grid, as `/volume` gives them with `blanks=noData`. */
export interface LooseVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: AnyVoxels;
}

/** Why `drawnVolume` gave nothing. */
export const tooLarge = ({ byteLength }: LooseVolume['voxels']): Problem =>
  problem('VOLUME_TOO_LARGE', { megabytes: Math.ceil(byteLength / 2 ** 20) });

/**
 * The voxels in the memory that render threads share, ready for pictures of up to `pixels`. Undefined where there is
 * no such memory.
 */
export function drawnVolume({ geometry, voxels }: LooseVolume, pixels: number): HostVolume | undefined {
  if (voxels instanceof Uint8Array) return colourVolume(geometry, voxels, pixels);
  const isShort = voxels instanceof Int16Array;
  const request = { geometry, scalarType: isShort ? 'int16' : 'float32', maxOutputPixels: pixels } as const;
  const empty = allocateHostVolume(request);
  if (!empty) return undefined;
  empty.voxels.set(voxels);
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
