import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import type { DeviceFromImage } from './view-transform.ts';

/*
 * Painting of one monochrome frame: modality values are interpolated first and windowed after (lesson L29).
 * The picture lies on the screen without skew (quarter turns and flips only), so each output line is made of
 * one line of source values: mix two neighbouring source lines, then walk along the mix.
 */

/** Modality value to a packed RGBA grey, as a table over [low, high]; values outside take the ends. */
export interface PaintLut {
  readonly low: number;
  readonly high: number;
  readonly table: Uint32Array;
  /** Where there is no data: padding is background, whichever end of the table low values are at. */
  readonly blank: number;
}

const opaqueGrey = (level: number): number => ((255 << 24) | (level << 16) | (level << 8) | level) >>> 0;

/**
 * Samples `grey` (0…255 of a modality value) over [low, high]; 16 entries a grey level keep its steps in place, and an odd
 * number of them the one step of a window of width 1, which is in the middle.
 * @param blank grey of no data.
 */
export function paintLut(grey: (value: number) => number, low: number, high: number, blank = 0): PaintLut {
  const size = 4097;
  const table = new Uint32Array(size);
  const span = high > low ? high - low : 1;
  for (let n = 0; n < size; n += 1) {
    const level = Math.floor(grey(low + (span * n) / (size - 1)) + 0.5);
    table[n] = opaqueGrey(Math.min(255, Math.max(0, level)));
  }
  return { low, high: low + span, table, blank: opaqueGrey(blank) };
}

export interface MonoSource {
  readonly rows: number;
  readonly columns: number;
  readonly values: Int16Array | Float32Array;
}

export interface PaintTarget {
  readonly width: number;
  readonly height: number;
  /** RGBA, one cell a device pixel. */
  readonly pixels: Uint32Array;
}

const black = opaqueGrey(0);

/** Along one output axis: the two source lines to mix and their weight, or −1 outside the picture. */
interface Samples {
  readonly lower: Int32Array;
  readonly weight: Float32Array;
  readonly first: number;
  readonly last: number;
}

function samplesAlong(size: number, step: number, offset: number, count: number): Samples {
  const lower = new Int32Array(size).fill(-1);
  const weight = new Float32Array(size);
  let first = size;
  let last = -1;
  for (let n = 0; n < size; n += 1) {
    const at = (n + 0.5 - offset) / step;
    if (at < -0.5 || at >= count - 0.5) continue;
    const inside = Math.min(count - 1, Math.max(0, at));
    const whole = Math.min(Math.floor(inside), Math.max(0, count - 2));
    lower[n] = whole;
    weight[n] = inside - whole;
    if (n < first) first = n;
    last = n;
  }
  return { lower, weight, first, last };
}

const blankOf = (values: Int16Array | Float32Array): ((value: number) => boolean) =>
  values instanceof Int16Array ? (value) => value === noDataInt16 : Number.isNaN;

/** Nothing is mixed with no data: the nearer of the two counts. */
function mixedBlank(v: number, w: number, mix: number, isBlank: (value: number) => boolean): number {
  const nearest = mix < 0.5 ? v : w;
  return isBlank(nearest) ? Number.NaN : nearest;
}

/** Of one value; NaN is no data. */
function colourOf({ table, low, high, blank }: PaintLut, value: number): number {
  if (Number.isNaN(value)) return blank;
  const last = table.length - 1;
  const entry = ((value - low) / (high - low)) * last + 0.5;
  return table[entry <= 0 ? 0 : entry >= last ? last : entry | 0]!;
}

/** What of a line lies next to no data, painted again: the nearer value counts. */
function paintBlanks(line: Float32Array, xs: Samples, lut: PaintLut, out: Uint32Array): void {
  for (let x = xs.first; x <= xs.last; x += 1) {
    const [v, w] = [line[xs.lower[x]!]!, line[xs.lower[x]! + 1]!];
    if (Number.isNaN(v) || Number.isNaN(w)) out[x] = colourOf(lut, xs.weight[x]! < 0.5 ? v : w);
  }
}

/**
 * Paints `source` through `lut`. `map` is the device-from-image map of the same source.
 * Places outside the picture become black.
 */
export function paintMono(
  source: MonoSource,
  map: DeviceFromImage,
  lut: PaintLut,
  target: PaintTarget,
): void {
  const { values, rows, columns } = source;
  const { pixels, width, height } = target;
  pixels.fill(black);
  if (rows === 0 || columns === 0) return;
  const swapped = map.a === 0;
  const along = swapped ? rows : columns;
  const across = swapped ? columns : rows;
  const alongStride = swapped ? columns : 1;
  const acrossStride = swapped ? 1 : columns;
  const xs = samplesAlong(width, swapped ? map.b : map.a, map.e, along);
  const ys = samplesAlong(height, swapped ? map.c : map.d, map.f, across);
  if (xs.last < 0) return;
  const ends = [xs.lower[xs.first]!, xs.lower[xs.last]!];
  const from = Math.min(...ends);
  const to = Math.min(along - 1, Math.max(...ends) + 1);
  const line = new Float32Array(along + 1);
  const { table, low, high } = lut;
  const isBlank = blankOf(values);
  // Elsewhere no data is below all values, and shown as the lowest.
  const isCareful = lut.blank !== table[0];
  const perValue = (table.length - 1) / (high - low);
  const lastEntry = table.length - 1;
  for (let y = ys.first; y <= ys.last; y += 1) {
    const near = ys.lower[y]! * acrossStride;
    const far = across > 1 ? near + acrossStride : near;
    const mix = ys.weight[y]!;
    for (let n = from, at = from * alongStride; n <= to; n += 1, at += alongStride) {
      const v = values[near + at]!;
      line[n] = v + mix * (values[far + at]! - v);
    }
    let hasBlank = false;
    if (isCareful) {
      for (let n = from, at = from * alongStride; n <= to; n += 1, at += alongStride) {
        const [v, w] = [values[near + at]!, values[far + at]!];
        if (!isBlank(v) && !isBlank(w)) continue;
        line[n] = mixedBlank(v, w, mix, isBlank);
        hasBlank = true;
      }
    }
    line[along] = line[along - 1]!;
    for (let x = xs.first, out = y * width + xs.first; x <= xs.last; x += 1, out += 1) {
      const n = xs.lower[x]!;
      const v = line[n]!;
      const entry = (v + xs.weight[x]! * (line[n + 1]! - v) - low) * perValue + 0.5;
      pixels[out] = table[entry <= 0 ? 0 : entry >= lastEntry ? lastEntry : entry | 0]!;
    }
    if (hasBlank) paintBlanks(line, xs, lut, pixels.subarray(y * width));
  }
}

function meanOf(values: readonly number[], isBlank: (value: number) => boolean): number {
  const known = values.filter((value) => !isBlank(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Mean of 2 × 2 pixels that are data: the next smaller picture, for painting large images small without moiré. */
export function halved(source: MonoSource): MonoSource {
  const columns = Math.max(1, source.columns >> 1);
  const rows = Math.max(1, source.rows >> 1);
  const values = new Float32Array(rows * columns);
  const right = source.columns > 1 ? 1 : 0;
  const below = source.rows > 1 ? source.columns : 0;
  const isBlank = blankOf(source.values);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * 2 * source.columns + column * 2;
      const v = source.values;
      const [a, b, c, d] = [v[at]!, v[at + right]!, v[at + below]!, v[at + below + right]!];
      const mean = (a + b + c + d) / 4;
      const hasBlank = Number.isNaN(mean) || isBlank(a) || isBlank(b) || isBlank(c) || isBlank(d);
      values[row * columns + column] = hasBlank ? meanOf([a, b, c, d], isBlank) : mean;
    }
  }
  return { rows, columns, values };
}

/** The map of a halved picture: its pixel (c, r) is centred on (2c + 0.5, 2r + 0.5) of the whole one. */
export const halvedMap = (m: DeviceFromImage): DeviceFromImage => ({
  a: m.a * 2,
  b: m.b * 2,
  c: m.c * 2,
  d: m.d * 2,
  e: m.e + (m.a + m.b) * 0.5,
  f: m.f + (m.c + m.d) * 0.5,
});
