import type { Frame } from '../../core/render/types.ts';

/**
 * Puts a frame on a canvas of device pixels: as it is where the sizes agree, else stretched over it
 * (coarse frames while something moves).
 */
export function paintFrame(context: CanvasRenderingContext2D, frame: Frame): void {
  const { canvas } = context;
  const picture = new ImageData(frame.rgba, frame.width, frame.height);
  if (canvas.width === frame.width && canvas.height === frame.height) {
    context.putImageData(picture, 0, 0);
    return;
  }
  const small = new OffscreenCanvas(frame.width, frame.height);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
