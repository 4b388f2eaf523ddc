import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { type Background, backgrounds } from '../../../../core/scene/backgrounds.ts';
import { type ClipBox, clipPlanesOf } from '../../../../core/scene/clip-box.ts';
import type { CutPlane } from '../../../../core/scene/cut-plane.ts';
import { barePart, presetPart, volumePreset, volumePresets } from '../../../../core/scene/presets.ts';
import type { Camera, TransferFunction, VolumeScene, WindowSetting } from '../../../../core/scene/types.ts';

/** How 3D is looked at beside its preset and camera. */
export interface VolumeLook {
  /** Null = no clip box. */
  readonly clip: ClipBox | null;
  /** A clip plane in any direction; null = none. */
  readonly cut: CutPlane | null;
  /** In place of the preset's; null = as delivered. */
  readonly transfer: TransferFunction | null;
  /** Of the window of a projection; its centre is moved with the shift. Null = as it opens. */
  readonly windowWidth: number | null;
  readonly background: Background;
  /** What lies deeper is darker. */
  readonly depthCue: boolean;
}

/** Share of the light that is lost from the near to the far side. */
const cueStrength = 0.7;

export const startLook: VolumeLook = {
  clip: null,
  cut: null,
  transfer: null,
  windowWidth: null,
  background: 'black',
  depthCue: false,
};

export interface VolumeView {
  readonly geometry: VolumeGeometry;
  readonly camera: Camera;
  readonly presetId: string;
  readonly shift: number;
  readonly look: VolumeLook;
}

/**
 * The scene that both renderers draw. The windows of the projections are in HU: other values take the window of
 * the planes; null where values are HU.
 *
 * @param isBare the preset's mask is not there (`lacksMask`); a transfer function of the reader's own is shown as it is.
 */
export function volumeScene(
  view: VolumeView,
  planeWindow: WindowSetting | null,
  isBare = false,
): VolumeScene {
  const preset = volumePreset(view.presetId) ?? volumePresets[0]!;
  const part = isBare && !view.look.transfer ? barePart(preset) : presetPart(preset);
  const { clip, cut, transfer, windowWidth, background, depthCue } = view.look;
  const window = part.mode === 'composite' ? part.window : (planeWindow ?? part.window);
  const isWidened = part.mode !== 'composite' && windowWidth !== null && window.kind === 'window';
  const clipPlanes = [
    ...clipPlanesOf(view.geometry, clip),
    ...(cut ? [{ origin: cut.origin, normal: cut.normal }] : []),
  ];
  return {
    kind: 'volume',
    isHu: planeWindow === null,
    camera: view.camera,
    ...part,
    window: isWidened ? { ...window, width: windowWidth } : window,
    ...(transfer && { transfer }),
    ...(clipPlanes.length > 0 && { clipPlanes }),
    shiftHu: view.shift,
    background: backgrounds[background],
    ...(depthCue && part.shading && { depthCue: cueStrength }),
  };
}
