import { between, dot, indexFromPatientPoint, invert } from '../geometry/matrices.ts';
import { planeNormal, projectedSpacingMm } from '../geometry/planes.ts';
import { type PatientPoint, type Plane, patientPoint, type VolumeGeometry } from '../geometry/types.ts';
import type { Calibration, ImagePoint, RoiStatistics } from './types.ts';

export type RoiShape = 'ellipse' | 'rectangle';

/** One frame of modality values, row by row. */
export interface ValuePlane {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** Says which values are padding; those do not count. */
  readonly isPadding?: (value: number) => boolean;
}

/** Modality values of a volume, i fastest. */
export interface ValueVolume {
  readonly geometry: VolumeGeometry;
  readonly values: ArrayLike<number>;
  readonly isPadding?: (value: number) => boolean;
}

/** Area of a box or its inscribed ellipse (π·a·b), from extents in mm (px without calibration). */
export function roiArea(shape: RoiShape, a: ImagePoint, b: ImagePoint, calibration: Calibration): number {
  const width = Math.abs(b.column - a.column) * calibration.columnMm;
  const height = Math.abs(b.row - a.row) * calibration.rowMm;
  return boxArea(shape, width, height);
}

const boxArea = (shape: RoiShape, width: number, height: number): number =>
  shape === 'ellipse' ? (Math.PI * width * height) / 4 : width * height;

/** Welford's running mean and variance: no loss of digits on large offsets. */
class Accumulator {
  private n = 0;
  private mean = 0;
  private squares = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.n += 1;
    const delta = value - this.mean;
    this.mean += delta / this.n;
    this.squares += delta * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  result(): RoiStatistics | undefined {
    if (this.n === 0) return undefined;
    const sd = this.n > 1 ? Math.sqrt(this.squares / (this.n - 1)) : Number.NaN;
    return { n: this.n, mean: this.mean, sd, min: this.min, max: this.max };
  }
}

/** True where (x, y), relative to the centre, lies inside half extents (a, b); the edge counts. */
function insideShape(shape: RoiShape, x: number, y: number, a: number, b: number): boolean {
  if (shape === 'rectangle') return Math.abs(x) <= a && Math.abs(y) <= b;
  if (a === 0 || b === 0) return false;
  return (x / a) ** 2 + (y / b) ** 2 <= 1;
}

/**
 * Statistics over the pixels whose centre lies inside the shape drawn between two corners.
 * Undefined when there is none.
 */
export function planeStatistics(
  shape: RoiShape,
  a: ImagePoint,
  b: ImagePoint,
  plane: ValuePlane,
): RoiStatistics | undefined {
  const centreColumn = (a.column + b.column) / 2;
  const centreRow = (a.row + b.row) / 2;
  const halfWidth = Math.abs(b.column - a.column) / 2;
  const halfHeight = Math.abs(b.row - a.row) / 2;
  const sums = new Accumulator();
  const lastRow = Math.min(plane.rows - 1, Math.floor(centreRow + halfHeight));
  const lastColumn = Math.min(plane.columns - 1, Math.floor(centreColumn + halfWidth));
  for (let row = Math.max(0, Math.ceil(centreRow - halfHeight)); row <= lastRow; row += 1) {
    for (let column = Math.max(0, Math.ceil(centreColumn - halfWidth)); column <= lastColumn; column += 1) {
      if (!insideShape(shape, column - centreColumn, row - centreRow, halfWidth, halfHeight)) continue;
      const value = plane.values[row * plane.columns + column]!;
      if (!plane.isPadding?.(value)) sums.add(value);
    }
  }
  return sums.result();
}

/** The box between two corners on a plane: centre and half extents along its `right` and `down`, in mm. */
export function boxOnPlane(
  plane: Plane,
  a: PatientPoint,
  b: PatientPoint,
): { readonly centre: PatientPoint; readonly halfRightMm: number; readonly halfDownMm: number } {
  const diagonal = between(a, b);
  return {
    centre: patientPoint((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2),
    halfRightMm: Math.abs(dot(diagonal, plane.right)) / 2,
    halfDownMm: Math.abs(dot(diagonal, plane.down)) / 2,
  };
}

/** Area in mm² of a shape between two corners on a plane. */
export function roiAreaOnPlaneMm2(shape: RoiShape, plane: Plane, a: PatientPoint, b: PatientPoint): number {
  const box = boxOnPlane(plane, a, b);
  return boxArea(shape, box.halfRightMm * 2, box.halfDownMm * 2);
}

/**
 * Statistics over the voxels whose centre lies inside the shape and within half the slab of the plane;
 * a slab of 0 takes the one layer of voxels that the plane cuts. Voxels are visited in index space.
 */
export function volumeStatistics(
  shape: RoiShape,
  plane: Plane,
  a: PatientPoint,
  b: PatientPoint,
  slabMm: number,
  volume: ValueVolume,
): RoiStatistics | undefined {
  const placed = regionBox(plane, a, b, slabMm, volume.geometry);
  if (!placed) return undefined;
  const { normal, centre, halfRightMm, halfDownMm, halfDepthMm, range } = placed;
  const m = volume.geometry.patientFromIndex;
  const [columns, rows] = volume.geometry.size;
  const sums = new Accumulator();
  for (let k = range[2][0]; k <= range[2][1]; k += 1) {
    for (let j = range[1][0]; j <= range[1][1]; j += 1) {
      for (let i = range[0][0]; i <= range[0][1]; i += 1) {
        const x = m[0]! * i + m[1]! * j + m[2]! * k + m[3]! - centre[0];
        const y = m[4]! * i + m[5]! * j + m[6]! * k + m[7]! - centre[1];
        const z = m[8]! * i + m[9]! * j + m[10]! * k + m[11]! - centre[2];
        const depth = normal[0] * x + normal[1] * y + normal[2] * z;
        // One side open: a plane midway between two layers takes one of them, not both.
        if (depth > halfDepthMm - 1e-9 || depth < -halfDepthMm - 1e-9) continue;
        const right = plane.right[0] * x + plane.right[1] * y + plane.right[2] * z;
        const down = plane.down[0] * x + plane.down[1] * y + plane.down[2] * z;
        if (!insideShape(shape, right, down, halfRightMm, halfDownMm)) continue;
        const value = volume.values[(k * rows + j) * columns + i]!;
        if (!volume.isPadding?.(value)) sums.add(value);
      }
    }
  }
  return sums.result();
}

/** First and last slice of a volume that a region reaches; first > last where it reaches none. */
export const regionSlices = (
  plane: Plane,
  a: PatientPoint,
  b: PatientPoint,
  slabMm: number,
  geometry: VolumeGeometry,
): readonly [number, number] | undefined => regionBox(plane, a, b, slabMm, geometry)?.range[2];

/** Where a region between two corners lies in the patient and among the voxels. */
function regionBox(plane: Plane, a: PatientPoint, b: PatientPoint, slabMm: number, geometry: VolumeGeometry) {
  const indexFromPatient = invert(geometry.patientFromIndex);
  const normal = planeNormal(plane);
  const layerMm = projectedSpacingMm(geometry, normal);
  if (!indexFromPatient || layerMm === undefined) return undefined;
  const { centre, halfRightMm, halfDownMm } = boxOnPlane(plane, a, b);
  const halfDepthMm = Math.max(slabMm, layerMm) / 2;
  const half = [halfRightMm, halfDownMm, halfDepthMm] as const;
  const range = indexRange(geometry, indexFromPatient, plane, centre, half);
  return { normal, centre, halfRightMm, halfDownMm, halfDepthMm, range };
}

/** Index bounds, clipped to the volume, of a box of half extents along right, down and normal. */
function indexRange(
  geometry: VolumeGeometry,
  indexFromPatient: NonNullable<ReturnType<typeof invert>>,
  plane: Plane,
  centre: PatientPoint,
  half: readonly [number, number, number],
): readonly [readonly [number, number], readonly [number, number], readonly [number, number]] {
  const normal = planeNormal(plane);
  const middle = indexFromPatientPoint(indexFromPatient, centre);
  const bounds = (axis: 0 | 1 | 2): readonly [number, number] => {
    const row = indexFromPatient.slice(axis * 4, axis * 4 + 3);
    const reach = (v: readonly [number, number, number], halfMm: number): number =>
      Math.abs(row[0]! * v[0] + row[1]! * v[1] + row[2]! * v[2]) * halfMm;
    const extent = reach(plane.right, half[0]) + reach(plane.down, half[1]) + reach(normal, half[2]);
    return [
      Math.max(0, Math.ceil(middle[axis] - extent - 1e-6)),
      Math.min(geometry.size[axis] - 1, Math.floor(middle[axis] + extent + 1e-6)),
    ];
  };
  return [bounds(0), bounds(1), bounds(2)];
}
