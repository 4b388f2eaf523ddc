import type { Mat4, Vec3, VolumeGeometry } from '../geometry/types.ts';
import { dot, gapToleranceMm, normalOf, type SlicePose, subtract } from './order.ts';
import type { MissingSlices } from './types.ts';

/** A regular grid never has more than this many times the acquired slices. */
const finestFactor = 4;
/** From this many spacings on a gap counts as missing slices: where the rest is even, and where it is not. */
const missingFactor = { even: 1.5, uneven: 2.5 };

/** `patientFromIndex` of a grid: columns = row·Δcol, column·Δrow, step (lesson L1). */
export function gridMatrix(
  origin: Vec3,
  row: Vec3,
  column: Vec3,
  spacingMm: readonly [number, number],
  step: Vec3,
): Mat4 {
  const [betweenRows, betweenColumns] = spacingMm;
  const line = (axis: 0 | 1 | 2): number[] => [
    row[axis] * betweenColumns,
    column[axis] * betweenRows,
    step[axis],
    origin[axis],
  ];
  return [...line(0), ...line(1), ...line(2), 0, 0, 0, 1] as unknown as Mat4;
}

/** Slices of one orientation, sorted along the normal. */
export interface Stack {
  readonly poses: readonly SlicePose[];
  /** Along the normal, from the first slice. */
  readonly heights: readonly number[];
  readonly gaps: readonly number[];
  readonly medianGapMm: number;
  readonly spacingMm: readonly [number, number];
  /** Columns, rows, slices. */
  readonly size: Vec3;
  /** In-plane place of each slice's first pixel along row and column, from the first slice's. */
  readonly shifts: readonly (readonly [number, number])[];
}

export interface RegularGrid {
  readonly grid: VolumeGeometry;
  readonly resampleK: readonly number[];
  readonly shearMm: readonly (readonly [number, number])[];
  readonly interpolatedSlices: number;
  readonly missing: readonly MissingSlices[];
  /** True when every gap is a whole multiple of the spacing: slices are missing, the rest is even. */
  readonly isWholeGaps: boolean;
  /** Farthest that an acquired slice lies from the plane that shows it, along the normal. */
  readonly alongMm: number;
}

/** Step of the regular grid: one that all gaps are whole multiples of (slices missing), else the finest useful gap. */
function regularStepMm(
  gaps: readonly number[],
  medianGapMm: number,
): { stepMm: number; multiples: readonly number[] | null } {
  const totalMm = gaps.reduce((sum, gap) => sum + gap, 0);
  const finestMm = gaps.reduce((least, gap) => Math.min(least, gap), Number.POSITIVE_INFINITY);
  for (const unitMm of [medianGapMm, finestMm]) {
    const toleranceMm = gapToleranceMm(unitMm);
    const multiples = gaps.map((gap) => Math.round(gap / unitMm));
    const isWhole = gaps.every((gap, at) => {
      const multiple = multiples[at]!;
      return multiple >= 1 && Math.abs(gap - multiple * unitMm) <= toleranceMm * multiple;
    });
    const planes = multiples.reduce((sum, multiple) => sum + multiple, 0);
    // Slices are missing from a spacing that at least half of the gaps still have.
    const single = multiples.filter((multiple) => multiple === 1).length;
    if (isWhole && 2 * single >= gaps.length && planes <= finestFactor * (gaps.length + 1))
      return { stepMm: unitMm, multiples };
  }
  const stepMm = Math.max(finestMm, totalMm / (finestFactor * gaps.length), medianGapMm / finestFactor);
  return { stepMm, multiples: null };
}

/**
 * Orthogonal grid that covers every acquired slice. Its k-spacing is the perpendicular distance (lesson L5);
 * in-plane it grows by the whole shift, so that nothing is cut off.
 */
export function regularGrid(stack: Stack, isStraight: boolean): RegularGrid {
  const { poses, heights, gaps, medianGapMm, spacingMm, size } = stack;
  const first = poses[0]!;
  const normal = normalOf(first);
  const [betweenRows, betweenColumns] = spacingMm;
  const { stepMm, multiples } = regularStepMm(gaps, medianGapMm);
  const shifts = isStraight ? stack.shifts.map(() => [0, 0] as const) : stack.shifts;
  const columnRoom = room(shifts.map((shift) => shift[0] / betweenColumns));
  const rowRoom = room(shifts.map((shift) => shift[1] / betweenRows));
  const totalMm = heights[heights.length - 1]!;
  const count = multiples
    ? multiples.reduce((sum, multiple) => sum + multiple, 1)
    : Math.max(2, Math.round(totalMm / stepMm) + 1);
  const origin = [0, 1, 2].map(
    (x) =>
      first.position[x]! -
      first.row[x]! * columnRoom.before * betweenColumns -
      first.column[x]! * rowRoom.before * betweenRows,
  ) as unknown as Vec3;
  const exactStepMm = totalMm / (count - 1);
  const step: Vec3 = [normal[0] * exactStepMm, normal[1] * exactStepMm, normal[2] * exactStepMm];
  const planes = multiples
    ? wholePlanes(heights, multiples, exactStepMm)
    : { resampleK: fractionalSlices(heights, count, exactStepMm), alongMm: 0 };
  const { resampleK } = planes;
  const down = isStraight ? first.writtenColumn : first.column;
  return {
    grid: {
      size: [size[0] + columnRoom.more, size[1] + rowRoom.more, count],
      patientFromIndex: gridMatrix(origin, first.row, down, spacingMm, step),
    },
    resampleK,
    shearMm: shifts.map(
      ([column, row]) =>
        [column + columnRoom.before * betweenColumns, row + rowRoom.before * betweenRows] as const,
    ),
    interpolatedSlices: resampleK.filter((k) => Math.abs(k - Math.round(k)) > 1e-3).length,
    missing: missingOf(
      gaps,
      multiples ? missingFactor.even * stepMm : missingFactor.uneven * medianGapMm,
      resampleK,
    ),
    isWholeGaps: multiples !== null,
    alongMm: planes.alongMm,
  };
}

/** Pixels to add before, and in all, so that every shift fits. */
function room(shifts: readonly number[]): { before: number; more: number } {
  let [least, most] = [0, 0];
  for (const shift of shifts) {
    least = Math.min(least, shift);
    most = Math.max(most, shift);
  }
  const before = Math.ceil(-least - 1e-6) + 0;
  return { before, more: before + Math.ceil(most - 1e-6) };
}

function missingOf(gaps: readonly number[], fromMm: number, resampleK: readonly number[]): MissingSlices[] {
  const missing: MissingSlices[] = [];
  let k = 0;
  for (const [at, gapMm] of gaps.entries()) {
    while (k < resampleK.length && resampleK[k]! <= at + 1e-3) k++;
    const fromK = k;
    while (k < resampleK.length && resampleK[k]! < at + 1 - 1e-3) k++;
    if (gapMm > fromMm && k > fromK) missing.push({ after: at + 1, gapMm, fromK, toK: k - 1 });
  }
  return missing;
}

/** Acquired slices as they are, and planes between them where the gap holds more than one spacing. */
function wholePlanes(
  heights: readonly number[],
  multiples: readonly number[],
  stepMm: number,
): { resampleK: number[]; alongMm: number } {
  const resampleK = [0];
  let alongMm = 0;
  for (const [slice, multiple] of multiples.entries()) {
    for (let part = 1; part < multiple; part++) resampleK.push(slice + part / multiple);
    alongMm = Math.max(alongMm, Math.abs(heights[slice + 1]! - resampleK.length * stepMm));
    resampleK.push(slice + 1);
  }
  return { resampleK, alongMm };
}

/** Where each plane of the grid lies among the acquired slices, as a fractional slice index. */
export function fractionalSlices(heights: readonly number[], count: number, stepMm: number): number[] {
  let at = 0;
  return Array.from({ length: count }, (_, k) => {
    const heightMm = k * stepMm;
    while (at < heights.length - 2 && heights[at + 1]! <= heightMm) at++;
    const low = heights[at]!;
    const high = heights[at + 1] ?? low;
    if (high === low) return at;
    const exact = at + Math.min(1, Math.max(0, (heightMm - low) / (high - low)));
    return Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : exact;
  });
}

/** Heights, gaps and shifts of slices that are sorted along the normal. */
export function stackOf(
  poses: readonly SlicePose[],
  spacingMm: readonly [number, number],
  size: Vec3,
): Omit<Stack, 'medianGapMm'> {
  const first = poses[0]!;
  const normal = normalOf(first);
  const moved = poses.map((pose) => subtract(pose.position, first.position));
  const heights = moved.map((by) => dot(by, normal));
  return {
    poses,
    heights,
    gaps: heights.slice(1).map((height, at) => height - heights[at]!),
    spacingMm,
    size,
    shifts: moved.map((by) => [dot(by, first.row), dot(by, first.column)] as const),
  };
}
