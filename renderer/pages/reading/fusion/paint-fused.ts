import { type FusedScene, overlayColours } from '../../../../core/render/fused.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { PictureSize } from '../../../../core/render/volume.ts';
import type { FusionLayer } from '../../../../core/scene/fusion.ts';

/** How a second series is coloured. */
export type FusedLook = Pick<FusionLayer, 'map' | 'opacity' | 'low' | 'high'>;

/** Puts a second series on a canvas of its own over a picture of `size`; coarse frames are stretched. */
export function paintFused(
  canvas: HTMLCanvasElement,
  size: PictureSize,
  frame: Frame,
  look: FusedLook,
  over: FusedScene['kind'],
): void {
  const context = canvas.getContext('2d');
  if (!context || !frame.values) return;
  if (canvas.width !== size.width || canvas.height !== size.height) {
    canvas.width = size.width;
    canvas.height = size.height;
  }
  const colours = new Uint8ClampedArray(overlayColours(frame, look, over).buffer);
  const picture = new ImageData(colours, frame.width, frame.height);
  if (frame.width === canvas.width && frame.height === canvas.height) {
    context.putImageData(picture, 0, 0);
    return;
  }
  const small = new OffscreenCanvas(frame.width, frame.height);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
