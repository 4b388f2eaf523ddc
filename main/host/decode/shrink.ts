/** A small RGBA picture. */
export interface SmallPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * Shrinks a picture to at most `size` on its longer side, averaging the pixels that fall together; never enlarges.
 * @param aspect height of a pixel over its width.
 */
export function shrink(
  columns: number,
  rows: number,
  rgba: Uint8Array | Uint8ClampedArray,
  aspect: number,
  size: number,
): SmallPicture {
  const [trueWidth, trueHeight] = aspect >= 1 ? [columns, rows * aspect] : [columns / aspect, rows];
  const scale = Math.min(1, size / Math.max(trueWidth, trueHeight));
  const width = Math.max(1, Math.round(trueWidth * scale));
  const height = Math.max(1, Math.round(trueHeight * scale));
  const out = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    const [top, bottom] = span(y, height, rows);
    for (let x = 0; x < width; x++, to += 4) {
      const [left, right] = span(x, width, columns);
      average(rgba, columns, left, right, top, bottom, out, to);
    }
  }
  return { width, height, rgba: out };
}

/** Source range [from, to) of one target pixel; at least one pixel. */
function span(at: number, count: number, source: number): readonly [number, number] {
  const from = Math.min(source - 1, Math.floor((at * source) / count));
  return [from, Math.max(from + 1, Math.floor(((at + 1) * source) / count))];
}

function average(
  rgba: Uint8Array | Uint8ClampedArray,
  columns: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
  out: Uint8Array,
  to: number,
): void {
  let [r, g, b] = [0, 0, 0];
  for (let row = top; row < bottom; row++) {
    for (let from = (row * columns + left) * 4, end = (row * columns + right) * 4; from < end; from += 4) {
      r += rgba[from]!;
      g += rgba[from + 1]!;
      b += rgba[from + 2]!;
    }
  }
  const count = (right - left) * (bottom - top);
  out[to] = Math.round(r / count);
  out[to + 1] = Math.round(g / count);
  out[to + 2] = Math.round(b / count);
  out[to + 3] = 255;
}
