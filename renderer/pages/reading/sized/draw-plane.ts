import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { labelPicture, usualLook } from '../../../../core/render/label-picture.ts';
import type { SceneLayer } from '../../../../core/scene/layers.ts';
import type { CurvedScene, SliceScene } from '../../../../core/scene/types.ts';
import { outputPixelsMost } from '../../../volumes/volume-memory.ts';
import { transposed } from '../cpr/use-curved.ts';
import { type FusedColours, fusedFrame, fusedPicture } from '../fusion/fused-picture.ts';
import { curvedBands } from './curved-bands.ts';
import { type Band, planeBands } from './plane-bands.ts';

/** A flat or curved plane with what lies over it, as a viewport shows it. */
export interface PlanePicture {
  readonly renderer: CpuRenderer;
  /** With the masks as its layers, if there are any. */
  readonly scene: SliceScene | CurvedScene;
  /** Rows of the scene are columns of the picture. */
  readonly isTransposed: boolean;
  /** A second series in its colours; over flat planes. */
  readonly fused: (FusedColours & { readonly renderer: CpuRenderer }) | null;
  /** How many times the pixels of the screen: outlines grow with them. */
  readonly times: number;
}

/** Pixels of the picture. */
export const pixelsOf = ({ scene: { width, height }, isTransposed }: PlanePicture) =>
  isTransposed ? { width: height, height: width } : { width, height };

/** Requests of their own: those of the screen go on. */
const channel = 'sized';

/** Lays a band's own rows over those of the whole; of a transposed picture its columns. */
function put(
  context: CanvasRenderingContext2D,
  picture: ImageData,
  { top, rows, above }: Pick<Band<SliceScene>, 'top' | 'rows' | 'above'>,
  isTransposed: boolean,
): void {
  const whole = new OffscreenCanvas(picture.width, picture.height);
  whole.getContext('2d')?.putImageData(picture, 0, 0);
  const { width, height } = picture;
  if (isTransposed) context.drawImage(whole, above, 0, rows, height, top, 0, rows, height);
  else context.drawImage(whole, 0, above, width, rows, 0, top, width, rows);
}

function bandsToDraw(
  scene: SliceScene | CurvedScene,
  margin: number,
): readonly Band<SliceScene | CurvedScene>[] {
  return scene.kind === 'slice'
    ? planeBands(scene, outputPixelsMost, margin)
    : curvedBands(scene, outputPixelsMost, margin);
}

/** Draws with its top left corner where the context's origin is; false where a volume was closed meanwhile. */
export async function drawPlane(
  context: CanvasRenderingContext2D,
  { renderer, scene, isTransposed, fused, times }: PlanePicture,
): Promise<boolean> {
  const look = { ...usualLook, outlinePixels: Math.max(1, Math.round(usualLook.outlinePixels * times)) };
  const layers: readonly SceneLayer[] = scene.layers ?? [];
  for (const band of bandsToDraw(scene, layers.length > 0 ? look.outlinePixels : 0)) {
    const flat = band.scene.kind === 'slice' ? band.scene : null;
    const [drawn, over] = await Promise.all([
      renderer.slice(band.scene, { channel, quality: 'moving', values: false }),
      fused && flat && fusedFrame(fused.renderer, flat, channel),
    ]);
    if (!drawn || (fused && flat && !over)) return false;
    const { rgba, labels, width, height } = isTransposed ? transposed(drawn) : drawn;
    put(context, new ImageData(rgba, width, height), band, isTransposed);
    if (labels) {
      const outlined = new ImageData(labelPicture(labels, width, height, layers, look), width, height);
      put(context, outlined, band, isTransposed);
    }
    const colours = fused && over && fusedPicture(over, fused);
    if (colours) put(context, colours, band, false);
  }
  return true;
}
