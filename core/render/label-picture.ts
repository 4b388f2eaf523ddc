import type { SceneLayer } from '../scene/layers.ts';

export interface LabelLook {
  /** Pixels of a layer's outline, inwards; 0 = none. */
  readonly outlinePixels: number;
  /** Opacity of the outline, 0…1; the fill has its layer's. */
  readonly outlineOpacity: number;
}

export const usualLook: LabelLook = { outlinePixels: 1, outlineOpacity: 0.9 };

/** Words of RGBA8 (0xAABBGGRR) of each of 256 labels; 0 for those that are not shown. */
function words(layers: readonly SceneLayer[], opacityOf: (layer: SceneLayer) => number): Uint32Array {
  const table = new Uint32Array(256);
  for (const layer of layers) {
    const [r, g, b] = layer.colour;
    const isShown = layer.role === 'shown' && layer.index > 0;
    const alpha = Math.round(255 * Math.min(Math.max(opacityOf(layer), 0), 1));
    table[layer.index] = isShown ? ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0 : 0;
  }
  return table;
}

interface Labelled {
  readonly labels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Whether a pixel lies at most `reach` from one of another label, along rows and columns. */
function isAtBorder(
  { labels, width, height }: Labelled,
  column: number,
  row: number,
  reach: number,
): boolean {
  const at = row * width + column;
  const label = labels[at];
  for (let d = 1; d <= reach; d += 1)
    if (
      (column >= d && labels[at - d] !== label) ||
      (column + d < width && labels[at + d] !== label) ||
      (row >= d && labels[at - d * width] !== label) ||
      (row + d < height && labels[at + d * width] !== label)
    )
      return true;
  return false;
}

/**
 * Labels of a picture as a tint to be laid over it: RGBA8, not premultiplied, 0 where no shown layer is.
 * Removed layers leave planes as they are: nothing is hidden from who reads them.
 */
export function labelPicture(
  labels: Uint8Array,
  width: number,
  height: number,
  layers: readonly SceneLayer[],
  { outlinePixels, outlineOpacity }: LabelLook = usualLook,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const fills = words(layers, ({ opacity }) => opacity);
  const outlines = words(layers, () => outlineOpacity);
  if (outlines.every((word) => word === 0)) return rgba;
  const pixels = new Uint32Array(rgba.buffer);
  const picture = { labels, width, height };
  for (let row = 0, n = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1, n += 1) {
      const label = labels[n]!;
      if (label === 0 || outlines[label] === 0) continue;
      const isEdge = outlinePixels > 0 && isAtBorder(picture, column, row, outlinePixels);
      pixels[n] = isEdge ? outlines[label]! : fills[label]!;
    }
  return rgba;
}
