import { describe, expect, test } from 'vitest';
import type { StationMeasure } from '../../../../core/analysis/types.ts';
import { bandPath, doubtPath, profileShape, seriesPath, ticks, yOfMm } from './profile-shape.ts';

const strip = { mmPerPx: 0.1, startMm: 0 };
const station = (s: number, mm: number, more: Partial<StationMeasure> = {}): StationMeasure => ({
  s,
  areaMm2: (Math.PI / 4) * mm * mm,
  minDiameterMm: mm,
  maxDiameterMm: mm,
  meanDiameterMm: mm,
  equivalentDiameterMm: mm,
  uncertaintyMm: 0.2,
  ...more,
});

const plain = Array.from({ length: 11 }, (_, s) => station(s, 4));
const touched = plain.map((one) =>
  one.s >= 4 && one.s <= 5 ? station(one.s, 30, { doubt: 'touching' }) : one,
);
const y = (shape: ReturnType<typeof profileShape>) => (one: StationMeasure) =>
  yOfMm(shape, one.equivalentDiameterMm);

describe('the profile', () => {
  test('is as high as the lumen asks for, whatever touches it', () => {
    expect(profileShape(touched, strip, 200)).toEqual(profileShape(plain, strip, 200));
  });

  test('breaks off where something touches, and dashes that stretch', () => {
    const shape = profileShape(touched, strip, 200);
    expect(seriesPath(touched, shape, y(shape)).match(/M/g)).toHaveLength(2);
    expect(bandPath(touched, shape).match(/Z/g)).toHaveLength(2);
    const dashed = doubtPath(touched, shape, y(shape));
    // From the last sound section over both in doubt to the next sound one, never above the plot.
    expect(dashed.match(/M/g)).toHaveLength(3);
    const heights = [...dashed.matchAll(/[ML][\d.]+ ([\d.-]+)/g)].map(([, at]) => Number(at));
    expect(Math.min(...heights)).toBe(shape.top);
    expect(doubtPath(plain, shape, y(shape))).toBe('');
  });

  test('has no numbers where nothing was measured', () => {
    const open = plain.map((one) => station(one.s, Number.NaN, { open: true }));
    const shape = profileShape(open, strip, 200);
    expect(shape.isEmpty).toBe(true);
    expect([shape.leastMm, shape.mostMm, shape.areaMostMm2].every(Number.isFinite)).toBe(true);
    expect(profileShape(plain, strip, 200).isEmpty).toBe(false);
    expect(profileShape([], strip, 200).isEmpty).toBe(true);
  });

  test('has round ticks', () => {
    expect(ticks(0.9, 1.1, 0.05)).toEqual([0.9, 0.95, 1, 1.05, 1.1]);
    expect(ticks(0, 0.3, 0.1)).toEqual([0, 0.1, 0.2, 0.3]);
  });
});
