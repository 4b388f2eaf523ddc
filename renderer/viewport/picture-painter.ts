import type { Frame } from '../../core/render/types.ts';

/** Puts finished pictures of the CPU road on a canvas, enlarging coarse ones smoothly. */
export class PicturePainter {
  private readonly context: CanvasRenderingContext2D;
  private small: OffscreenCanvas | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('no 2D canvas');
    this.context = context;
  }

  /** Sets the canvas' size; what was on it stays, stretched, until the next picture. */
  resize(width: number, height: number): void {
    const { canvas } = this.context;
    if (canvas.width === width && canvas.height === height) return;
    const old =
      canvas.width > 0 && canvas.height > 0 ? new OffscreenCanvas(canvas.width, canvas.height) : null;
    old?.getContext('2d')?.drawImage(canvas, 0, 0);
    canvas.width = width;
    canvas.height = height;
    if (old) this.context.drawImage(old, 0, 0, width, height);
  }

  paint(frame: Frame): void {
    const { canvas } = this.context;
    const image = new ImageData(frame.rgba, frame.width, frame.height);
    if (frame.width === canvas.width && frame.height === canvas.height) {
      this.context.putImageData(image, 0, 0);
      return;
    }
    if (this.small?.width !== frame.width || this.small.height !== frame.height) {
      this.small = new OffscreenCanvas(frame.width, frame.height);
    }
    this.small.getContext('2d')?.putImageData(image, 0, 0);
    this.context.imageSmoothingQuality = 'high';
    this.context.drawImage(this.small, 0, 0, canvas.width, canvas.height);
  }
}
