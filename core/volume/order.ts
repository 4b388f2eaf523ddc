import type { FrameAttributes } from '../dicom/types.ts';
import type { Vec3 } from '../geometry/types.ts';

/** Position and axes of one slice in patient space (LPS mm), from PS3.3 C.7.6.2. */
export interface SlicePose {
  /** Centre of the first pixel. */
  readonly position: Vec3;
  /** Unit direction of increasing column index (along a row). */
  readonly row: Vec3;
  /** Unit direction of increasing row index (down a column), made perpendicular to the row. */
  readonly column: Vec3;
  /** The same as it is written: where its digits leave it a little oblique, pixels still lie along it. */
  readonly writtenColumn: Vec3;
}

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scaled = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
const vec3At = (values: readonly number[], at: number): Vec3 => [
  values[at] ?? Number.NaN,
  values[at + 1] ?? Number.NaN,
  values[at + 2] ?? Number.NaN,
];

/** Direction cosines may be this far from unit length or a right angle before they count as invalid (M82). */
const axisTolerance = 1e-3;

/**
 * The axes of ImageOrientationPatient made orthonormal, or null when they are missing, not finite, not unit
 * or not perpendicular. Small rounding (the text has few digits) is repaired, never more.
 */
export function axesOf(
  orientation: readonly number[] | undefined,
): Pick<SlicePose, 'row' | 'column' | 'writtenColumn'> | null {
  if (orientation?.length !== 6 || !orientation.every(Number.isFinite)) return null;
  const row = vec3At(orientation, 0);
  const column = vec3At(orientation, 3);
  const rowLength = Math.hypot(...row);
  const columnLength = Math.hypot(...column);
  if (Math.abs(rowLength - 1) > axisTolerance || Math.abs(columnLength - 1) > axisTolerance) return null;
  if (Math.abs(dot(row, column)) > axisTolerance) return null;
  const unitRow = scaled(row, 1 / rowLength);
  const straight = subtract(column, scaled(unitRow, dot(column, unitRow)));
  return {
    row: unitRow,
    column: scaled(straight, 1 / Math.hypot(...straight)),
    writtenColumn: scaled(column, 1 / columnLength),
  };
}

/** Positions farther than this from the origin are no places in a scanner. */
const farthestMm = 1e5;

/** Whether a position has three sound coordinates. */
const isPlace = (position: readonly number[] | undefined): position is readonly number[] =>
  position?.length === 3 && position.every((mm) => Math.abs(mm) < farthestMm);

/** Pose of a slice, or null where position or orientation is missing or invalid. */
export function poseOf(attributes: FrameAttributes): SlicePose | null {
  const axes = axesOf(attributes.ImageOrientationPatient);
  const position = attributes.ImagePositionPatient;
  if (!axes || !isPlace(position)) return null;
  return { position: vec3At(position, 0), ...axes };
}

/** Between rows and between columns, in mm: two sound lengths. */
export const isSpacing = (spacing: readonly number[] | undefined): spacing is readonly [number, number] =>
  spacing?.length === 2 && spacing.every((mm) => Number.isFinite(mm) && mm > 0 && mm < 1e5);

/** Unit normal of a slice: row × column. */
export const normalOf = (pose: SlicePose): Vec3 => cross(pose.row, pose.column);

/** Gaps may differ from their median by this much and still be one spacing (lesson L4): never by what slices of micro-CT are apart. */
export const gapToleranceMm = (medianMm: number): number =>
  Math.max(0.01 * medianMm, Math.min(0.02, 0.2 * medianMm));

/** Middle value; the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
