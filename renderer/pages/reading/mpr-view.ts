import type { PlaneName } from '../../../core/geometry/orientation.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { fitCamera } from '../../../core/scene/camera.ts';
import { type MprAction, type MprState, reduceMpr, startMpr } from '../../../core/scene/mpr.ts';
import { defaultVolumePresetId } from '../../../core/scene/presets.ts';
import type { Camera } from '../../../core/scene/types.ts';
import type { WindowState } from '../../viewport/windowing.ts';

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
}

const fittedPlane: PlaneView = { mmPerPx: null, panXMm: 0, panYMm: 0 };
const fittedPlanes = { axial: fittedPlane, coronal: fittedPlane, sagittal: fittedPlane };

export const startMprView = (
  seriesKey: string,
  group: number,
  geometry: VolumeGeometry,
  window: WindowState,
  modality: string,
): MprView => ({
  seriesKey,
  group,
  geometry,
  state: startMpr(geometry),
  planes: fittedPlanes,
  window,
  camera: fitCamera(geometry, 'A', 1.3),
  presetId: defaultVolumePresetId(modality),
  shift: 0,
});

export const applyMpr = (view: MprView, action: MprAction): MprView => ({
  ...view,
  state: reduceMpr(view.state, action, view.geometry),
});

export const changePlane = (view: MprView, name: PlaneName, part: Partial<PlaneView>): MprView => ({
  ...view,
  planes: { ...view.planes, [name]: { ...view.planes[name], ...part } },
});

/** Planes fitted again, crosshair at the centre, anatomical axes. */
export const resetMpr = (view: MprView): MprView => ({
  ...view,
  state: startMpr(view.geometry),
  planes: fittedPlanes,
});

/** Slab thicknesses offered, total mm. */
export const slabChoicesMm = [0, 1, 3, 5, 10, 20, 40] as const;

/** The next thicker (1) or thinner (−1) choice. */
export function nextSlabMm(nowMm: number, step: 1 | -1): number {
  if (step === 1) return slabChoicesMm.find((mm) => mm > nowMm) ?? slabChoicesMm.at(-1)!;
  return slabChoicesMm.findLast((mm) => mm < nowMm) ?? 0;
}
