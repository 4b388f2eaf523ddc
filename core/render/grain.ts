/** Neighbours whose green lies farther off are across an edge; grain of steps three times as long stays within. */
const edgeLevels = 56;

/**
 * A coarse 3D picture without the grain of its jittered samples: each pixel becomes the mean of those of its 3 × 3
 * neighbours that are like it, over which the jitter is even (interleaved gradient noise); edges stay. Drawn larger the
 * grain would be woven cloth. RGBA8, opaque; a new picture.
 */
export function withoutGrain(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(rgba);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(out.buffer);
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const n = y * width + x;
      const word = from[n]!;
      // Background, most of many pictures.
      if (
        word === from[n - 1] &&
        word === from[n + 1] &&
        word === from[n - width] &&
        word === from[n + width]
      )
        continue;
      to[n] = meanOfLike(from, n, width, word);
    }
  return out;
}

function meanOfLike(from: Uint32Array, n: number, width: number, word: number): number {
  const green = (word >>> 8) & 255;
  let count = 0;
  // Red and blue add up side by side: nine times 255 fit into sixteen bits.
  let redBlue = 0;
  let greens = 0;
  for (let row = n - width; row <= n + width; row += width)
    for (let at = row - 1; at <= row + 1; at += 1) {
      const other = from[at]!;
      const level = (other >>> 8) & 255;
      if (level - green > edgeLevels || green - level > edgeLevels) continue;
      count += 1;
      redBlue += other & 0xff00ff;
      greens += level;
    }
  const half = count >> 1;
  const red = ((redBlue & 0xffff) + half) / count;
  const blue = ((redBlue >>> 16) + half) / count;
  const mean = (greens + half) / count;
  return ((255 << 24) | ((blue & 255) << 16) | ((mean & 255) << 8) | (red & 255)) >>> 0;
}
