import { describe, expect, it } from 'vitest';
import { decodeJpeg } from './decode-jpeg.ts';
import { encodeJpeg } from './encode.ts';

/** A smooth picture in colour with an edge, so that every kind of coefficient occurs. */
function picture(width: number, height: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const edge = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2 ? 90 : 0;
      rgba[at] = 60 + 80 * Math.sin(x / 9) + edge;
      rgba[at + 1] = 100 + 60 * Math.cos(y / 7);
      rgba[at + 2] = (255 * x) / Math.max(width, 64);
      rgba[at + 3] = 255;
    }
  return rgba;
}

/** Back to RGB by JFIF's equations. */
function rgbOf(bytes: Uint8Array): { width: number; height: number; rgb: Float64Array } {
  const decoded = decodeJpeg(bytes);
  if (!decoded.ok) throw new Error(decoded.problem.code);
  const { bytes: samples, rows, columns, partial } = decoded.value;
  expect(partial ?? false).toBe(false);
  const rgb = new Float64Array(rows * columns * 3);
  for (let n = 0; n < rows * columns; n++) {
    const [y, cb, cr] = [samples[n * 3]!, samples[n * 3 + 1]! - 128, samples[n * 3 + 2]! - 128];
    rgb[n * 3] = y + 1.402 * cr;
    rgb[n * 3 + 1] = y - 0.344136 * cb - 0.714136 * cr;
    rgb[n * 3 + 2] = y + 1.772 * cb;
  }
  return { width: columns, height: rows, rgb };
}

describe('encodeJpeg', () => {
  it.each([
    [64, 48],
    [61, 35],
    [1, 1],
    [17, 3],
  ])('%i × %i comes back close to what it was', (width, height) => {
    const rgba = picture(width, height);
    const back = rgbOf(encodeJpeg(rgba, width, height, 95));
    expect([back.width, back.height]).toEqual([width, height]);
    let squares = 0;
    for (let n = 0; n < width * height; n++)
      for (let s = 0; s < 3; s++) squares += (back.rgb[n * 3 + s]! - rgba[n * 4 + s]!) ** 2;
    expect(Math.sqrt(squares / (width * height * 3))).toBeLessThan(8);
  });

  it('keeps grey grey, black black and white white', () => {
    for (const level of [0, 1, 77, 128, 254, 255]) {
      const rgba = new Uint8ClampedArray(32 * 32 * 4).fill(level);
      const { rgb } = rgbOf(encodeJpeg(rgba, 32, 32));
      expect(Math.max(...rgb.map((value) => Math.abs(value - level)))).toBeLessThanOrEqual(1);
    }
  });

  it('is smaller where less quality is asked for', () => {
    const rgba = picture(128, 128);
    const sizes = [30, 60, 90, 99].map((quality) => encodeJpeg(rgba, 128, 128, quality).length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[0]! * 3).toBeLessThan(sizes[3]!);
  });

  it('survives noise, whose codes are the longest', () => {
    let seed = 1;
    const rgba = Uint8ClampedArray.from({ length: 48 * 48 * 4 }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed >>> 24;
    });
    expect(rgbOf(encodeJpeg(rgba, 48, 48, 100)).rgb).toHaveLength(48 * 48 * 3);
  });
});
