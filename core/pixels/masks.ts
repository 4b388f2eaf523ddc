import type { Attributes, Overlay, Shutter } from '../dicom/types.ts';
import type { SampleArray } from './types.ts';

/** Size of the image a mask is made for. */
export interface MaskSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * An overlay plane laid on the image: 1 where it is set (PS3.3 C.9.2). Null when the frame has none.
 * @param cells whole cells of the frame, for overlays embedded in their upper bits.
 * @param frame of the image, from 0.
 */
export function overlayMask(
  overlay: Overlay,
  size: MaskSize,
  frame: number,
  cells: SampleArray,
): Uint8Array | null {
  const out = new Uint8Array(size.rows * size.columns);
  if (!overlay.data) {
    if (cells instanceof Float32Array || cells instanceof Float64Array || cells.length !== out.length)
      return null;
    for (let n = 0; n < out.length; n++) out[n] = (cells[n]! >> overlay.bitPosition) & 1;
    return out;
  }
  const index = overlay.frames > 1 || overlay.firstFrame > 1 ? frame - (overlay.firstFrame - 1) : 0;
  if (index < 0 || index >= overlay.frames) return null;
  const plane = overlay.rows * overlay.columns;
  const [top, left] = [overlay.origin[0] - 1, overlay.origin[1] - 1];
  for (let row = 0; row < overlay.rows; row++) {
    const y = row + top;
    if (y < 0 || y >= size.rows) continue;
    for (let column = 0; column < overlay.columns; column++) {
      const x = column + left;
      if (x < 0 || x >= size.columns) continue;
      out[y * size.columns + x] = overlay.data[index * plane + row * overlay.columns + column] ?? 0;
    }
  }
  return out;
}

/** 1 where the picture may be seen: inside every shape that the shutter names (PS3.3 C.7.6.11). */
export function shutterMask(shutter: Shutter, size: MaskSize): Uint8Array {
  const visible = new Uint8Array(size.rows * size.columns).fill(1);
  const { rectangle, circle, polygon } = shutter;
  const inside = (row: number, column: number): boolean => {
    if (rectangle) {
      const { left, right, top, bottom } = rectangle;
      if (column < left || column > right || row < top || row > bottom) return false;
    }
    if (circle && (row - circle.row) ** 2 + (column - circle.column) ** 2 > circle.radius ** 2) return false;
    return !polygon || polygon.length < 3 || insidePolygon(polygon, row, column);
  };
  for (let row = 0, n = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++, n++)
      if (!inside(row + 1, column + 1)) visible[n] = 0;
  }
  return visible;
}

/** Even-odd rule; vertices are [row, column]. */
function insidePolygon(
  polygon: readonly (readonly [number, number])[],
  row: number,
  column: number,
): boolean {
  let inside = false;
  for (let n = 0, before = polygon.length - 1; n < polygon.length; before = n++) {
    const [y1, x1] = polygon[n]!;
    const [y0, x0] = polygon[before]!;
    if (y1 > row !== y0 > row && column < ((x0 - x1) * (row - y1)) / (y0 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Height of a pixel over its width, from whichever spacing or ratio the object gives (PS3.3 C.7.6.3.1.7). */
export function pixelAspect(attributes: Attributes): number {
  const { PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing, PixelAspectRatio } = attributes;
  for (const pair of [PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing, PixelAspectRatio]) {
    const [vertical = 0, horizontal = 0] = pair ?? [];
    if (vertical > 0 && horizontal > 0) return vertical / horizontal;
  }
  return 1;
}
