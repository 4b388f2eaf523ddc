import type { SceneLayer } from '../scene/layers.ts';

export interface LabelLook {
  /** Pixels of a layer's outline, inwards; 0 = none. */
  readonly outlinePixels: number;
  /** Opacity of the outline, 0…1; the fill has its layer's. */
  readonly outlineOpacity: number;
}

export const usualLook: LabelLook = { outlinePixels: 1, outlineOpacity: 0.9 };

/** Whether a pixel of a label lies at most `reach` from one of another, along rows and columns. */
function isAtBorder(
  labels: Uint8Array,
  width: number,
  height: number,
  column: number,
  row: number,
  reach: number,
): boolean {
  const at = row * width + column;
  const label = labels[at]!;
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
  const byLabel = new Map(layers.filter(({ role }) => role === 'shown').map((layer) => [layer.index, layer]));
  if (byLabel.size === 0) return rgba;
  const outline = Math.round(255 * outlineOpacity);
  for (let row = 0, n = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1, n += 1) {
      const label = labels[n]!;
      const layer = label === 0 ? undefined : byLabel.get(label);
      if (!layer) continue;
      const isEdge = outlinePixels > 0 && isAtBorder(labels, width, height, column, row, outlinePixels);
      rgba.set(layer.colour, n * 4);
      rgba[n * 4 + 3] = isEdge ? outline : Math.round(255 * layer.opacity);
    }
  return rgba;
}
