import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { fitCamera, halfHeightMm, withLens } from '../../../../core/scene/camera.ts';
import type { Camera } from '../../../../core/scene/types.ts';
import type { MprView } from '../mpr/mpr-view.ts';

/** Cameras that no hand has moved: they follow the shape of their viewport. */
const fitted = new WeakSet<Camera>();

/** In viewports wider than this the height decides, so that opening a panel does not change the picture. */
const widestAspect = 1.3;

/** From the front, as large as the whole volume fits into a viewport of this shape, width by height. */
export function fittedCamera(
  geometry: VolumeGeometry,
  lens: Camera['lens']['kind'] = 'orthographic',
  aspect = widestAspect,
): Camera {
  const flat = fitCamera(geometry, 'A', Math.min(aspect, widestAspect));
  const camera = lens === 'orthographic' ? flat : withLens(flat, lens);
  fitted.add(camera);
  return camera;
}

export const isFitted = (camera: Camera): boolean => fitted.has(camera);

/** The view as it fits a viewport of `width` by `height` pixels; the same one where it does or where it was moved. */
export function fittedTo(view: MprView, width: number, height: number): MprView {
  if (!isFitted(view.camera) || width < 1 || height < 1) return view;
  const camera = fittedCamera(view.geometry, view.camera.lens.kind, width / height);
  const isSame = Math.abs(halfHeightMm(camera) / halfHeightMm(view.camera) - 1) < 1e-9;
  return isSame ? view : { ...view, camera };
}
