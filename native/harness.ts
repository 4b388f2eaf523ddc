import { readFileSync } from 'node:fs';
import { kernelsReady } from '../scripts/build-native.mjs';
import { bindKernels, kernelImports } from './kernels.ts';
import { type KernelLayout, layoutFor } from './layout.ts';
import type { Kernels, KernelVolume, ScalarType, Triple } from './types.ts';

/** For tests: a volume in a fresh shared memory with one set of kernels over it. */
export interface Bench {
  readonly kernels: Kernels;
  readonly layout: KernelLayout;
  readonly buffer: SharedArrayBuffer;
  readonly volume: KernelVolume;
  /** Views of the volume and of the two outputs. */
  readonly voxels: Int16Array | Uint16Array | Float32Array;
  readonly values: Float32Array;
  readonly rgba: Uint8Array;
}

const module = new WebAssembly.Module(readFileSync(await kernelsReady()));

function viewOf(scalarType: ScalarType, buffer: ArrayBufferLike, at: number, count: number): Bench['voxels'] {
  if (scalarType === 'int16') return new Int16Array(buffer, at, count);
  if (scalarType === 'uint16') return new Uint16Array(buffer, at, count);
  return new Float32Array(buffer, at, count);
}

export type VoxelFunction = (i: number, j: number, k: number) => number;

export function bench(
  size: Triple,
  scalarType: ScalarType,
  voxel: VoxelFunction,
  extra: Partial<KernelVolume> & { readonly maxOutputPixels?: number } = {},
): Bench {
  const { maxOutputPixels = 512 * 512, ...description } = extra;
  const layout = layoutFor({ size, scalarType, workerCount: 1, maxOutputPixels });
  if (!layout) throw new Error('volume too large');
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const instance = new WebAssembly.Instance(module, kernelImports(memory));
  const kernels = bindKernels(instance.exports, buffer, layout, 0);
  const [nx, ny, nz] = size;
  const voxels = viewOf(scalarType, buffer, layout.voxels, nx * ny * nz);
  for (let k = 0; k < nz; k += 1)
    for (let j = 0; j < ny; j += 1)
      for (let i = 0; i < nx; i += 1) voxels[(k * ny + j) * nx + i] = voxel(i, j, k);
  const volume: KernelVolume = {
    voxels: layout.voxels,
    size,
    scalarType,
    slope: 1,
    intercept: 0,
    ...description,
  };
  kernels.bricks(volume, 0, layout.brickCounts[2]);
  const values = new Float32Array(buffer, layout.values, maxOutputPixels);
  const rgba = new Uint8Array(buffer, layout.rgba, maxOutputPixels * 4);
  return { kernels, layout, buffer, volume, voxels, values, rgba };
}
