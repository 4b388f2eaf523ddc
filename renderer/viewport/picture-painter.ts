import type { Frame } from '../../core/render/types.ts';
import { paintFrame } from '../cpu/paint-frame.ts';

/** A canvas for finished pictures. While its size changes the last picture stays on it, stretched. */
export class PicturePainter {
  private readonly context: CanvasRenderingContext2D;
  private hasPicture = false;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('no 2D canvas');
    this.context = context;
  }

  resize(width: number, height: number): void {
    const { canvas } = this.context;
    if (canvas.width === width && canvas.height === height) return;
    const isKept = this.hasPicture && canvas.width > 0 && canvas.height > 0;
    const old = isKept ? new OffscreenCanvas(canvas.width, canvas.height) : null;
    old?.getContext('2d')?.drawImage(canvas, 0, 0);
    canvas.width = width;
    canvas.height = height;
    if (old) this.context.drawImage(old, 0, 0, width, height);
  }

  paint(frame: Frame): void {
    paintFrame(this.context, frame);
    this.hasPicture = true;
  }
}
