import type { Mat4, Vec3, VolumeGeometry } from '../../core/geometry/types.ts';

/** Voxels as the graphics card takes them: in memory of their own, no "no data" among them. */
export interface GpuUpload {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  /** Voxels of the volume along each edge of one of these; 1 = as they are. */
  readonly factor: number;
}

export interface UploadLimits {
  /** Longest edge of a 3D texture. */
  readonly edgeMost: number;
  readonly voxelsMost: number;
}

export interface UploadSource {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array | Float32Array;
  /** Stands for "no data" among int16 voxels; NaN does among float32. */
  readonly noData: number;
  /** Takes the place of "no data": the smallest value. */
  readonly least: number;
}

const reducedSize = (size: Vec3, factor: number): Vec3 =>
  size.map((n) => Math.ceil(n / factor)) as unknown as Vec3;

/** By how much the edges must shrink: 1, 2, 3 … */
export function reductionFor(size: Vec3, { edgeMost, voxelsMost }: UploadLimits): number {
  for (let factor = 1; ; factor += 1) {
    const [i, j, k] = reducedSize(size, factor);
    if (Math.max(i, j, k) <= edgeMost && i * j * k <= voxelsMost) return factor;
  }
}

/** The grid of blocks of `factor` voxels along each edge; a block's centre is the centre of its voxels. */
export function reducedGeometry(
  { size, patientFromIndex: m }: VolumeGeometry,
  factor: number,
): VolumeGeometry {
  const shift = (factor - 1) / 2;
  const rows = [0, 4, 8].flatMap((r) => [
    m[r]! * factor,
    m[r + 1]! * factor,
    m[r + 2]! * factor,
    m[r + 3]! + (m[r]! + m[r + 1]! + m[r + 2]!) * shift,
  ]);
  return { size: reducedSize(size, factor), patientFromIndex: [...rows, 0, 0, 0, 1] as unknown as Mat4 };
}

/** Means of blocks, without "no data"; a block at the far border holds fewer voxels. */
function reduce(source: UploadSource, factor: number, out: Int16Array | Float32Array): void {
  const { geometry, voxels, noData, least } = source;
  const [columns, rows, slices] = geometry.size;
  const isWhole = out instanceof Int16Array;
  const [width, height, depth] = reducedSize(geometry.size, factor);
  for (let n = 0, k = 0; k < depth; k += 1) {
    for (let j = 0; j < height; j += 1) {
      for (let i = 0; i < width; i += 1, n += 1) {
        let sum = 0;
        let count = 0;
        for (let z = k * factor; z < Math.min(slices, (k + 1) * factor); z += 1) {
          for (let y = j * factor; y < Math.min(rows, (j + 1) * factor); y += 1) {
            const row = (z * rows + y) * columns;
            const end = row + Math.min(columns, (i + 1) * factor);
            for (let at = row + i * factor; at < end; at += 1) {
              const value = voxels[at]!;
              if (value === noData || Number.isNaN(value)) continue;
              sum += value;
              count += 1;
            }
          }
        }
        const mean = count === 0 ? least : sum / count;
        out[n] = isWhole ? Math.round(mean) : mean;
      }
    }
  }
}

/** A copy for the graphics card, reduced to its limits. Shared memory cannot be uploaded as it is. */
export function uploadOf(source: UploadSource, limits: UploadLimits): GpuUpload {
  const { geometry, voxels, noData, least } = source;
  const factor = reductionFor(geometry.size, limits);
  if (factor > 1) {
    const reduced = reducedGeometry(geometry, factor);
    const count = reduced.size[0] * reduced.size[1] * reduced.size[2];
    const out = voxels instanceof Int16Array ? new Int16Array(count) : new Float32Array(count);
    reduce(source, factor, out);
    return { geometry: reduced, voxels: out, factor };
  }
  const copy = voxels instanceof Int16Array ? new Int16Array(voxels) : new Float32Array(voxels);
  for (let n = 0; n < copy.length; n += 1) {
    const value = copy[n]!;
    if (value === noData || Number.isNaN(value)) copy[n] = least;
  }
  return { geometry, voxels: copy, factor };
}
