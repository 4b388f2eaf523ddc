import type { Attributes } from '../dicom/types.ts';
import { spacingMm } from '../geometry/matrices.ts';
import type { PlaneName } from '../geometry/orientation.ts';
import { extentAlongMm, volumeCentre } from '../geometry/planes.ts';
import type { PatientPoint, PatientVector, VolumeGeometry } from '../geometry/types.ts';
import { backgrounds } from './backgrounds.ts';
import { fitCamera, type StandardView } from './camera.ts';
import { projectionStart } from './mip-window.ts';
import { mprPlane, planeNames, startMpr } from './mpr.ts';
import { barePart, defaultVolumePresetId, volumePreset, windowLevel, windowPresetsOf } from './presets.ts';
import type { Projection, Rgb, Scene, SliceScene, VolumeScene, WindowLevel } from './types.ts';
import { startOfPet } from './uptake.ts';

/** A picture asked for by the name of its view, as on the command line and in exports. */
export interface NamedViewRequest {
  readonly width: number;
  readonly height: number;
  /** Where the planes cross; the volume's centre when left out. */
  readonly centre?: PatientPoint;
  readonly window?: WindowLevel;
  readonly presetId?: string;
  /** Behind 3D; black when left out. */
  readonly background?: Rgb;
  readonly slabMm?: number;
  readonly projection?: Projection;
  /** The files say that low values are white (MONOCHROME1): pictures with a window are turned round. */
  readonly isFileInverted?: boolean;
}

/** A window as files show it that say low values are white. */
export const asFileShows = (window: WindowLevel, isFileInverted: boolean): WindowLevel =>
  isFileInverted ? { ...window, invert: !window.invert } : window;

/** Window of a modality when nothing else is asked: PET's, the file's own, the modality's first preset, else P1–P99. */
export function startWindow(attributes: Attributes, percentiles: Float32Array): WindowLevel {
  const pet = startOfPet(attributes, (percent) => percentiles[Math.round(percent * 10)]);
  if (pet !== undefined) return windowLevel(pet, pet / 2, true);
  const [centre] = attributes.WindowCenter ?? [];
  const [width] = attributes.WindowWidth ?? [];
  if (centre !== undefined && width !== undefined && Number.isFinite(centre) && width > 0)
    return windowLevel(width, centre);
  const first = windowPresetsOf(attributes.Modality ?? '')[0]?.setting;
  if (attributes.Modality === 'CT' && first?.kind === 'window') return windowLevel(350, 40);
  const low = percentiles[10] ?? 0;
  const high = percentiles[990] ?? 1;
  const inverted = attributes.Modality === 'PT';
  return windowLevel(Math.max(high - low, 1e-6), (low + high) / 2, inverted);
}

/** One orthogonal plane through `centre`, fitted to the volume's extent. */
export function planeScene(
  geometry: VolumeGeometry,
  view: PlaneName,
  request: NamedViewRequest & { readonly window: WindowLevel },
): SliceScene {
  const start = startMpr(geometry);
  const plane = mprPlane({ ...start, centre: request.centre ?? start.centre }, view);
  const centre = volumeCentre(geometry);
  const along = (axis: readonly [number, number, number], p: PatientPoint): number =>
    axis[0] * (p[0] - centre[0]) + axis[1] * (p[1] - centre[1]) + axis[2] * (p[2] - centre[2]);
  // The picture stays centred on the volume; only the depth follows the asked centre.
  const right = along(plane.right, plane.origin);
  const down = along(plane.down, plane.origin);
  const origin = plane.origin.map((x, axis) => x - plane.right[axis]! * right - plane.down[axis]! * down);
  const extent = (along: PatientVector): number => {
    const { least, most } = extentAlongMm(geometry, centre, along);
    return most - least;
  };
  const fit = Math.max(extent(plane.right) / request.width, extent(plane.down) / request.height);
  return {
    kind: 'slice',
    plane: { ...plane, origin: origin as unknown as PatientPoint },
    spacingMm: Math.max(fit, Math.min(...spacingMm(geometry.patientFromIndex)) / 16),
    width: request.width,
    height: request.height,
    slabMm: request.slabMm ?? 0,
    projection: request.projection ?? 'none',
    interpolation: 'linear',
    window: request.window,
    background: [0, 0, 0],
  };
}

/** The whole volume from a standard side in a preset. */
export function volumeScene(
  geometry: VolumeGeometry,
  view: StandardView,
  modality: string,
  request: NamedViewRequest,
): VolumeScene | null {
  const preset = volumePreset(request.presetId ?? defaultVolumePresetId(modality));
  if (!preset) return null;
  return {
    kind: 'volume',
    camera: fitCamera(geometry, view, request.width / request.height),
    ...barePart(preset),
    ...(request.window && { window: request.window }),
    background: request.background ?? backgrounds.black,
  };
}

/** Words for the sides that 3D is seen from, beside the letters. */
const sideWords = {
  anterior: 'A',
  front: 'A',
  posterior: 'P',
  back: 'P',
  left: 'L',
  right: 'R',
  head: 'H',
  superior: 'H',
  top: 'H',
  feet: 'F',
  inferior: 'F',
  bottom: 'F',
  '3d': 'A',
} as const satisfies Readonly<Record<string, StandardView>>;

const sides: readonly StandardView[] = ['A', 'P', 'L', 'R', 'H', 'F'];

/** The side that a view's name stands for: a letter or a word; undefined for planes and unknown names. */
export const sideOfView = (view: string): StandardView | undefined =>
  sides.find((side) => side === view) ??
  (Object.hasOwn(sideWords, view) ? sideWords[view as keyof typeof sideWords] : undefined);

/** Every name of a view that `sceneOfView` knows. */
export const viewNames: readonly string[] = [...planeNames, ...sides, ...Object.keys(sideWords)];

/** The scene of a view's name: a plane, `3d`, or a side by letter or word; null for any other name or preset. */
export function sceneOfView(
  geometry: VolumeGeometry,
  view: string,
  attributes: Attributes,
  percentiles: Float32Array,
  request: NamedViewRequest,
): Scene | null {
  const scene = sceneOfValues(geometry, view, attributes, percentiles, request);
  // A transfer function has no window.
  if (scene?.window?.kind !== 'window' || (scene.kind === 'volume' && scene.mode === 'composite'))
    return scene;
  return { ...scene, window: asFileShows(scene.window, request.isFileInverted === true) };
}

function sceneOfValues(
  geometry: VolumeGeometry,
  view: string,
  attributes: Attributes,
  percentiles: Float32Array,
  request: NamedViewRequest,
): Scene | null {
  const plane = planeNames.find((name) => name === view);
  if (plane)
    return planeScene(geometry, plane, {
      ...request,
      window: request.window ?? startWindow(attributes, percentiles),
    });
  const side = sideOfView(view);
  if (side === undefined) return null;
  const modality = attributes.Modality ?? '';
  const scene = volumeScene(geometry, side, modality, request);
  // The windows of the projections are in HU.
  if (scene && modality === 'CT' && (attributes.RescaleType ?? 'HU') === 'HU')
    return { ...scene, isHu: true };
  if (!scene || scene.mode === 'composite' || request.window || modality === 'CT') return scene;
  const own = projectionStart(scene.mode, modality, (percent) => percentiles[Math.round(percent * 10)]);
  return { ...scene, window: own ?? startWindow(attributes, percentiles) };
}
