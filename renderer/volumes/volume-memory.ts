import type { VolumeGeometry } from '../../core/geometry/types.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import { bytesPerVoxel, type KernelLayout, layoutFor } from '../../native/layout.ts';
import type { DecodeTarget } from './frame-image.ts';
import { newClaims, type SliceClaims } from './slice-claims.ts';

/** Voxels of a regular grid in the one shared memory that the page's workers and kernels use. */
export interface VolumeMemory {
  readonly memory: WebAssembly.Memory;
  readonly layout: KernelLayout;
  readonly geometry: VolumeGeometry;
  readonly scalarType: 'int16' | 'float32';
  readonly voxels: Int16Array | Float32Array;
  readonly claims: SliceClaims;
}

export interface MemoryLimits {
  readonly workerCount: number;
  /** Most bytes of one volume's voxels; absent = what one memory can hold (4 GiB with all else). */
  readonly volumeCapBytes?: number;
}

/** Pixels of the largest picture that the CPU road draws at once. */
export const outputPixelsMost = 2560 * 1440;

export function isNoData(scalarType: 'int16' | 'float32'): (value: number) => boolean {
  return scalarType === 'int16' ? (value) => value === noDataInt16 : Number.isNaN;
}

const sharedBuffer = (memory: WebAssembly.Memory): SharedArrayBuffer => {
  if (memory.buffer instanceof SharedArrayBuffer) return memory.buffer;
  throw new Error('memory is not shared');
};

const viewOf = (
  buffer: ArrayBufferLike,
  scalarType: 'int16' | 'float32',
  byteOffset: number,
  count: number,
): Int16Array | Float32Array =>
  scalarType === 'int16'
    ? new Int16Array(buffer, byteOffset, count)
    : new Float32Array(buffer, byteOffset, count);

const blank = (voxels: Int16Array | Float32Array): void => {
  voxels.fill(voxels instanceof Int16Array ? noDataInt16 : Number.NaN);
};

/** Makes slice k of a volume "no data". */
export function blankSlice({ geometry, voxels }: VolumeMemory, k: number): void {
  const length = geometry.size[0] * geometry.size[1];
  blank(voxels.subarray(k * length, (k + 1) * length));
}

/** The layout of a volume; null where it is larger than one memory can be, or has more voxel bytes than `capBytes`. */
export function fittingLayout(
  geometry: VolumeGeometry,
  scalarType: 'int16' | 'float32',
  { workerCount, volumeCapBytes = Number.POSITIVE_INFINITY }: MemoryLimits,
): KernelLayout | null {
  const { size } = geometry;
  const layout = layoutFor({ size, scalarType, workerCount, maxOutputPixels: outputPixelsMost });
  return layout && layout.voxelBytes <= volumeCapBytes ? layout : null;
}

/**
 * Memory for a volume, all zero: slices are made "no data" by their claims (all at once takes 0.1 s for 200 MB). Null
 * where it is too large or the machine gives none.
 */
export function allocateVolume(
  geometry: VolumeGeometry,
  scalarType: 'int16' | 'float32',
  limits: MemoryLimits,
): VolumeMemory | null {
  const layout = fittingLayout(geometry, scalarType, limits);
  if (!layout) return null;
  try {
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pagesMost, shared: true });
    const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
    const voxels = viewOf(memory.buffer, scalarType, layout.voxels, count);
    return { memory, layout, geometry, scalarType, voxels, claims: newClaims(geometry.size[2]) };
  } catch {
    return null;
  }
}

/** Place of slice k inside the volume. */
export function sliceTarget(volume: VolumeMemory, k: number): DecodeTarget {
  const { geometry, layout, memory, scalarType, claims } = volume;
  const sliceBytes = geometry.size[0] * geometry.size[1] * bytesPerVoxel(scalarType);
  return {
    buffer: sharedBuffer(memory),
    byteOffset: layout.voxels + k * sliceBytes,
    scalarType,
    claim: { claims, slice: k },
  };
}

/** Acquired slices that still have to be resampled: a plain shared buffer. Null when the machine gives none. */
export function allocateSlices(
  size: VolumeGeometry['size'],
  scalarType: 'int16' | 'float32',
): Int16Array | Float32Array | null {
  try {
    const count = size[0] * size[1] * size[2];
    const slices = viewOf(new SharedArrayBuffer(count * bytesPerVoxel(scalarType)), scalarType, 0, count);
    blank(slices);
    return slices;
  } catch {
    return null;
  }
}

/** Place of slice k among acquired slices. */
export function acquiredTarget(
  slices: Int16Array | Float32Array,
  size: VolumeGeometry['size'],
  k: number,
): DecodeTarget {
  const scalarType = slices instanceof Int16Array ? 'int16' : 'float32';
  const sliceBytes = size[0] * size[1] * bytesPerVoxel(scalarType);
  return { buffer: slices.buffer as SharedArrayBuffer, byteOffset: k * sliceBytes, scalarType };
}
