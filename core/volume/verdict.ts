import type { Problem } from '../base/problem.ts';
import { problem } from '../base/problem.ts';
import type { Attributes } from '../dicom/types.ts';
import type { Mat4, Vec3, VolumeGeometry } from '../geometry/types.ts';
import type { FrameEntry } from './frames.ts';
import { dot, median, normalOf, poseOf, type SlicePose, subtract } from './order.ts';
import type { GeometryVerdict } from './types.ts';

/**
 * From the poses of one group to its grid and verdict (lessons L1–L5, L9, L16). Theory: slices are sorted by
 * position along the normal n = row × column. The acquired grid steps from first to last position, so it may be
 * sheared (gantry tilt). The regular grid steps along n; where acquired planes do not fall on it, or the stack is
 * sheared, voxels are resampled from true positions and the verdict says so.
 */
export interface GroupGeometry {
  /** The group's frames in spatial order along the normal; file order where geometry is unknown. */
  readonly order: readonly FrameEntry[];
  readonly verdict: GeometryVerdict;
  readonly acquired: VolumeGeometry | null;
  readonly regular: VolumeGeometry | null;
  readonly resampleK?: readonly number[];
  readonly shearMm?: readonly (readonly [number, number])[];
}

/** Gaps may differ from their median by this much and still be one spacing (lesson L4). */
const gapToleranceMm = (medianMm: number): number => Math.max(0.01 * medianMm, 0.02);
/** Below this angle between stack and normal there is no tilt (lesson L5). */
const tiltToleranceDeg = 0.1;
/** A regular grid never has more than this many times the acquired slices. */
const finestFactor = 4;

const noVerdict = (...reasons: Problem[]): GeometryVerdict => ({
  kind: 'none',
  spacingSource: 'none',
  tiltDeg: 0,
  medianGapMm: 0,
  worstGapMm: 0,
  interpolatedSlices: 0,
  residualMm: 0,
  reasons,
});

const isSpacing = (spacing: readonly number[] | undefined): spacing is readonly [number, number] =>
  spacing?.length === 2 && spacing.every((mm) => Number.isFinite(mm) && mm > 0 && mm < 1e5);

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

/** Geometry of one split group. */
export function groupGeometry(frames: readonly FrameEntry[], repeats: boolean): GroupGeometry {
  const first = frames[0]!;
  const reason = whyNoVolume(frames);
  if (reason) return { order: frames, verdict: noVerdict(reason), acquired: null, regular: null };
  const spacingMm = first.attributes.PixelSpacing as readonly [number, number];
  const normal = normalOf(poseOf(first.attributes)!);
  const slices = frames
    .map((frame) => ({ frame, pose: poseOf(frame.attributes)! }))
    .sort((a, b) => dot(a.pose.position, normal) - dot(b.pose.position, normal));
  const order = slices.map((slice) => slice.frame);
  const poses = slices.map((slice) => slice.pose);
  const size: Vec3 = [first.format.columns, first.format.rows, poses.length];
  if (poses.length === 1) return { order, ...singleSlice(first.attributes, poses[0]!, spacingMm, size) };
  return { order, ...stackGeometry(poses, spacingMm, size, repeats) };
}

function whyNoVolume(frames: readonly FrameEntry[]): Problem | null {
  for (const { attributes } of frames) {
    if (attributes.ImageOrientationPatient === undefined) return problem('GEOMETRY_NO_ORIENTATION');
    if (attributes.ImagePositionPatient === undefined) return problem('GEOMETRY_NO_POSITION');
    if (attributes.PixelSpacing === undefined) return problem('GEOMETRY_NO_SPACING');
    if (!poseOf(attributes) || !isSpacing(attributes.PixelSpacing)) return problem('GEOMETRY_INVALID');
  }
  return frames.some((frame) => frame.attributes.ImageType?.includes('MOSAIC'))
    ? problem('GEOMETRY_IRREGULAR')
    : null;
}

type Grid = Omit<GroupGeometry, 'order'>;

function singleSlice(a: Attributes, pose: SlicePose, spacingMm: readonly [number, number], size: Vec3): Grid {
  const between =
    a.SpacingBetweenSlices !== undefined && a.SpacingBetweenSlices > 0 ? a.SpacingBetweenSlices : undefined;
  const thicknessMm =
    between ?? (a.SliceThickness !== undefined && a.SliceThickness > 0 ? a.SliceThickness : 1);
  const normal = normalOf(pose);
  const step: Vec3 = [normal[0] * thicknessMm, normal[1] * thicknessMm, normal[2] * thicknessMm];
  const grid = { size, patientFromIndex: gridMatrix(pose.position, pose.row, pose.column, spacingMm, step) };
  const verdict: GeometryVerdict = {
    ...noVerdict(problem('GEOMETRY_ONE_SLICE')),
    kind: 'approximate',
    spacingSource: between !== undefined ? 'SpacingBetweenSlices' : 'SliceThickness',
    medianGapMm: thicknessMm,
    worstGapMm: thicknessMm,
  };
  return { verdict, acquired: grid, regular: grid };
}

function stackGeometry(
  poses: readonly SlicePose[],
  spacingMm: readonly [number, number],
  size: Vec3,
  repeats: boolean,
): Grid {
  const first = poses[0]!;
  const last = poses[poses.length - 1]!;
  const normal = normalOf(first);
  const heights = poses.map((pose) => dot(subtract(pose.position, first.position), normal));
  const gaps = heights.slice(1).map((height, at) => height - heights[at]!);
  const medianGapMm = median(gaps);
  const toleranceMm = gapToleranceMm(medianGapMm);
  const intervals = poses.length - 1;
  const span = subtract(last.position, first.position);
  const step: Vec3 = [span[0] / intervals, span[1] / intervals, span[2] / intervals];
  const tiltDeg = (Math.acos(Math.min(1, dot(span, normal) / Math.hypot(...span))) * 180) / Math.PI;
  const even = gaps.every((gap) => Math.abs(gap - medianGapMm) <= toleranceMm);
  const tilted = tiltDeg > tiltToleranceDeg;
  const acquired = {
    size,
    patientFromIndex: gridMatrix(first.position, first.row, first.column, spacingMm, step),
  };
  const residualMm = Math.max(
    ...poses.map((pose, k) =>
      Math.hypot(
        ...subtract(
          pose.position,
          [0, 1, 2].map((x) => first.position[x]! + step[x]! * k) as unknown as Vec3,
        ),
      ),
    ),
  );
  const reasons: Problem[] = [];
  if (repeats) reasons.push(problem('GEOMETRY_DUPLICATES'));
  const base = {
    spacingSource: 'ImagePositionPatient' as const,
    tiltDeg,
    medianGapMm,
    worstGapMm: Math.max(...gaps),
  };
  if (even && !tilted) {
    const verdict: GeometryVerdict = {
      ...base,
      kind: repeats ? 'approximate' : 'exact',
      interpolatedSlices: 0,
      residualMm,
      reasons,
    };
    return { verdict, acquired, regular: acquired };
  }
  if (tilted) reasons.push(problem('GEOMETRY_TILT', { degrees: Number(tiltDeg.toFixed(1)) }));
  const regular = regularGrid(poses, heights, gaps, medianGapMm, toleranceMm, spacingMm, size);
  if (!even) reasons.push(unevenReason(gaps, medianGapMm, toleranceMm, regular.missing));
  const verdict: GeometryVerdict = {
    ...base,
    kind: repeats ? 'approximate' : 'resampled',
    interpolatedSlices: regular.interpolatedSlices,
    residualMm: 0,
    reasons,
  };
  return { verdict, acquired, regular: regular.grid, resampleK: regular.resampleK, shearMm: regular.shearMm };
}

function unevenReason(
  gaps: readonly number[],
  medianGapMm: number,
  toleranceMm: number,
  missing: boolean,
): Problem {
  const at = gaps.findIndex((gap) => Math.abs(gap - medianGapMm) > toleranceMm);
  const params = {
    gap: Number((gaps[at] ?? 0).toFixed(2)),
    from: at + 1,
    to: at + 2,
    median: Number(medianGapMm.toFixed(2)),
  };
  return problem(missing ? 'GEOMETRY_GAP' : 'GEOMETRY_UNEVEN', params);
}

/** Step of the regular grid: the median where other gaps are whole multiples of it (slices missing), else the finest useful gap. */
function regularStepMm(
  gaps: readonly number[],
  medianGapMm: number,
  toleranceMm: number,
): { stepMm: number; missing: boolean } {
  const missing = gaps.every((gap) => {
    const multiple = Math.round(gap / medianGapMm);
    return multiple >= 1 && Math.abs(gap - multiple * medianGapMm) <= toleranceMm * multiple;
  });
  if (missing) return { stepMm: medianGapMm, missing: gaps.some((gap) => gap > 1.5 * medianGapMm) };
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const finest = Math.min(...gaps);
  return {
    stepMm: Math.max(finest, total / (finestFactor * gaps.length), medianGapMm / finestFactor),
    missing: false,
  };
}

interface RegularGrid {
  readonly grid: VolumeGeometry;
  readonly resampleK: readonly number[];
  readonly shearMm: readonly (readonly [number, number])[];
  readonly interpolatedSlices: number;
  readonly missing: boolean;
}

/**
 * Orthogonal grid that covers every acquired slice. Its k-spacing is the perpendicular distance (lesson L5);
 * in-plane it grows by the whole shear, so that nothing is cut off.
 */
function regularGrid(
  poses: readonly SlicePose[],
  heights: readonly number[],
  gaps: readonly number[],
  medianGapMm: number,
  toleranceMm: number,
  spacingMm: readonly [number, number],
  size: Vec3,
): RegularGrid {
  const first = poses[0]!;
  const normal = normalOf(first);
  const [betweenRows, betweenColumns] = spacingMm;
  const { stepMm, missing } = regularStepMm(gaps, medianGapMm, toleranceMm);
  const shearMm = poses.map((pose) => {
    const moved = subtract(pose.position, first.position);
    return [dot(moved, first.row), dot(moved, first.column)] as const;
  });
  const lowColumns = Math.ceil(-Math.min(...shearMm.map((shift) => shift[0])) / betweenColumns - 1e-6);
  const lowRows = Math.ceil(-Math.min(...shearMm.map((shift) => shift[1])) / betweenRows - 1e-6);
  const moreColumns =
    lowColumns + Math.ceil(Math.max(...shearMm.map((shift) => shift[0])) / betweenColumns - 1e-6);
  const moreRows = lowRows + Math.ceil(Math.max(...shearMm.map((shift) => shift[1])) / betweenRows - 1e-6);
  const totalMm = heights[heights.length - 1]!;
  const count = Math.max(2, Math.round(totalMm / stepMm) + 1);
  const origin = [0, 1, 2].map(
    (x) =>
      first.position[x]! -
      first.row[x]! * lowColumns * betweenColumns -
      first.column[x]! * lowRows * betweenRows,
  ) as unknown as Vec3;
  const exactStepMm = totalMm / (count - 1);
  const step: Vec3 = [normal[0] * exactStepMm, normal[1] * exactStepMm, normal[2] * exactStepMm];
  const resampleK = Array.from({ length: count }, (_, k) => fractionalSlice(heights, k * exactStepMm));
  return {
    grid: {
      size: [size[0] + moreColumns, size[1] + moreRows, count],
      patientFromIndex: gridMatrix(origin, first.row, first.column, spacingMm, step),
    },
    resampleK,
    shearMm: shearMm.map(
      ([column, row]) => [column + lowColumns * betweenColumns, row + lowRows * betweenRows] as const,
    ),
    interpolatedSlices: resampleK.filter((k) => Math.abs(k - Math.round(k)) > 1e-3).length,
    missing,
  };
}

/** Where a height lies among the acquired slices, as a fractional slice index. */
export function fractionalSlice(heights: readonly number[], heightMm: number): number {
  let at = 0;
  while (at < heights.length - 2 && heights[at + 1]! <= heightMm) at++;
  const low = heights[at]!;
  const high = heights[at + 1] ?? low;
  if (high === low) return at;
  const snapped = at + Math.min(1, Math.max(0, (heightMm - low) / (high - low)));
  return Math.abs(snapped - Math.round(snapped)) < 1e-6 ? Math.round(snapped) : snapped;
}
