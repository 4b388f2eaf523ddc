import type { Mat4, Vec3, VolumeGeometry } from '../../core/geometry/types.ts';

/** Voxels as the graphics card takes them: in memory of their own, "no data" among them as one value below all. */
export interface GpuUpload {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  /** Voxels of the volume along each edge of one of these; 1 = as they are. */
  readonly factor: number;
  /** Values below are "no data"; −∞ where there is none. */
  readonly missingBelow: number;
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
  /** Smallest and largest value. */
  readonly least: number;
  readonly most: number;
}

export const reducedSize = (size: Vec3, factor: number): Vec3 =>
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

/** Stands for "no data" in a texture, where NaN cannot. */
const missingValue = ({ voxels, least, most }: UploadSource): number =>
  voxels instanceof Int16Array ? -32768 : least - Math.max(1, most - least);

/** Means of blocks, without "no data"; a block at the far border holds fewer voxels. True when one held nothing. */
function reduce(source: UploadSource, factor: number, out: Int16Array | Float32Array): boolean {
  const { geometry, voxels, noData } = source;
  const missing = missingValue(source);
  const [columns, rows, slices] = geometry.size;
  const isWhole = out instanceof Int16Array;
  const [width, height, depth] = reducedSize(geometry.size, factor);
  let hasHoles = false;
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
        hasHoles ||= count === 0;
        const mean = count === 0 ? missing : sum / count;
        out[n] = isWhole ? Math.round(mean) : mean;
      }
    }
  }
  return hasHoles;
}

/** A copy for the graphics card, reduced to its limits. Shared memory cannot be uploaded as it is. */
export function uploadOf(source: UploadSource, limits: UploadLimits): GpuUpload {
  const { geometry, voxels, noData, least } = source;
  const factor = reductionFor(geometry.size, limits);
  const missing = missingValue(source);
  const holes = (hasHoles: boolean): number => (hasHoles ? (least + missing) / 2 : -Infinity);
  if (factor > 1) {
    const reduced = reducedGeometry(geometry, factor);
    const count = reduced.size[0] * reduced.size[1] * reduced.size[2];
    const out = voxels instanceof Int16Array ? new Int16Array(count) : new Float32Array(count);
    const hasHoles = reduce(source, factor, out);
    return { geometry: reduced, voxels: out, factor, missingBelow: holes(hasHoles) };
  }
  const copy = voxels instanceof Int16Array ? new Int16Array(voxels) : new Float32Array(voxels);
  let hasHoles = false;
  for (let n = 0; n < copy.length; n += 1) {
    const value = copy[n]!;
    if (value !== noData && !Number.isNaN(value)) continue;
    copy[n] = missing;
    hasHoles = true;
  }
  return { geometry, voxels: copy, factor, missingBelow: holes(hasHoles) };
}
