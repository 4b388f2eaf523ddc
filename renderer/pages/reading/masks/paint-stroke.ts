import { applyPoint, invert, length, moved, spacingMm } from '../../../../core/geometry/matrices.ts';
import { planeNormal } from '../../../../core/geometry/planes.ts';
import type { Mat4, PatientPoint, Plane, Vec3, VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { VoxelBox } from '../../../../core/render/labels.ts';

export interface StrokeBrush {
  readonly radiusMm: number;
  /** A disc in this plane, one voxel thick; a ball without it. */
  readonly plane?: Plane;
  /** Takes voxels away instead. */
  readonly isEraser: boolean;
}

/**
 * Paints into a mask while the hand moves: its bits are changed in place, and the box that changed is told, so that
 * pictures follow within a frame.
 */
export class StrokePainter {
  private readonly geometry: VolumeGeometry;
  private readonly bits: Uint8Array;
  private readonly brush: StrokeBrush;
  private readonly indexFromPatient: Mat4;
  private readonly reach: Vec3;
  private readonly normal: Vec3 | null;
  private readonly halfThickMm: number;
  private last: PatientPoint | null = null;

  constructor(geometry: VolumeGeometry, bits: Uint8Array, brush: StrokeBrush) {
    this.geometry = geometry;
    this.bits = bits;
    this.brush = brush;
    const m = geometry.patientFromIndex;
    const inverse = invert(m);
    if (!inverse) throw new RangeError('a volume without extent');
    this.indexFromPatient = inverse;
    const spacing = spacingMm(m);
    // Rows of the inverse say how far an index moves with 1 mm.
    const row = (axis: number): number =>
      Math.hypot(inverse[axis * 4]!, inverse[axis * 4 + 1]!, inverse[axis * 4 + 2]!) * brush.radiusMm;
    this.reach = [row(0), row(1), row(2)];
    this.normal = brush.plane ? planeNormal(brush.plane) : null;
    this.halfThickMm = Math.max(...spacing) / 2 + 1e-6;
  }

  /** Goes on to a point; null where nothing changed. */
  to(point: PatientPoint): VoxelBox | null {
    const from = this.last ?? point;
    this.last = point;
    const way: Vec3 = [point[0] - from[0], point[1] - from[1], point[2] - from[2]];
    const count = Math.max(1, Math.ceil(length(way) / (this.brush.radiusMm / 3)));
    let box: VoxelBox | null = null;
    for (let n = 1; n <= count; n += 1) {
      const dab = this.dab(moved(from, way, n / count));
      if (dab) box = box ? joined(box, dab) : dab;
    }
    return box;
  }

  private dab(middle: PatientPoint): VoxelBox | null {
    const { size, patientFromIndex: m } = this.geometry;
    const at = applyPoint(this.indexFromPatient, middle);
    const lo = [0, 1, 2].map((axis) => Math.max(0, Math.ceil(at[axis]! - this.reach[axis]!)));
    const hi = [0, 1, 2].map((axis) => Math.min(size[axis]!, Math.floor(at[axis]! + this.reach[axis]!) + 1));
    const most = this.brush.radiusMm ** 2;
    let isChanged = false;
    for (let k = lo[2]!; k < hi[2]!; k += 1)
      for (let j = lo[1]!; j < hi[1]!; j += 1)
        for (let i = lo[0]!; i < hi[0]!; i += 1) {
          const x = m[0]! * i + m[1]! * j + m[2]! * k + m[3]! - middle[0];
          const y = m[4]! * i + m[5]! * j + m[6]! * k + m[7]! - middle[1];
          const z = m[8]! * i + m[9]! * j + m[10]! * k + m[11]! - middle[2];
          if (x * x + y * y + z * z > most || !this.isOnPlane(x, y, z)) continue;
          const n = i + size[0] * (j + size[1] * k);
          const bit = 1 << (n & 7);
          const before = this.bits[n >> 3]!;
          const after = this.brush.isEraser ? before & ~bit : before | bit;
          if (after === before) continue;
          this.bits[n >> 3] = after;
          isChanged = true;
        }
    if (!isChanged) return null;
    return { lo: [lo[0]!, lo[1]!, lo[2]!], hi: [hi[0]!, hi[1]!, hi[2]!] };
  }

  private isOnPlane(x: number, y: number, z: number): boolean {
    const n = this.normal;
    return !n || Math.abs(n[0] * x + n[1] * y + n[2] * z) <= this.halfThickMm;
  }
}

function joined(a: VoxelBox, b: VoxelBox): VoxelBox {
  const each = (f: (x: number, y: number) => number, x: Vec3, y: Vec3): Vec3 => [
    f(x[0], y[0]),
    f(x[1], y[1]),
    f(x[2], y[2]),
  ];
  return { lo: each(Math.min, a.lo, b.lo), hi: each(Math.max, a.hi, b.hi) };
}
