import type { CallInput } from '../../../../core/contract/index.ts';
import { between, cross, dot, moved, normalise, spacingMm } from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { extentAlongMm, planeNormal } from '../../../../core/geometry/planes.ts';
import type { PatientPoint, Plane } from '../../../../core/geometry/types.ts';
import { slabMostMm } from '../../../../core/scene/mpr.ts';
import { batchPlanes, mostPlanes } from '../../../../core/scene/plane-batch.ts';
import type { Projection } from '../../../../core/scene/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import { type PlacedPlane, type PlaneRoom, placePlane, spotOf } from './mpr-picture.ts';
import type { MprView } from './mpr-view.ts';

/** Planes that are about to be saved as a series, as the dialog has them. */
export interface BatchDraft {
  readonly of: PlaneName;
  /** The plane as it was on screen; its origin is the picture's middle. */
  readonly plane: Plane;
  readonly kind: 'parallel' | 'radial';
  /** Around the whole volume, or around the crosshair. */
  readonly about: 'volume' | 'cross';
  readonly count: number;
  readonly stepMm: number;
  readonly slabMm: number;
  readonly projection: Projection;
  readonly width: number;
  readonly height: number;
  readonly spacingMm: number;
  readonly name: string;
}

/** Largest picture and step that the call takes. */
const mostPixels = 4096;
const mostStepMm = 1000;
const radialCount = 36;

/**
 * Parallel planes through the whole volume, as large as the plane is on screen and as fine, but no coarser than the voxels:
 * a small window costs a series no detail.
 */
export function startDraft(view: MprView, of: PlaneName, size: PlaneRoom, name: string): BatchDraft {
  const { plane, mmPerPx } = placePlane(view, of, size);
  const { slabMm, projection } = view.state.planes[of];
  const { width, height, ratio } = size;
  const screenMm = mmPerPx / ratio;
  const finestMm = Math.min(...spacingMm(view.geometry.patientFromIndex));
  const finer = Math.max(1, Math.min(screenMm / finestMm, mostPixels / Math.max(width, height)));
  const pixels = (count: number): number => Math.min(mostPixels, Math.max(1, Math.round(count * finer)));
  const draft: BatchDraft = {
    of,
    plane,
    kind: 'parallel',
    about: 'volume',
    count: 1,
    stepMm: Number((slabMm > 0 ? slabMm : view.state.stepMm).toFixed(3)),
    slabMm,
    projection: slabMm > 0 ? projection : 'none',
    width: pixels(width),
    height: pixels(height),
    spacingMm: Number((screenMm / finer).toPrecision(4)),
    name,
  };
  return { ...draft, count: countThrough(view, draft) };
}

/**
 * How many parallel planes reach through the volume, each standing for one step. Through acquired slices in their own
 * spacing that is one on each of them, and none between two.
 */
export function countThrough(view: MprView, { plane, stepMm }: BatchDraft): number {
  const { least, most } = extentAlongMm(view.geometry, plane.origin, planeNormal(plane));
  return Math.min(mostPlanes, Math.max(1, Math.ceil((most - least) / stepMm - 1e-3)));
}

/** Another arrangement, with the number of planes that it usually has. */
export function withKind(view: MprView, draft: BatchDraft, kind: BatchDraft['kind']): BatchDraft {
  return { ...draft, kind, count: kind === 'radial' ? radialCount : countThrough(view, draft) };
}

/** The plane in the middle of parallel ones, or the first of radial ones, whose vertical line all turn about. */
export function middlePlane(view: MprView, { plane, kind, about }: BatchDraft): Plane {
  const normal = planeNormal(plane);
  if (kind === 'parallel') {
    if (about === 'cross') return plane;
    const { least, most } = extentAlongMm(view.geometry, plane.origin, normal);
    return { ...plane, origin: moved(plane.origin, normal, (least + most) / 2) };
  }
  if (about === 'volume') return plane;
  const aside = dot(between(plane.origin, view.state.centre), plane.right);
  return { ...plane, origin: moved(plane.origin, plane.right, aside) };
}

const batchOf = ({ kind, count, stepMm }: BatchDraft) =>
  kind === 'radial' ? { kind, count } : { kind, count, stepMm };

export const draftPlanes = (view: MprView, draft: BatchDraft): Plane[] =>
  batchPlanes(middlePlane(view, draft), batchOf(draft));

const isWithin = (n: number, least: number, most: number): boolean => n >= least && n <= most;
const isWhole = (n: number, most: number): boolean => Number.isInteger(n) && isWithin(n, 1, most);

/** What of a draft cannot be saved as it is. */
export function faultsOf(draft: BatchDraft): ReadonlySet<keyof BatchDraft> {
  const { count, stepMm, slabMm, width, height, spacingMm, name, kind } = draft;
  const checks: readonly (readonly [keyof BatchDraft, boolean])[] = [
    ['count', isWhole(count, mostPlanes)],
    ['stepMm', kind === 'radial' || isWithin(stepMm, 0.01, mostStepMm)],
    ['slabMm', isWithin(slabMm, 0, slabMostMm)],
    ['width', isWhole(width, mostPixels)],
    ['height', isWhole(height, mostPixels)],
    ['spacingMm', isWithin(spacingMm, 1e-3, 100)],
    ['name', name.trim() !== '' && [...name].length <= 64],
  ];
  return new Set(checks.filter(([, isRight]) => !isRight).map(([key]) => key));
}

/** The call that saves them. */
export function draftCall(
  view: MprView,
  draft: BatchDraft,
  groupId: string,
  window: { readonly centre: number; readonly width: number } | null,
): CallInput<'series.reformat'> {
  const { origin, right, down } = middlePlane(view, draft);
  const { width, height, spacingMm, slabMm, projection, name } = draft;
  const isThin = slabMm === 0 || projection === 'none';
  return {
    seriesKey: view.seriesKey,
    groupId,
    center: [origin[0], origin[1], origin[2]],
    right: [right[0], right[1], right[2]],
    down: [down[0], down[1], down[2]],
    ...{ width, height, spacingMm },
    slabMm: isThin ? 0 : slabMm,
    projection: isThin ? 'none' : projection,
    interpolation: !isThin && view.interpolation === 'cubic' ? 'linear' : view.interpolation,
    name: name.trim(),
    ...(window && window.width > 0 && { window }),
    batch: batchOf(draft),
  };
}

export interface DraftLine {
  readonly from: Spot;
  readonly to: Spot;
}

/** Where a picture of `plane`, `widthMm` × `heightMm` about its origin, meets the plane of a viewport. */
export function meetingLine(
  placed: PlacedPlane,
  plane: Plane,
  widthMm: number,
  heightMm: number,
): DraftLine | null {
  const seen = planeNormal(placed.plane);
  const normal = planeNormal(plane);
  const along = cross(seen, normal);
  if (Math.hypot(...along) < 1e-6) return null;
  const direction = normalise(along);
  // From the picture's middle, within its own plane, to the other one.
  const across = cross(normal, direction);
  const reach = dot(between(plane.origin, placed.plane.origin), seen) / dot(across, seen);
  const start = moved(plane.origin, across, reach);
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [axis, lengthMm] of [
    [plane.right, widthMm],
    [plane.down, heightMm],
  ] as const) {
    const at = dot(between(plane.origin, start), axis);
    const slope = dot(direction, axis);
    if (Math.abs(slope) < 1e-9) {
      if (Math.abs(at) > lengthMm / 2) return null;
      continue;
    }
    const ends = [(-lengthMm / 2 - at) / slope, (lengthMm / 2 - at) / slope];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  if (from >= to) return null;
  const spot = (mm: number): Spot => spotOf(placed, moved(start, direction, mm) as PatientPoint);
  return { from: spot(from), to: spot(to) };
}

/** Lines drawn at most; of more planes, every so many and always the outermost. */
const mostLines = 60;

/** The planes of a draft as lines on another plane of the view. */
export function draftLines(view: MprView, draft: BatchDraft, placed: PlacedPlane): readonly DraftLine[] {
  const planes = draftPlanes(view, draft);
  const every = Math.ceil(planes.length / mostLines);
  const shown = planes.filter((_, n) => n % every === 0 || n === planes.length - 1);
  const [widthMm, heightMm] = [draft.width * draft.spacingMm, draft.height * draft.spacingMm];
  return shown.flatMap((plane) => meetingLine(placed, plane, widthMm, heightMm) ?? []);
}
