import {
  applyDirection,
  between,
  cross,
  dot,
  indexFromPatientPoint,
  invert,
  moved,
  normalise,
} from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { planeNormal } from '../../../../core/geometry/planes.ts';
import {
  type PatientPoint,
  patientPoint,
  type Vec3,
  type VolumeGeometry,
} from '../../../../core/geometry/types.ts';
import { spacingPair } from '../../../../core/measure/calibration.ts';
import { type MprState, mprPlane, reduceMpr } from '../../../../core/scene/mpr.ts';
import { isMadeUp } from '../../../../core/volume/missing.ts';
import type { VolumeGroup } from '../../../../core/volume/types.ts';
import { imageAxes } from '../../../viewport/stack-letters.ts';
import { slicesOn } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';

/**
 * Planes on acquired slices. A plane between two slices is their mean: small nodules pale in it, so planes begin on a
 * slice, stay on slices while they are scrolled, and say so where a hand has put them in between.
 */

/** Part of a slice within which a plane lies on it. */
const onSlice = 1e-3;
/** Part of the next slice that nobody sees in the mean of two. */
const unseen = 0.05;
/** A plane's normal along the slices within this (radians) shows them. */
const alongRad = 1e-3;

type Stack = Pick<OpenStack, 'count' | 'info'>;
type Placed = { readonly geometry: VolumeGeometry; readonly state: MprState };

const sliceStep = ({ patientFromIndex }: VolumeGeometry): Vec3 => applyDirection(patientFromIndex, [0, 0, 1]);

const sliceOf = (geometry: VolumeGeometry, p: PatientPoint): number | null => {
  const inverse = invert(geometry.patientFromIndex);
  return inverse ? indexFromPatientPoint(inverse, p)[2] : null;
};

/** The slice that the crosshair lies in, from 0; between two slices it is no whole number. */
export const sliceAt = ({ geometry, state }: Placed): number | null => sliceOf(geometry, state.centre);

/** First and last slice that a place between slices is the mean of; the same twice on a slice. */
export function slicesShown(slice: number): readonly [number, number] {
  const nearest = Math.round(slice);
  return Math.abs(slice - nearest) <= unseen ? [nearest, nearest] : [Math.floor(slice), Math.ceil(slice)];
}

/** A slice of the regular grid that no image lies on: images are missing there, or are unevenly spaced. */
export function isBetweenImages(
  { resampleK, verdict }: Pick<VolumeGroup, 'resampleK' | 'verdict'>,
  slice: number,
): boolean {
  const image = resampleK?.[slice] ?? slice;
  return isMadeUp(verdict.missing, slice) || Math.abs(image - Math.round(image)) > unseen;
}

function atSlice({ geometry, state }: Placed, slice: number): MprState {
  const now = sliceOf(geometry, state.centre);
  if (now === null) return state;
  const centre = moved(state.centre, sliceStep(geometry), slice - now);
  return reduceMpr(state, { kind: 'move', centre }, geometry);
}

const within = ({ size }: VolumeGeometry, slice: number): number => Math.min(size[2] - 1, Math.max(0, slice));

/**
 * The crosshair on the slice it lies on; between two on the one that is numbered first: the lower, the higher where images
 * are counted down the slices (`isReversed`). Of an even number that is the image that a stack opens with.
 */
export function onWholeSlice(placed: Placed, isReversed = false): MprState {
  const slice = sliceAt(placed);
  if (slice === null) return placed.state;
  const whole = isReversed ? Math.ceil(slice - onSlice) : Math.floor(slice + onSlice);
  return atSlice(placed, within(placed.geometry, whole));
}

/** Middle of an image in the patient and its normal; null where the file does not say (PS3.3 C.7.6.2). */
function imagePlane(
  stack: Stack,
  k: number,
): { readonly middle: PatientPoint; readonly normal: Vec3 } | null {
  const { attributes: a, instance, frame } = stack.info(k) ?? {};
  const axes = imageAxes(a?.ImageOrientationPatient);
  const spacing = spacingPair(a?.PixelSpacing);
  const p = a?.ImagePositionPatient;
  const size = frame?.tile ?? instance?.format;
  if (!axes || !spacing || !size || p?.length !== 3) return null;
  const corner = patientPoint(p[0]!, p[1]!, p[2]!);
  const across = moved(corner, axes.right, ((size.columns - 1) / 2) * spacing.columnMm);
  const middle = moved(across, axes.down, ((size.rows - 1) / 2) * spacing.rowMm);
  return { middle, normal: normalise(cross(axes.right, axes.down)) };
}

/** The crosshair on the slice that image `k` of the stack is; it keeps its place within the slice. */
export function onImage(placed: Placed, stack: Stack, k: number): MprState {
  const image = imagePlane(stack, k);
  const slice = image && sliceOf(placed.geometry, image.middle);
  const now = sliceAt(placed);
  if (slice === null || now === null) return placed.state;
  const wanted = within(placed.geometry, Math.round(slice));
  return Math.round(now) === wanted ? placed.state : atSlice(placed, wanted);
}

/** The image of a stack that lies nearest to a point; null where the files do not say where they lie. */
export function imageAt(stack: Stack, p: PatientPoint): number | null {
  let found: number | null = null;
  let leastMm = Number.POSITIVE_INFINITY;
  for (let k = 0; k < stack.count; k += 1) {
    const image = imagePlane(stack, k);
    if (!image) continue;
    const distanceMm = Math.abs(dot(between(image.middle, p), image.normal));
    if (distanceMm < leastMm) [found, leastMm] = [k, distanceMm];
  }
  return found;
}

/** A plane nearer to the slices than this (cosine) is scrolled as they are. */
const likeSlices = Math.SQRT1_2;

/** Steps of a plane that so many images on are: those that show slices, or nearly, go the way their images are numbered. */
export function stepsOn(
  { geometry, state }: Placed,
  name: PlaneName,
  count: number,
  stack: Pick<OpenStack, 'group'>,
): number {
  const step = sliceStep(geometry);
  const along = dot(planeNormal(mprPlane(state, name)), step) / Math.hypot(...step);
  return Math.abs(along) < likeSlices ? count : Math.sign(along) * slicesOn(stack, count);
}

/** Slices that one step of the plane goes on by: 1 or −1; 0 where it does not show acquired slices. */
function slicesAStep({ geometry, state }: Placed, name: PlaneName): number {
  const step = sliceStep(geometry);
  const spacingMm = Math.hypot(...step);
  const along = dot(planeNormal(mprPlane(state, name)), step) / spacingMm;
  const isAlong = Math.abs(along) > Math.cos(alongRad);
  return isAlong && Math.abs(state.stepMm - spacingMm) < 1e-6 * spacingMm ? Math.sign(along) : 0;
}

/** Scrolls a plane: over acquired slices from slice to slice, else by its step. */
export function stepPlane(placed: Placed, plane: PlaneName, count: number): MprState {
  const { geometry, state } = placed;
  const by = slicesAStep(placed, plane) * count;
  const now = sliceAt(placed);
  if (by === 0 || now === null || !Number.isInteger(by)) {
    return reduceMpr(state, { kind: 'step', plane, count }, geometry);
  }
  const from = by > 0 ? Math.floor(now + onSlice) : Math.ceil(now - onSlice);
  const to = within(geometry, from + by);
  return Math.sign(to - now) === Math.sign(by) ? atSlice(placed, to) : state;
}
