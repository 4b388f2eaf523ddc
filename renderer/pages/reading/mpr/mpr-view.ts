import { spacingMm } from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { PatientPoint, VolumeGeometry } from '../../../../core/geometry/types.ts';
import { type Background, backgroundOf } from '../../../../core/scene/backgrounds.ts';
import type { Fusion } from '../../../../core/scene/fusion.ts';
import {
  type MprAction,
  type MprState,
  planeNames,
  reduceMpr,
  slabMostMm,
  startMpr,
} from '../../../../core/scene/mpr.ts';
import { defaultVolumePresetId } from '../../../../core/scene/presets.ts';
import type { Camera, Interpolation } from '../../../../core/scene/types.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import { fittedCamera } from '../volume/fitted-camera.ts';
import { startLook, type VolumeLook } from '../volume/volume-look.ts';
import { onWholeSlice, stepPlane } from './mpr-slices.ts';

/** How one plane lies in its viewport. */
export interface PlaneView {
  /** Millimetres of one CSS pixel; null = as large as fits. */
  readonly mmPerPx: number | null;
  /** Picture moved right and down in mm. */
  readonly panXMm: number;
  readonly panYMm: number;
}

/** Three planes and a 3D picture of one volume: plain data, one for both renderers. */
export interface MprView {
  readonly seriesKey: string;
  readonly group: number;
  readonly geometry: VolumeGeometry;
  readonly state: MprState;
  readonly planes: Readonly<Record<PlaneName, PlaneView>>;
  /** Shared by the three planes. */
  readonly window: WindowState;
  readonly camera: Camera;
  readonly presetId: string;
  readonly shift: number;
  readonly look: VolumeLook;
  /** A turn takes one plane only, so that planes need not be perpendicular. */
  readonly isFree: boolean;
  /** A slab belongs to one plane; else the three planes share theirs. */
  readonly isSlabApart: boolean;
  readonly interpolation: Interpolation;
  /** A second series over the planes; null = none. */
  readonly fusion: Fusion | null;
  /** Counts where the crosshair was put by hand: that is undone, scrolling is not. */
  readonly placed: number;
}

export const interpolations: readonly Interpolation[] = ['nearest', 'linear', 'cubic'];
/** Key in `settings.reading`: what planes of the next study start with. */
export const interpolationKey = 'interpolation';

/** The same of the background of 3D. */
export const backgroundKey = 'background3d';

/** What a view starts with: as the one before, or as what was chosen last. */
export interface ViewStart {
  readonly interpolation: Interpolation;
  readonly background: Background;
}

export const viewStart = (
  before: Pick<MprView, 'interpolation' | 'look'> | null,
  remembered: Readonly<Record<string, string>>,
): ViewStart => ({
  interpolation:
    before?.interpolation ?? interpolations.find((name) => name === remembered[interpolationKey]) ?? 'linear',
  background: before?.look.background ?? backgroundOf(remembered[backgroundKey]) ?? startLook.background,
});

/** How near one may go: to a pixel of 0.01 mm, or a fiftieth of the finest voxel where that is less (micro-CT). */
export const closestMmPerPx = ({ patientFromIndex }: VolumeGeometry): number =>
  Math.min(0.01, Math.min(...spacingMm(patientFromIndex)) / 50);

const fittedPlane: PlaneView = { mmPerPx: null, panXMm: 0, panYMm: 0 };
const fittedPlanes = { axial: fittedPlane, coronal: fittedPlane, sagittal: fittedPlane };

export const startMprView = (
  seriesKey: string,
  group: number,
  geometry: VolumeGeometry,
  window: WindowState,
  modality: string,
  { interpolation, background }: ViewStart = viewStart(null, {}),
): MprView => ({
  seriesKey,
  group,
  geometry,
  state: onWholeSlice({ geometry, state: startMpr(geometry) }),
  planes: fittedPlanes,
  window,
  camera: fittedCamera(geometry),
  presetId: defaultVolumePresetId(modality),
  shift: 0,
  look: { ...startLook, background },
  isFree: false,
  isSlabApart: false,
  interpolation,
  fusion: null,
  placed: 0,
});

/** The next view, or the same where it is so already; scrolling goes from slice to slice. */
export function applyMpr(view: MprView, action: MprAction): MprView {
  const state =
    action.kind === 'step'
      ? stepPlane(view, action.plane, action.count)
      : reduceMpr(view.state, action, view.geometry);
  return state === view.state ? view : { ...view, state };
}

const isSamePlane = (a: PlaneView, b: PlaneView): boolean =>
  a.mmPerPx === b.mmPerPx && a.panXMm === b.panXMm && a.panYMm === b.panYMm;

export function changePlane(view: MprView, name: PlaneName, part: Partial<PlaneView>): MprView {
  const plane = { ...view.planes[name], ...part };
  return isSamePlane(plane, view.planes[name])
    ? view
    : { ...view, planes: { ...view.planes, [name]: plane } };
}

/** The crosshair put somewhere by hand: in patient mm, kept inside the volume. */
export function placeCross(view: MprView, centre: PatientPoint): MprView {
  const next = applyMpr(view, { kind: 'move', centre });
  const isThere = next.state.centre.every((mm, axis) => mm === view.state.centre[axis]);
  return isThere ? view : { ...next, placed: view.placed + 1 };
}

/** Planes as large as all fit at one scale, each in the middle of its viewport. */
export const fitPlanes = (view: MprView): MprView =>
  planeNames.every((name) => isSamePlane(view.planes[name], fittedPlane))
    ? view
    : { ...view, planes: fittedPlanes };

/**
 * Planes fitted again, crosshair on the middle slice (which of two, `isReversed` says: `onWholeSlice`), anatomical axes,
 * thin planes at right angles.
 */
export const resetMpr = (view: MprView, isReversed = false): MprView => ({
  ...view,
  state: onWholeSlice({ geometry: view.geometry, state: startMpr(view.geometry) }, isReversed),
  planes: fittedPlanes,
  isFree: false,
  placed: view.placed + 1,
});

/** Free angles, or right angles again: the plane `keep` stays where it is. */
export function setFree(view: MprView, isFree: boolean, keep: PlaneName): MprView {
  const next = isFree ? view : applyMpr(view, { kind: 'square', keep });
  return next.isFree === isFree ? next : { ...next, isFree };
}

/** Along the patient's axes, or those that the slices were taken along; at right angles. */
export function resetAxes(view: MprView, axes: 'anatomical' | 'acquisition'): MprView {
  const next = applyMpr(view, { kind: 'axes', axes });
  return next.isFree ? { ...next, isFree: false } : next;
}

/** How far the phases of a 4D set may lie apart: as the plan takes them together. */
const sameGridMm = 0.06;

/** The same voxels in space: phases of a 4D set. */
export const isSameGrid = (a: VolumeGeometry, b: VolumeGeometry): boolean =>
  a === b ||
  (a.size.every((n, axis) => n === b.size[axis]) &&
    a.patientFromIndex.every((x, n) => Math.abs(x - b.patientFromIndex[n]!) < sameGridMm));

/** Slab thicknesses offered, total mm. */
export const slabChoicesMm = [0, 1, 3, 5, 10, 20, 40] as const;

/** Steps of keys and wheel above the choices: each goes on from 40 mm to the thickest slab. */
const thickStepsMm = [60, 80, 100, 120, 140, 160, 180, slabMostMm];

/** The next thicker (1) or thinner (−1) slab, total mm; the thickest stays as it is. */
export function nextSlabMm(nowMm: number, step: 1 | -1): number {
  const steps = [...slabChoicesMm, ...thickStepsMm];
  if (step === 1) return steps.find((mm) => mm > nowMm) ?? slabMostMm;
  return steps.findLast((mm) => mm < nowMm) ?? 0;
}
