import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { labelPicture, usualLook } from '../../../../core/render/label-picture.ts';
import type { SceneLayer } from '../../../../core/scene/layers.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';
import { outputPixelsMost } from '../../../volumes/volume-memory.ts';
import { type FusedColours, fusedFrame, fusedPicture } from '../fusion/fused-picture.ts';
import { planeBands } from './plane-bands.ts';

/** A plane with what lies over it, as a viewport shows it. */
export interface PlanePicture {
  readonly renderer: CpuRenderer;
  /** With the masks as its layers, if there are any. */
  readonly scene: SliceScene;
  /** A second series in its colours. */
  readonly fused: (FusedColours & { readonly renderer: CpuRenderer }) | null;
  /** How many times the pixels of the screen: outlines grow with them. */
  readonly times: number;
}

/** Requests of their own: those of the screen go on. */
const channel = 'sized';

function put(
  context: CanvasRenderingContext2D,
  picture: ImageData,
  { top, rows, above }: { readonly top: number; readonly rows: number; readonly above: number },
): void {
  const whole = new OffscreenCanvas(picture.width, picture.height);
  whole.getContext('2d')?.putImageData(picture, 0, 0);
  const { width } = picture;
  context.drawImage(whole, 0, above, width, rows, 0, top, width, rows);
}

/** Draws into the whole canvas, whose size is the scene's; false where a volume was closed meanwhile. */
export async function drawPlane(
  context: CanvasRenderingContext2D,
  { renderer, scene, fused, times }: PlanePicture,
): Promise<boolean> {
  const look = { ...usualLook, outlinePixels: Math.max(1, Math.round(usualLook.outlinePixels * times)) };
  const layers: readonly SceneLayer[] = scene.layers ?? [];
  for (const band of planeBands(scene, outputPixelsMost, layers.length > 0 ? look.outlinePixels : 0)) {
    const [frame, over] = await Promise.all([
      renderer.slice(band.scene, { channel, quality: 'moving', values: false }),
      fused && fusedFrame(fused.renderer, band.scene, channel),
    ]);
    if (!frame || (fused && !over)) return false;
    const { width, height } = frame;
    const own = new ImageData(frame.rgba, width, height);
    context.putImageData(own, 0, band.top - band.above, 0, band.above, width, band.rows);
    if (frame.labels)
      put(
        context,
        new ImageData(labelPicture(frame.labels, width, height, layers, look), width, height),
        band,
      );
    const colours = fused && over && fusedPicture(over, fused);
    if (colours) put(context, colours, band);
  }
  return true;
}
