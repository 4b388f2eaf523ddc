import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { volumeStatistics } from '../../../core/render/statistics.ts';
import type { Rescale, ScalarType, VolumeData } from '../../../core/render/types.ts';
import { type KernelLayout, layoutFor } from '../../../native/layout.ts';

/** A volume in the memory that the render threads share. */
export interface HostVolume extends VolumeData<KernelLayout> {
  readonly memory: WebAssembly.Memory;
  readonly voxels: Int16Array | Uint16Array | Float32Array;
}

export type Voxels = HostVolume['voxels'];

export interface VolumeMemoryRequest {
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  readonly workerCount?: number;
  /** Pixels of the largest picture drawn at once; larger ones are drawn in parts or coarser. */
  readonly maxOutputPixels?: number;
}

/** Memory and a view of its voxels, all zero. */
export interface EmptyVolume {
  readonly memory: WebAssembly.Memory;
  readonly layout: KernelLayout;
  readonly voxels: Voxels;
}

export const hostRenderWorkers = 2;

function viewOf(scalarType: ScalarType, buffer: ArrayBufferLike, at: number, count: number): Voxels {
  if (scalarType === 'int16') return new Int16Array(buffer, at, count);
  if (scalarType === 'uint16') return new Uint16Array(buffer, at, count);
  return new Float32Array(buffer, at, count);
}

/** Undefined where the volume does not fit one memory (4 GiB) or the machine gives none. */
export function allocateHostVolume(request: VolumeMemoryRequest): EmptyVolume | undefined {
  const { geometry, scalarType, workerCount = hostRenderWorkers, maxOutputPixels = 2560 * 1600 } = request;
  const layout = layoutFor({ size: geometry.size, scalarType, workerCount, maxOutputPixels });
  if (!layout) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pagesMost, shared: true });
    const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
    return { memory, layout, voxels: viewOf(scalarType, memory.buffer, layout.voxels, count) };
  } catch {
    return undefined;
  }
}

/** Describes a filled volume. */
export function hostVolume(
  empty: EmptyVolume,
  request: VolumeMemoryRequest,
  rescale: Rescale = { slope: 1, intercept: 0 },
  noData?: number,
): HostVolume {
  const { padded, ...statistics } = volumeStatistics(empty.voxels, rescale, noData);
  return {
    ...empty,
    geometry: request.geometry,
    scalarType: request.scalarType,
    rescale,
    ...(padded && noData !== undefined && { noData }),
    ...statistics,
  };
}
