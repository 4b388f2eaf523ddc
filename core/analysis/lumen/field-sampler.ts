import { applyDirection, applyPoint, invert, spacingMm } from '../../geometry/matrices.ts';
import type { Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';

/** Values of a field between its voxels. */
export interface FieldSampler {
  /** Distance in mm between neighbours along i, j and k. */
  readonly spacingMm: Vec3;
  /**
   * `count` trilinear values (modality units) from `start` on, each `step` (a vector in mm) further, written to `out` at
   * `offset`. NaN beyond the outermost voxel centres and where a neighbour has no data.
   */
  ray(out: Float64Array, offset: number, count: number, start: Vec3, step: Vec3): void;
  /** How long a voxel is in a direction (unit, patient): √Σ(h·n)² over the voxel's axes. */
  voxelAlong(direction: Vec3): number;
}

/** undefined where the matrix is singular or a size below 2. */
export function fieldSampler(field: ScalarField): FieldSampler | undefined {
  const { patientFromIndex, size } = field.geometry;
  const indexFromPatient = invert(patientFromIndex);
  if (!indexFromPatient || size.some((count) => count < 2)) return undefined;
  const [nx, ny, nz] = size;
  const plane = nx * ny;
  const { voxels } = field;
  const { slope, intercept } = field.rescale;
  const noData = field.noData ?? Number.NaN;

  const at = (x: number, y: number, z: number): number => {
    // Negated so that NaN fails too.
    if (!(x >= 0 && y >= 0 && z >= 0 && x <= nx - 1 && y <= ny - 1 && z <= nz - 1)) return Number.NaN;
    const i = x >= nx - 1 ? nx - 2 : Math.floor(x);
    const j = y >= ny - 1 ? ny - 2 : Math.floor(y);
    const k = z >= nz - 1 ? nz - 2 : Math.floor(z);
    const [u, v, w] = [x - i, y - j, z - k];
    const n = i + nx * j + plane * k;
    const a = voxels[n]!;
    const b = voxels[n + 1]!;
    const c = voxels[n + nx]!;
    const d = voxels[n + nx + 1]!;
    const m = n + plane;
    const e = voxels[m]!;
    const f = voxels[m + 1]!;
    const g = voxels[m + nx]!;
    const h = voxels[m + nx + 1]!;
    if (
      a === noData ||
      b === noData ||
      c === noData ||
      d === noData ||
      e === noData ||
      f === noData ||
      g === noData ||
      h === noData
    )
      return Number.NaN;
    const near = (a + (b - a) * u) * (1 - v) + (c + (d - c) * u) * v;
    const far = (e + (f - e) * u) * (1 - v) + (g + (h - g) * u) * v;
    return slope * (near + (far - near) * w) + intercept;
  };

  const spacing = spacingMm(patientFromIndex);
  const m = patientFromIndex;
  const axes = [0, 1, 2].map((c): Vec3 => [m[c]!, m[c + 4]!, m[c + 8]!]);
  return {
    spacingMm: spacing,
    ray(out, offset, count, start, step) {
      const [x, y, z] = applyPoint(indexFromPatient, start);
      const [dx, dy, dz] = applyDirection(indexFromPatient, step);
      for (let n = 0; n < count; n++) out[offset + n] = at(x + n * dx, y + n * dy, z + n * dz);
    },
    voxelAlong(direction) {
      let sum = 0;
      // An axis' vector has the voxel's length: its part along the direction is h·n.
      for (const axis of axes)
        sum += (axis[0] * direction[0] + axis[1] * direction[1] + axis[2] * direction[2]) ** 2;
      return Math.sqrt(sum);
    },
  };
}
