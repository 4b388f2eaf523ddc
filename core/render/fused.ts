import { blendOver, type FusionLayer, fuseValues, fusionTable } from '../scene/fusion.ts';
import type { SliceScene, VolumeScene, WindowLevel } from '../scene/types.ts';
import type { Frame } from './types.ts';

/** Scenes that a second series may lie over. */
export type FusedScene = SliceScene | VolumeScene;

/** Nobody looks at the greys of a second series: its values are what counts. */
const unused: WindowLevel = { kind: 'window', function: 'LINEAR_EXACT', centre: 0, width: 1, invert: false };

/**
 * What is drawn of the second series, for its values: the same plane and slab, or a maximum intensity projection by
 * the same camera within the same clip planes. Masks are those of the first.
 */
export function overlayScene<S extends FusedScene>(scene: S): S;
export function overlayScene(scene: FusedScene): FusedScene {
  const { layers: _, fusion: __, ...bare } = scene;
  if (bare.kind === 'slice') return { ...bare, interpolation: 'linear', window: unused };
  const { stepMm: ___, isHu: ____, ...volume } = bare;
  return {
    ...volume,
    mode: 'mip',
    shiftHu: 0,
    shading: null,
    interpolation: 'linear',
    window: unused,
    background: [0, 0, 0],
  };
}

/** The second series' values as colours, one RGBA word a pixel. @throws RangeError for a frame without values */
export function overlayColours(
  { values, width, height }: Frame,
  layer: Pick<FusionLayer, 'map' | 'opacity' | 'low' | 'high'>,
  over: FusedScene['kind'],
): Uint32Array<ArrayBuffer> {
  if (!values) throw new RangeError('a second series without values');
  const colours = new Uint32Array(width * height);
  fuseValues(values, layer.low, layer.high, fusionTable(layer, over), colours);
  return colours;
}

/**
 * Lays the picture of `overlayScene` over that of the scene, in place.
 * @throws RangeError where one has other pixels than the other
 */
export function layOver(picture: Frame, over: Frame, layer: FusionLayer, kind: FusedScene['kind']): void {
  if (over.width !== picture.width || over.height !== picture.height)
    throw new RangeError(`${over.width} × ${over.height} over ${picture.width} × ${picture.height} pixels`);
  blendOver(picture.rgba, overlayColours(over, layer, kind));
}
