import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { voiWindow } from '../../core/pixels/voi.ts';
import { halved, halvedMap, paintLut, paintMono } from './paint-mono.ts';
import { scaleBar } from './scale-bar.ts';
import {
  deviceFromImage,
  fitScale,
  fitted,
  flippedHorizontally,
  flippedVertically,
  isMirrored,
  quarterTurns,
  rotated,
  type StackView,
  scaleOf,
  type Turn,
  toDevice,
  toImage,
  upright,
  zoomedAbout,
} from './view-transform.ts';
import { paintLutOf } from './windowing.ts';

const image = { rows: 40, columns: 60, aspect: 0.5 };
const canvas = { width: 300, height: 200 };
const turns: Turn[] = [];
for (let n = 0, t: Turn = upright; n < 4; n += 1, t = rotated(t)) turns.push(t, flippedHorizontally(t));

describe('view transform', () => {
  test('eight turns, all different; names of each', () => {
    expect(new Set(turns.map(String)).size).toBe(8);
    expect(quarterTurns(rotated(upright))).toBe(1);
    expect(isMirrored(flippedVertically(upright))).toBe(true);
    expect(flippedVertically(upright)).toEqual(flippedHorizontally(rotated(rotated(upright))));
    expect(rotated(rotated(rotated(rotated(upright))))).toEqual(upright);
  });

  test('a clockwise turn sends the top to the right', () => {
    const m = deviceFromImage({ ...fitted, turn: rotated(upright) }, image, canvas);
    const top = toDevice(m, { column: 29.5, row: 0 });
    expect(top.x).toBeGreaterThan(150);
    expect(top.y).toBeCloseTo(100, 9);
  });

  test('fit shows the whole picture and touches two edges', () => {
    for (const turn of turns) {
      const scale = fitScale(image, turn, canvas);
      const [w, h] = turn[0] !== 0 ? [60, 20] : [20, 60];
      expect(Math.max((w! * scale) / 300, (h! * scale) / 200)).toBeCloseTo(1, 12);
    }
  });

  test('there and back; zoom keeps the point under the pointer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...turns),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.double({ min: -500, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 300, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (turn, scale, pan, x, factor) => {
          const view: StackView = { scale, panX: pan, panY: -pan / 3, turn };
          const m = deviceFromImage(view, image, canvas);
          const p = toImage(m, x, 77);
          const back = toDevice(m, p);
          expect(back.x).toBeCloseTo(x, 6);
          expect(back.y).toBeCloseTo(77, 6);
          const zoomed = zoomedAbout(view, image, canvas, factor, x, 77);
          const q = toImage(deviceFromImage(zoomed, image, canvas), x, 77);
          expect(q.column).toBeCloseTo(p.column, 4);
          expect(q.row).toBeCloseTo(p.row, 4);
        },
      ),
    );
  });

  test('scale is device pixels per column', () => {
    expect(scaleOf(fitted, image, canvas)).toBe(5);
  });
});

const columns = 7;
const rows = 5;
const ramp = Int16Array.from(
  { length: rows * columns },
  (_, n) => 10 * (n % columns) + 3 * Math.floor(n / columns),
);
const identity = paintLut((v) => v, 0, 255);
const grey = (packed: number): number => packed & 255;

describe('painting', () => {
  test.each(turns.map((turn) => [String(turn), turn] as const))(
    'a ramp stays a ramp, turn %s',
    (_name, turn) => {
      const view: StackView = { scale: 9, panX: 1.3, panY: -2.6, turn };
      const map = deviceFromImage(view, { rows, columns, aspect: 1 }, { width: 90, height: 80 });
      const target = { width: 90, height: 80, pixels: new Uint32Array(90 * 80) };
      paintMono({ rows, columns, values: ramp }, map, identity, target);
      let seen = 0;
      for (let y = 0; y < 80; y += 1) {
        for (let x = 0; x < 90; x += 1) {
          const at = toImage(map, x + 0.5, y + 0.5);
          const packed = target.pixels[y * 90 + x]!;
          expect(packed >>> 24).toBe(255);
          if (at.column < -0.5 || at.row < -0.5 || at.column >= columns - 0.5 || at.row >= rows - 0.5) {
            expect(grey(packed)).toBe(0);
            continue;
          }
          const c = Math.min(columns - 1, Math.max(0, at.column));
          const r = Math.min(rows - 1, Math.max(0, at.row));
          expect(Math.abs(grey(packed) - (10 * c + 3 * r))).toBeLessThanOrEqual(0.6);
          seen += 1;
        }
      }
      expect(seen).toBe(rows * 9 * columns * 9);
    },
  );

  test('one row, one column, one pixel', () => {
    for (const [r, c] of [
      [1, 4],
      [4, 1],
      [1, 1],
    ] as const) {
      const map = deviceFromImage(
        { ...fitted, scale: 2 },
        { rows: r, columns: c, aspect: 1 },
        { width: 8, height: 8 },
      );
      const target = { width: 8, height: 8, pixels: new Uint32Array(64) };
      paintMono({ rows: r, columns: c, values: new Int16Array(r * c).fill(90) }, map, identity, target);
      expect([...target.pixels].filter((p) => grey(p) === 90).length).toBe(4 * r * c);
    }
  });

  describe.each([
    ['int16', (list: readonly number[]) => Int16Array.from(list), -32768],
    ['float32', (list: readonly number[]) => Float32Array.from(list), Number.NaN],
  ] as const)('padding of %s', (_name, valuesOf, noData) => {
    const window = { voi: voiWindow(3000, 200), presetId: null };
    const [r, c] = [4, 6];
    const list = Array.from({ length: r * c }, (_, n) => (n % c < 3 || n < c ? noData : 3000));
    const greysOf = (isInverted: boolean, isMonochrome1: boolean, scale: number) => {
      const size = { rows: r, columns: c, aspect: 1 };
      const map = deviceFromImage({ ...fitted, scale, panX: 0.4 }, size, { width: 30, height: 30 });
      const target = { width: 30, height: 30, pixels: new Uint32Array(900) };
      const lut = paintLutOf({ ...window, isInverted }, isMonochrome1);
      paintMono({ rows: r, columns: c, values: valuesOf(list) }, map, lut, target);
      return new Set([...target.pixels].map(grey));
    };

    test.each([1, 2, 4.7])('is background where low values are white, with no rim (scale %d)', (scale) => {
      expect([...greysOf(false, true, scale)].sort()).toEqual([0, 127]);
    });
    test('turns white with the rest when the reader turns greys round', () => {
      // Around the picture it is black always.
      expect([...greysOf(true, true, 4)].sort()).toEqual([0, 128, 255]);
    });
    test('has no part in smaller pictures', () => {
      expect([...halved({ rows: r, columns: c, values: valuesOf(list) }).values]).toEqual([
        ...[Number.NaN, 3000, 3000],
        ...[Number.NaN, 3000, 3000],
      ]);
    });
  });

  test('half size: means, and the same place on screen', () => {
    const source = { rows: 4, columns: 6, values: Float32Array.from({ length: 24 }, (_, n) => n) };
    const half = halved(source);
    expect(half).toMatchObject({ rows: 2, columns: 3 });
    expect(half.values[0]).toBe((0 + 1 + 6 + 7) / 4);
    const map = deviceFromImage(fitted, { rows: 4, columns: 6, aspect: 1 }, canvas);
    const whole = toDevice(map, { column: 2.5, row: 0.5 });
    const small = toDevice(halvedMap(map), { column: 1, row: 0 });
    expect(small.x).toBeCloseTo(whole.x, 9);
    expect(small.y).toBeCloseTo(whole.y, 9);
  });
});

test('scale bar: 1, 2, 5 × 10ⁿ, not longer than allowed', () => {
  expect(scaleBar(0.5, 120)).toMatchObject({ lengthMm: 50, lengthPx: 100, label: '5 cm' });
  expect(scaleBar(0.02, 120)).toMatchObject({ lengthMm: 2, label: '2 mm' });
  expect(scaleBar(0.001, 120)?.label).toBe('100 µm');
  expect(scaleBar(0, 120)).toBeUndefined();
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 50, noNaN: true }), (mmPerPx) => {
      const bar = scaleBar(mmPerPx, 120)!;
      expect(bar.lengthPx).toBeLessThanOrEqual(120.001);
      expect(bar.lengthPx).toBeGreaterThan(120 / 2.51);
      const digits = bar.lengthMm / 10 ** Math.floor(Math.log10(bar.lengthMm) + 1e-9);
      expect([1, 2, 5]).toContain(Math.round(digits));
    }),
  );
});
