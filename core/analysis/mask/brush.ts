import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import {
  applyDirection,
  applyPoint,
  dot,
  invert,
  length,
  moved,
  spacingMm,
} from '../../geometry/matrices.ts';
import { planeNormal } from '../../geometry/planes.ts';
import type { PatientPoint, Plane, Vec3 } from '../../geometry/types.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import { emptyMask } from './mask.ts';
import type { ValueRange } from './threshold.ts';

export interface Brush {
  readonly radiusMm: number;
  /** A disc in this plane, one voxel thick or as thick as told; a ball without it. */
  readonly plane?: Plane;
  readonly thicknessMm?: number;
  /** Voxels with other values stay as they are. */
  readonly range?: ValueRange;
}

/** Largest brush, in mm. */
export const brushMostMm = 200;

/** Middles of the brush along the stroke, close enough together for a smooth edge. */
function stops(stroke: readonly PatientPoint[], radiusMm: number): PatientPoint[] {
  const out: PatientPoint[] = [];
  stroke.forEach((point, n) => {
    const before = stroke[n - 1];
    if (before) {
      const way: Vec3 = [point[0] - before[0], point[1] - before[1], point[2] - before[2]];
      const count = Math.ceil(length(way) / (radiusMm / 4));
      for (let step = 1; step < count; step++) out.push(moved(before, way, step / count));
    }
    out.push(point);
  });
  return out;
}

/**
 * The voxels that a brush passes over on a stroke (patient mm; one point is a dab): those whose centres lie in one
 * of its balls or discs. Painting is `or` with it, erasing `without`. Problems: INPUT_INVALID, MASK_EMPTY.
 */
export function brushMask(
  field: Pick<ScalarField, 'geometry' | 'voxels' | 'rescale' | 'noData'>,
  stroke: readonly PatientPoint[],
  brush: Brush,
): Result<VoxelMask> {
  const { radiusMm } = brush;
  if (!(radiusMm > 0 && radiusMm <= brushMostMm))
    return fail(problem('INPUT_INVALID', { name: 'radiusMm', value: String(radiusMm) }));
  if (stroke.length === 0 || stroke.some((point) => !point.every(Number.isFinite)))
    return fail(problem('INPUT_INVALID', { name: 'stroke', value: '' }));
  const mask = emptyMask(field.geometry.size);
  const painter = new BrushPainter(field, mask, brush);
  for (const middle of stops(stroke, radiusMm)) painter.dab(middle);
  return painter.isUsed ? ok(mask) : fail(problem('MASK_EMPTY'));
}

class BrushPainter {
  isUsed = false;
  private readonly field: Pick<ScalarField, 'geometry' | 'voxels' | 'rescale' | 'noData'>;
  private readonly mask: VoxelMask;
  private readonly brush: Brush;
  private readonly indexFromPatient;
  private readonly normal: Vec3 | undefined;
  private readonly halfThicknessMm: number;
  /** Reach of the ball along j and k, in voxels. */
  private readonly reach: Vec3;

  constructor(field: BrushPainter['field'], mask: VoxelMask, brush: Brush) {
    this.field = field;
    this.mask = mask;
    this.brush = brush;
    const { patientFromIndex } = field.geometry;
    const inverse = invert(patientFromIndex);
    if (!inverse) throw new Error('a volume without extent');
    this.indexFromPatient = inverse;
    this.normal = brush.plane && planeNormal(brush.plane);
    const spacing = spacingMm(patientFromIndex);
    // The rows of the inverse say how fast an index changes in the patient.
    const per = (row: number): number => Math.hypot(inverse[row]!, inverse[row + 1]!, inverse[row + 2]!);
    this.reach = [per(0) * brush.radiusMm, per(4) * brush.radiusMm, per(8) * brush.radiusMm];
    const n = this.normal;
    // As far as a voxel reaches along the normal, so that a thin disc meets every voxel of its plane once.
    const own = n
      ? [0, 1, 2].reduce((most, axis) => {
          const step: Vec3 = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
          return Math.max(most, Math.abs(dot(n, applyDirection(patientFromIndex, step))));
        }, 0) / 2
      : Math.max(...spacing);
    this.halfThicknessMm = Math.max((brush.thicknessMm ?? 0) / 2, own);
  }

  dab(middle: PatientPoint): void {
    const { size, patientFromIndex } = this.field.geometry;
    const at = applyPoint(this.indexFromPatient, middle);
    const first = (axis: 1 | 2): number => Math.max(0, Math.ceil(at[axis] - this.reach[axis]));
    const last = (axis: 1 | 2): number => Math.min(size[axis] - 1, Math.floor(at[axis] + this.reach[axis]));
    const step = applyDirection(patientFromIndex, [1, 0, 0]);
    for (let k = first(2); k <= last(2); k++)
      for (let j = first(1); j <= last(1); j++) {
        const [x, y, z] = applyPoint(patientFromIndex, [0, j, k]);
        this.row([x - middle[0], y - middle[1], z - middle[2]], step, size[0] * (j + size[1] * k));
      }
  }

  /** Voxels of one row: |start + i · step| ≤ r is an interval of i. */
  private row(start: Vec3, step: Vec3, n: number): void {
    const a = dot(step, step);
    const b = dot(start, step);
    const root = b * b - a * (dot(start, start) - this.brush.radiusMm ** 2);
    if (root < 0) return;
    let low = Math.max(0, Math.ceil((-b - Math.sqrt(root)) / a));
    let high = Math.min(this.field.geometry.size[0] - 1, Math.floor((-b + Math.sqrt(root)) / a));
    if (this.normal) {
      const away = dot(this.normal, start);
      const per = dot(this.normal, step);
      if (Math.abs(per) < 1e-12) {
        if (Math.abs(away) > this.halfThicknessMm) return;
      } else {
        const ends = [(-this.halfThicknessMm - away) / per, (this.halfThicknessMm - away) / per];
        low = Math.max(low, Math.ceil(Math.min(...ends)));
        high = Math.min(high, Math.floor(Math.max(...ends)));
      }
    }
    for (let i = low; i <= high; i++) this.set(n + i);
  }

  private set(n: number): void {
    const { range } = this.brush;
    if (range) {
      const { voxels, rescale, noData } = this.field;
      const value = voxels[n]! * rescale.slope + rescale.intercept;
      if (voxels[n] === noData || !(value >= range.low && value <= range.high)) return;
    }
    this.mask.bits[n >> 3]! |= 1 << (n & 7);
    this.isUsed = true;
  }
}
