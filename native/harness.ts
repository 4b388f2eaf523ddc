import { readFileSync } from 'node:fs';
import { kernelsReady } from '../scripts/build-native.mjs';
import { bindKernels, kernelImports } from './kernels.ts';
import { type KernelLayout, layoutFor } from './layout.ts';
import type { Kernels, KernelVolume, LabelMemory, ScalarType, Triple } from './types.ts';

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
  /** Grows the memory and gives voxels labels; `roles` of 256 labels make the veil. */
  mask(label: VoxelFunction, roles: Uint8Array): BenchMasks;
}

/** Labels, veil and flags in a bench's memory. */
export interface BenchMasks {
  readonly memory: LabelMemory;
  readonly labels: Uint8Array;
  readonly veil: Uint8Array;
  readonly flags: Uint8Array;
}

const module = new WebAssembly.Module(readFileSync(await kernelsReady()));

function viewOf(scalarType: ScalarType, buffer: ArrayBufferLike, at: number, count: number): Bench['voxels'] {
  if (scalarType === 'int16') return new Int16Array(buffer, at, count);
  if (scalarType === 'uint16') return new Uint16Array(buffer, at, count);
  return new Float32Array(buffer, at, count);
}

export type VoxelFunction = (i: number, j: number, k: number) => number;

function fill(voxels: Bench['voxels'] | Uint8Array, [nx, ny, nz]: Triple, voxel: VoxelFunction): void {
  for (let k = 0; k < nz; k += 1)
    for (let j = 0; j < ny; j += 1)
      for (let i = 0; i < nx; i += 1) voxels[(k * ny + j) * nx + i] = voxel(i, j, k);
}

function maskMaker(kernels: Kernels, layout: KernelLayout, memory: WebAssembly.Memory, size: Triple) {
  return (label: VoxelFunction, roles: Uint8Array): BenchMasks => {
    const region = layout.labels;
    if (!region) throw new Error('no room for masks');
    const missing = region.pages - memory.buffer.byteLength / 65536;
    if (missing > 0) memory.grow(missing);
    const count = size[0] * size[1] * size[2];
    const labels = new Uint8Array(memory.buffer, region.labels, count);
    fill(labels, size, label);
    const [bx, by, bz] = layout.brickCounts;
    const bricks = { lo: [0, 0, 0], hi: [bx, by, bz] } as const;
    kernels.veil({ memory: region, size, roles, bricks }, 0, bz);
    const veil = new Uint8Array(memory.buffer, region.veil, count);
    return { memory: region, labels, veil, flags: new Uint8Array(memory.buffer, region.flags, bx * by * bz) };
  };
}

export function bench(
  size: Triple,
  scalarType: ScalarType,
  voxel: VoxelFunction,
  extra: Partial<KernelVolume> & { readonly maxOutputPixels?: number } = {},
): Bench {
  const { maxOutputPixels = 512 * 512, ...description } = extra;
  const layout = layoutFor({ size, scalarType, workerCount: 1, maxOutputPixels });
  if (!layout) throw new Error('volume too large');
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pagesMost, shared: true });
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const instance = new WebAssembly.Instance(module, kernelImports(memory));
  const kernels = bindKernels(instance.exports, buffer, layout, 0);
  const [nx, ny, nz] = size;
  const voxels = viewOf(scalarType, buffer, layout.voxels, nx * ny * nz);
  fill(voxels, size, voxel);
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
  const mask = maskMaker(kernels, layout, memory, size);
  return { kernels, layout, buffer, volume, voxels, values, rgba, mask };
}
