import type { Vec3, VolumeGeometry } from '../geometry/types.ts';
import { noDataInt16 } from '../pixels/native-shorts.ts';
import type { SliceScene } from '../scene/types.ts';
import { type FilledSlices, type RowRenderer, resliceRequest } from './slice.ts';
import type { Kernels, VolumeInfo } from './types.ts';

/** Voxels from the first of a channel to the first of the next: kernels want addresses that are multiples of 16. */
export const channelStride = ([columns, rows, slices]: Vec3): number =>
  Math.ceil((columns * rows * slices) / 8) * 8;

/** The size that memory is laid out for where a volume of `size` has colours: room for three channels. */
export const colourSize = (size: Vec3): [number, number, number] => [
  size[0],
  size[1],
  Math.ceil((3 * channelStride(size)) / (size[0] * size[1])),
];

/** Of voxels laid out for `colourSize`, those of one channel (0 = red). */
export function channelOf<V extends Int16Array | Uint16Array | Float32Array>(
  voxels: V,
  size: Vec3,
  channel: number,
): V {
  const from = channel * channelStride(size);
  return voxels.subarray(from, from + size[0] * size[1] * size[2]) as V;
}

/** Red, green and blue of the voxel at `index` of one channel; null where there is no data. */
export function colourAt(
  { geometry, voxels }: { readonly geometry: VolumeGeometry; readonly voxels: ArrayLike<number> },
  index: number,
): readonly number[] | null {
  const stride = channelStride(geometry.size);
  const rgb = [0, 1, 2].map((channel) => voxels[channel * stride + index]!);
  return rgb.includes(noDataInt16) ? null : rgb;
}

/** Projections that colours have: the largest of each channel would be a colour that is nowhere in the patient. */
export const isColourProjection = (projection: SliceScene['projection']): boolean =>
  projection === 'none' || projection === 'mean';

/** Rec. 601: what of red, green and blue is brightness. */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * RGBA of a plane through a volume of colours, each channel by the kernel of grey planes and rounded to a level; a slab is
 * the mean of each. `values` are the brightness, NaN where there is no data.
 *
 * @param buffer the volume's memory
 * @throws Error for projections that colours have not
 */
export function renderColourSlice(
  kernels: Kernels,
  volume: VolumeInfo,
  scene: SliceScene,
  filled: FilledSlices | null,
  buffer: ArrayBufferLike,
): RowRenderer {
  if (!isColourProjection(scene.projection)) throw new Error(`colours have no ${scene.projection}`);
  const request = resliceRequest(volume, scene, filled);
  const { layout } = volume;
  const channelBytes = 2 * channelStride(volume.geometry.size);
  const channels = [0, 1, 2].map((n) => ({
    ...request,
    volume: { ...request.volume, voxels: layout.voxels + n * channelBytes },
  }));
  return (rowStart, rowEnd) => {
    const count = (rowEnd - rowStart) * scene.width;
    const at = rowStart * scene.width * 4;
    const values = new Float32Array(buffer, layout.values + at, count);
    const rgba = new Uint8ClampedArray(buffer, layout.rgba + at, count * 4);
    const brightness = new Float32Array(count);
    for (const [channel, asked] of channels.entries()) {
      kernels.reslice(asked, rowStart, rowEnd);
      const share = luma[channel]!;
      const background = scene.background[channel]!;
      for (let n = 0; n < count; n += 1) {
        const value = values[n]!;
        brightness[n]! += share * value;
        // Clamping and rounding is what this array does.
        rgba[4 * n + channel] = Number.isNaN(value) ? background : value;
      }
    }
    for (let n = 0; n < count; n += 1) rgba[4 * n + 3] = 255;
    values.set(brightness);
  };
}
