import { describe, expect, test } from 'vitest';
import { voiWindow } from '../../core/pixels/voi.ts';
import { windowPresets, windowPresetsOf } from '../../core/scene/presets.ts';
import { RangeKeeper } from '../volumes/value-range.ts';
import {
  draggedWindow,
  fullRangeVoi,
  paintLutOf,
  presetWindow,
  rangeVoi,
  type WindowState,
  windowNumbers,
  windowOf,
  windowSetting,
} from './windowing.ts';

const soft: WindowState = { voi: voiWindow(40, 400), isInverted: false, presetId: 'ct.x' };
const drag = { dx: 0, dy: 0, isFast: false, isFine: false, isInverted: false, isWhole: true };
const keeper = (values: number[]): RangeKeeper => {
  const range = new RangeKeeper();
  range.add({ min: Math.min(...values), max: Math.max(...values), sample: Float32Array.from(values) });
  return range;
};

describe('window drag', () => {
  test.each([
    ['right is wider by width / 256', { dx: 10 }, 40, 400 + (10 * 400) / 256],
    ['up is a higher level', { dy: -10 }, 40 + (10 * 400) / 256, 400],
    ['the setting turns up round', { dy: -10, isInverted: true }, 40 - (10 * 400) / 256, 400],
    ['Ctrl ×4', { dx: 4, isFast: true }, 40, 400 + (16 * 400) / 256],
    ['Shift ×¼', { dx: 4, isFine: true }, 40, 400 + 400 / 256],
    ['the width ends at 1', { dx: -1000 }, 40, 1],
  ])('%s', (_name, part, center, width) => {
    expect(draggedWindow(soft, { ...drag, ...part })).toMatchObject({
      voi: { center, width },
      presetId: null,
    });
  });
  test('one unit at least on whole values, none on fractions', () => {
    const narrow = { ...soft, voi: voiWindow(40, 80) };
    expect(draggedWindow(narrow, { ...drag, dx: 3 }).voi).toMatchObject({ width: 83 });
    const suv = { ...soft, voi: voiWindow(2.5, 5, 'LINEAR_EXACT') };
    expect(draggedWindow(suv, { ...drag, isWhole: false, dx: 10 }).voi).toMatchObject({
      width: 5 + 50 / 256,
    });
  });
  test('a table becomes a window over what it maps', () => {
    const lut = { firstMapped: 100, bits: 8, data: new Uint16Array(50) };
    const table: WindowState = { voi: { kind: 'lut', lut }, isInverted: false, presetId: null };
    expect(draggedWindow(table, drag).voi).toMatchObject({ kind: 'window', center: 125, width: 50 });
  });
});

describe('windows from values', () => {
  test('percentiles and the full range', () => {
    const range = keeper(Array.from({ length: 101 }, (_, n) => n));
    expect(rangeVoi(range, 10, 90)).toMatchObject({ center: 50.5, width: 81 });
    expect(fullRangeVoi(range)).toMatchObject({ center: 50.5, width: 101 });
    expect(fullRangeVoi(new RangeKeeper())).toMatchObject({ width: 256 });
  });
  test('the sample stays small and fair', () => {
    const range = new RangeKeeper();
    const sample = Float32Array.from({ length: 10_000 }, (_, n) => n % 1000);
    for (let n = 0; n < 300; n += 1) range.add({ min: 0, max: 999, sample });
    expect(Math.abs(range.percentile(50)! - 500)).toBeLessThan(25);
    expect(range.range()).toEqual({ min: 0, max: 999 });
  });
});

describe('presets', () => {
  const range = keeper(Array.from({ length: 101 }, (_, n) => n));
  const preset = (modality: string, key: number) => windowPresetsOf(modality).find((p) => p.key === key)!;
  test('CT lung', () => {
    expect(presetWindow(preset('CT', 1), soft, [], range)?.voi).toMatchObject({ center: -600, width: 1500 });
  });
  test('PET is inverted', () => {
    expect(presetWindow(preset('PT', 1), soft, [], range)).toMatchObject({ isInverted: true });
  });
  test('uptake: from 0 to times the mean of the body, whatever air is around it', () => {
    // A fifth of the field is body of 2000, a hundredth an organ of 20,000; the rest is air with some noise.
    const trunk = keeper(
      Array.from({ length: 1000 }, (_, n) => (n < 790 ? n % 30 : n < 990 ? 2000 : 20_000)),
    );
    const mean = (200 * 2000 + 10 * 20_000) / 210;
    const { voi, isInverted } = presetWindow(windowPresets.activity[0], soft, [], trunk)!;
    expect(isInverted).toBe(true);
    const { center, width } = windowOf(voi);
    expect(center - width / 2).toBe(0);
    expect(Math.abs(width / (5 * mean) - 1)).toBeLessThan(0.05);
    expect(presetWindow(windowPresets.activity[0], soft, [], keeper([0, 0, 0]))).toBeUndefined();
  });
  test('as sent: the file’s window, or the values where it has none; a second one must exist', () => {
    const offered = [{ name: '', voi: voiWindow(7, 9) }];
    expect(presetWindow(preset('MR', 1), soft, offered, range)?.voi).toMatchObject({ center: 7, width: 9 });
    expect(presetWindow(preset('MR', 1), soft, [], range)?.voi).toMatchObject({ width: 97 });
    expect(presetWindow(preset('DX', 2), soft, offered, range)).toBeUndefined();
  });
  test('narrower', () => {
    expect(presetWindow(preset('MR', 3), soft, [], range)?.voi).toMatchObject({ center: 40, width: 280 });
  });
});

const grey = (lut: ReturnType<typeof paintLutOf>, value: number): number => {
  const at = Math.round(((value - lut.low) / (lut.high - lut.low)) * (lut.table.length - 1));
  return lut.table[Math.min(lut.table.length - 1, Math.max(0, at))]! & 255;
};

describe('painting table', () => {
  test('c40 w400 (PS3.3 C.11.2.1.2): −160 → 0, 40 → 128, 239 → 255; inverted complements', () => {
    const lut = paintLutOf(soft, false);
    expect([-2000, -160, 40, 239, 3000].map((v) => grey(lut, v))).toEqual([0, 0, 128, 255, 255]);
    const turned = paintLutOf(soft, true);
    for (let v = -200; v < 300; v += 7)
      expect(Math.abs(grey(turned, v) + grey(lut, v) - 255)).toBeLessThanOrEqual(1);
    expect(grey(paintLutOf({ ...soft, isInverted: true }, true), 40)).toBe(128);
  });
  test('a sigmoid keeps its tails', () => {
    const lut = paintLutOf({ ...soft, voi: voiWindow(0, 100, 'SIGMOID') }, false);
    expect(grey(lut, 0)).toBe(128);
    expect(grey(lut, 50)).toBe(Math.round(255 / (1 + Math.exp(-2))));
  });
  test('width 1 is a threshold', () => {
    const lut = paintLutOf({ ...soft, voi: voiWindow(100, 1) }, false);
    expect([99, 100].map((v) => grey(lut, v))).toEqual([0, 255]);
    // A picture of one value gets W 1 L value + 0.5: the step belongs to the lower side, so it is black as in planes.
    for (const value of [0, 7, -1024]) {
      const step = paintLutOf({ ...soft, voi: voiWindow(value + 0.5, 1) }, false);
      expect([value, value + 0.01, value + 1].map((v) => grey(step, v))).toEqual([0, 255, 255]);
    }
  });
  test('a table keeps its levels', () => {
    const lut = { firstMapped: 10, bits: 8, data: Uint16Array.of(255, 0, 100) };
    const state: WindowState = { voi: { kind: 'lut', lut }, isInverted: false, presetId: null };
    expect([5, 10, 11, 12, 99].map((v) => grey(paintLutOf(state, false), v))).toEqual([
      255, 255, 0, 100, 100,
    ]);
    expect(windowSetting(state, true)).toMatchObject({ kind: 'table', first: 10, invert: true });
    expect(windowNumbers(state.voi)).toBeNull();
  });
  test('numbers as printed', () => {
    expect(windowNumbers(voiWindow(-600, 1500))).toEqual({ width: '1500', centre: '−600' });
    expect(windowNumbers(voiWindow(-48.34, 701.2))).toEqual({ width: '701', centre: '−48' });
    expect(windowNumbers(voiWindow(2.5, 5))).toEqual({ width: '5', centre: '2.5' });
    expect(windowNumbers(voiWindow(0.0125, 0.025))).toEqual({ width: '0.025', centre: '0.013' });
  });
});
