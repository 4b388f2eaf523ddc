import { type Problem, problem } from '../base/problem.ts';
import type { Attributes } from '../dicom/types.ts';
import type { Vec3, VolumeGeometry } from '../geometry/types.ts';
import { stretchMm } from './alike.ts';
import type { FrameEntry } from './frames.ts';
import {
  dot,
  gapToleranceMm,
  isSpacing,
  median,
  normalOf,
  poseOf,
  type SlicePose,
  scaled,
  subtract,
} from './order.ts';
import { gridMatrix, type RegularGrid, regularGrid, type Stack, stackOf } from './regular-grid.ts';
import { isRoundedEven } from './rounding.ts';
import type { SplitGroup } from './split.ts';
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

/** Below this angle between stack and normal there is no tilt (lesson L5). */
const tiltToleranceDeg = 0.1;
/** Slices may lie this far beside their place, in pixels or mm (at most half a pixel), before they are resampled. */
const straightPixels = 0.1;
const straightMm = 0.02;
function besideMostMm(spacingMm: readonly [number, number]): number {
  const pixelMm = Math.min(...spacingMm);
  return Math.max(Math.min(straightMm, pixelMm / 2), straightPixels * pixelMm);
}
/** SpacingBetweenSlices may differ this much from the positions before it is worth a word. */
const spacingDoubt = 0.02;

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

/** Geometry of one split group whose frames are in file order; tells of frames that were left out of it. */
export function groupGeometry(frames: readonly FrameEntry[], split: SplitGroup): GroupGeometry {
  const geometry = gridOf(frames, split);
  if (!split.leftOut || !geometry.regular) return geometry;
  const { verdict } = geometry;
  const reasons = [...verdict.reasons, problem('GEOMETRY_LEFT_OUT', { count: split.leftOut })];
  return { ...geometry, verdict: { ...verdict, reasons } };
}

function gridOf(frames: readonly FrameEntry[], split: SplitGroup): GroupGeometry {
  const first = frames[0]!;
  const poses = frames.map((frame) => poseOf(frame.attributes));
  const reason = whyNoVolume(frames, poses, split);
  if (reason) return { order: frames, verdict: noVerdict(reason), acquired: null, regular: null };
  const spacingMm = first.attributes.PixelSpacing as readonly [number, number];
  const normal = normalOf(poses[0]!);
  const slices = frames
    .map((frame, at) => ({ frame, pose: poses[at]!, heightMm: dot(poses[at]!.position, normal) }))
    .sort((a, b) => a.heightMm - b.heightMm);
  const order = slices.map((slice) => slice.frame);
  const size: Vec3 = [first.format.columns, first.format.rows, order.length];
  const sorted = slices.map((slice) => slice.pose);
  if (order.length === 1) return { order, ...singleSlice(first, sorted[0]!, spacingMm, size) };
  const parts = stackOf(sorted, spacingMm, size);
  const stack = { ...parts, medianGapMm: median(parts.gaps) };
  return { order, ...withVariation(stackGeometry(stack, first, split), order, sorted, spacingMm) };
}

/**
 * Pixel spacings and directions that differ a little from image to image: the grid has one of each, and what lies beside
 * it is told.
 */
function withVariation(
  grid: Grid,
  frames: readonly FrameEntry[],
  poses: readonly SlicePose[],
  spacingMm: readonly [number, number],
): Grid {
  const [first] = frames;
  const largest = (mm: readonly number[]): number => mm.reduce((most, own) => Math.max(most, own), 0);
  const stretchedMm = largest(frames.map((frame) => stretchMm(frame, spacingMm) ?? 0));
  const turnedMm = largest(poses.map((pose) => turnMm(pose, poses[0]!, first!.format, spacingMm)));
  if (stretchedMm === 0 && turnedMm === 0) return grid;
  const { verdict } = grid;
  const residualMm = Math.hypot(verdict.residualMm, stretchedMm) + turnedMm;
  const mostMm = besideMostMm(spacingMm);
  const reasons = [...verdict.reasons];
  if (stretchedMm > mostMm) reasons.push(problem('GEOMETRY_PIXELS_VARY', { mm: shortMm(stretchedMm) }));
  if (turnedMm > mostMm) reasons.push(problem('GEOMETRY_TURNS_VARY', { mm: shortMm(turnedMm) }));
  const kind = reasons.length > verdict.reasons.length ? 'approximate' : verdict.kind;
  return { ...grid, verdict: { ...verdict, kind, residualMm, reasons } };
}

/** How far the outermost pixels of a slice lie from where the directions of another put them. */
function turnMm(
  pose: SlicePose,
  other: SlicePose,
  { columns, rows }: FrameEntry['format'],
  [betweenRows, betweenColumns]: readonly [number, number],
): number {
  const along = scaled(subtract(pose.row, other.row), betweenColumns * (columns - 1));
  const down = scaled(subtract(pose.writtenColumn, other.writtenColumn), betweenRows * (rows - 1));
  return Math.max(
    Math.hypot(...along),
    Math.hypot(...down),
    Math.hypot(...subtract(along, scaled(down, -1))),
  );
}

function whyNoVolume(
  frames: readonly FrameEntry[],
  poses: readonly (SlicePose | null)[],
  split: SplitGroup,
): Problem | null {
  for (const [at, { attributes, isUncut }] of frames.entries()) {
    if (isUncut) return problem('GEOMETRY_MOSAIC_INVALID');
    if (attributes.ImageOrientationPatient === undefined) return problem('GEOMETRY_NO_ORIENTATION');
    if (attributes.ImagePositionPatient === undefined) return problem('GEOMETRY_NO_POSITION');
    if (attributes.PixelSpacing === undefined) return problem('GEOMETRY_NO_SPACING');
    if (!poses[at] || !isSpacing(attributes.PixelSpacing)) return problem('GEOMETRY_INVALID');
  }
  if (frames.some(({ attributes }) => isCurved(attributes))) return problem('GEOMETRY_CURVED');
  if (split.scattered === 'place')
    return problem(isPlacedOnce(frames) ? 'GEOMETRY_ONE_POSITION' : 'GEOMETRY_ONE_PLACE');
  return split.scattered === 'orientation' ? problem('GEOMETRY_ORIENTATIONS') : null;
}

/** One object that says how far apart its frames lie and where one of them does, not which way the others follow. */
const isPlacedOnce = (frames: readonly FrameEntry[]): boolean =>
  frames.every(
    ({ instance, attributes: { Modality, SpacingBetweenSlices = 0 } }) =>
      instance === frames[0]!.instance && SpacingBetweenSlices !== 0 && Modality !== 'NM',
  );

/**
 * Curved reformats: what lies on a line in them lies on none in the patient. VolumetricProperties does not tell: Siemens
 * calls flat slices DISTORTED whose distortion is not corrected.
 */
const isCurved = ({ ImageType = [], FrameType = [] }: Attributes): boolean =>
  [...ImageType, ...FrameType].some((word) => /\bCURVED\b/.test(word));

type Grid = Omit<GroupGeometry, 'order'>;

function singleSlice(
  { attributes: a }: FrameEntry,
  pose: SlicePose,
  spacingMm: readonly [number, number],
  size: Vec3,
): Grid {
  const isLength = (mm: number | undefined): mm is number => mm !== undefined && mm > 0 && mm < 1e5;
  const spacingSource = isLength(a.SpacingBetweenSlices)
    ? 'SpacingBetweenSlices'
    : isLength(a.SliceThickness)
      ? 'SliceThickness'
      : 'none';
  const thicknessMm = spacingSource === 'none' ? 1 : a[spacingSource]!;
  const normal = normalOf(pose);
  const step: Vec3 = [normal[0] * thicknessMm, normal[1] * thicknessMm, normal[2] * thicknessMm];
  const grid = {
    size,
    patientFromIndex: gridMatrix(pose.position, pose.row, pose.writtenColumn, spacingMm, step),
  };
  const verdict: GeometryVerdict = {
    ...noVerdict(problem('GEOMETRY_ONE_SLICE')),
    kind: 'approximate',
    spacingSource,
    medianGapMm: thicknessMm,
    worstGapMm: thicknessMm,
  };
  return { verdict, acquired: grid, regular: grid };
}

/** How far slices lie from an even, straight stack from the first to the last: along the normal, and across. */
function deviations({ heights, shifts }: Stack): { alongMm: number; acrossMm: number } {
  const last = heights.length - 1;
  const [lastColumn, lastRow] = shifts[last]!;
  let [alongMm, acrossMm] = [0, 0];
  for (const [k, height] of heights.entries()) {
    const [column, row] = shifts[k]!;
    alongMm = Math.max(alongMm, Math.abs(height - (heights[last]! * k) / last));
    const share = height / heights[last]!;
    acrossMm = Math.max(acrossMm, Math.hypot(column - lastColumn * share, row - lastRow * share));
  }
  return { alongMm, acrossMm };
}

function stackGeometry(stack: Stack, entry: FrameEntry, { repeats, isUnordered }: SplitGroup): Grid {
  const { poses, gaps, medianGapMm, spacingMm, size, shifts } = stack;
  const first = poses[0]!;
  const intervals = poses.length - 1;
  const span = subtract(poses[intervals]!.position, first.position);
  const step: Vec3 = [span[0] / intervals, span[1] / intervals, span[2] / intervals];
  const cosine = dot(span, normalOf(first)) / Math.hypot(...span);
  const tiltDeg = (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
  const { alongMm, acrossMm } = deviations(stack);
  const toleranceMm = gapToleranceMm(medianGapMm);
  const besideMm = besideMostMm(spacingMm);
  const even = gaps.every((gap) => Math.abs(gap - medianGapMm) <= toleranceMm) && alongMm <= medianGapMm / 10;
  const tilted = tiltDeg > tiltToleranceDeg;
  const shifted = acrossMm > besideMm;
  const acquired = {
    size,
    patientFromIndex: gridMatrix(first.position, first.row, first.writtenColumn, spacingMm, step),
  };
  const base = {
    spacingSource: entry.spacingSource ?? ('ImagePositionPatient' as const),
    tiltDeg,
    medianGapMm,
    worstGapMm: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
  const doubts: Problem[] = [];
  if (repeats) doubts.push(problem('GEOMETRY_DUPLICATES'));
  if (isUnordered) doubts.push(problem('GEOMETRY_UNORDERED'));
  if (entry.tile) doubts.push(problem('GEOMETRY_MOSAIC'));
  const isThickness = entry.spacingSource === 'SliceThickness';
  if (isThickness) doubts.push(problem('GEOMETRY_FROM_THICKNESS', { mm: shortMm(medianGapMm) }));
  const isGuessed = repeats || isUnordered || isThickness;
  const isEven = even && !tilted && !shifted;
  if (isEven || isRoundedEven(stack, alongMm)) {
    const kind = isGuessed ? 'approximate' : 'exact';
    const residualMm = Math.hypot(alongMm, acrossMm);
    if (!isEven) doubts.push(problem('GEOMETRY_ROUNDED', { mm: shortMm(residualMm) }));
    const gapMm = isEven ? medianGapMm : stack.heights[intervals]! / intervals;
    doubts.push(...statedSpacing(entry, gapMm));
    const verdict: GeometryVerdict = {
      ...base,
      kind,
      medianGapMm: gapMm,
      interpolatedSlices: 0,
      residualMm,
      reasons: doubts,
    };
    return { verdict, acquired, regular: acquired };
  }
  const besideNormalMm = shifts.reduce((most, shift) => Math.max(most, Math.hypot(...shift)), 0);
  const isStraight = !tilted && besideNormalMm <= besideMm;
  const regular = regularGrid(stack, isStraight);
  if (isTooLarge(regular.grid.size, size)) {
    const far = problem('GEOMETRY_FAR_APART', { mm: round(besideNormalMm, 0) });
    return { verdict: noVerdict(far), acquired: null, regular: null };
  }
  const reasons = [...doubts];
  if (tilted) reasons.push(problem('GEOMETRY_TILT', { degrees: round(tiltDeg, 1) }));
  if (shifted) reasons.push(problem('GEOMETRY_SHIFT', { mm: shortMm(acrossMm) }));
  if (!even) reasons.push(unevenReason(stack, toleranceMm, regular));
  const invented = regular.missing.reduce((sum, { fromK, toK }) => sum + toK - fromK + 1, 0);
  const verdict: GeometryVerdict = {
    ...base,
    kind: isGuessed || invented > poses.length ? 'approximate' : 'resampled',
    interpolatedSlices: regular.interpolatedSlices,
    residualMm: Math.hypot(regular.alongMm, isStraight ? besideNormalMm : 0),
    reasons,
    ...(regular.missing.length > 0 && { missing: regular.missing }),
  };
  return { verdict, acquired, regular: regular.grid, resampleK: regular.resampleK, shearMm: regular.shearMm };
}

/** A grid may be so many times the acquired voxels, and beyond this many, before it says more about a header than a body. */
const largestGrid = { times: 8, voxels: 2 ** 28 };

const voxelsOf = ([i, j, k]: Vec3): number => i * j * k;

const isTooLarge = (regular: Vec3, acquired: Vec3): boolean =>
  voxelsOf(regular) > Math.max(largestGrid.voxels, largestGrid.times * voxelsOf(acquired));

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
/** Hundredths, or two figures of what is less than a tenth. */
const shortMm = (mm: number): number => (Math.abs(mm) < 0.1 ? Number(mm.toPrecision(2)) : round(mm, 2));

/** SpacingBetweenSlices that contradicts even positions: positions count (lesson L3), but images may be missing. */
function statedSpacing({ attributes, spacingSource }: FrameEntry, medianGapMm: number): Problem[] {
  const stated = Math.abs(attributes.SpacingBetweenSlices ?? 0);
  const doubtMm = Math.max(spacingDoubt * medianGapMm, gapToleranceMm(medianGapMm));
  if (spacingSource !== undefined || stated === 0 || !(Math.abs(stated - medianGapMm) > doubtMm)) return [];
  const params = { stated: shortMm(stated), measured: shortMm(medianGapMm) };
  return [problem('GEOMETRY_SPACING_DIFFERS', params)];
}

function unevenReason({ gaps, medianGapMm }: Stack, toleranceMm: number, regular: RegularGrid): Problem {
  const [hole] = regular.missing;
  if (regular.isWholeGaps && hole) {
    return problem('GEOMETRY_GAP', {
      gap: shortMm(hole.gapMm),
      from: hole.after,
      to: hole.after + 1,
      count: regular.missing.length,
      median: shortMm(medianGapMm),
    });
  }
  const found = gaps.findIndex((gap) => Math.abs(gap - medianGapMm) > toleranceMm);
  const at = Math.max(0, found);
  return problem('GEOMETRY_UNEVEN', {
    gap: shortMm(gaps[at]!),
    from: at + 1,
    to: at + 2,
    median: shortMm(medianGapMm),
  });
}
