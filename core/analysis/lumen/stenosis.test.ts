import { describe, expect, it } from 'vitest';
import type { StationMeasure } from '../types.ts';
import { cadRads, cadRadsOf } from './cad-rads.ts';
import { openStation } from './station.ts';
import { measureStenosis, proposeStenoses } from './stenosis.ts';

const station = (s: number, diameter: number, more: Partial<StationMeasure> = {}): StationMeasure => ({
  s,
  areaMm2: (Math.PI * diameter ** 2) / 4,
  minDiameterMm: diameter,
  maxDiameterMm: diameter,
  meanDiameterMm: diameter,
  equivalentDiameterMm: diameter,
  uncertaintyMm: 0.1,
  ...more,
});

const profile = (lengthMm: number, diameter: (s: number) => number): StationMeasure[] =>
  Array.from({ length: lengthMm + 1 }, (_, s) => station(s, diameter(s)));

/** Cosine narrowing by `share` within ±6 mm of `at`. */
const dip = (s: number, at: number, share: number): number =>
  Math.abs(s - at) > 6 ? 1 : 1 - share * (0.5 + 0.5 * Math.cos((Math.PI * (s - at)) / 6));

describe('rules', () => {
  // 6 mm before, 4 mm after, 2 mm in between at a third of the way from one reference to the other.
  const stations = profile(60, (s) => (s < 20 ? 6 : s > 32 ? 4 : s === 26 ? 2 : 3));
  const lesion = { fromS: 20, toS: 32 };
  const references = { proximal: { fromS: 14, toS: 18 }, distal: { fromS: 42, toS: 46 } };

  it.each([
    ['mean', 5, 60],
    ['NASCET', 4, 50],
    // From 6 mm at s 16 to 4 mm at s 44: at s 26 it was 6 − 2·10/28 = 5.286 mm.
    ['ECST', 5.2857, 62.16],
  ] as const)('%s', (rule, referenceMm, percent) => {
    const found = measureStenosis(stations, lesion, references, rule)!;
    expect(found).toMatchObject({ s: 26, fromS: 20, toS: 32, rule });
    expect(found.referenceMm).toBeCloseTo(referenceMm, 3);
    expect(found.percentDiameter).toBeCloseTo(percent, 1);
    expect(found.percentArea).toBeCloseTo(100 * (1 - (2 / referenceMm) ** 2), 2);
    // 0.1 mm of 2 and 0.1 mm of the reference.
    expect(found.uncertaintyPercent).toBeCloseTo(
      (100 * Math.hypot(0.1, 0.1 * (2 / referenceMm))) / referenceMm,
      4,
    );
  });

  it('NASCET does not take the proximal side for the distal one; mean does with what there is', () => {
    const { proximal } = references;
    expect(measureStenosis(stations, lesion, { proximal }, 'NASCET')).toBeUndefined();
    expect(measureStenosis(stations, lesion, { proximal }, 'mean')!.referenceMm).toBe(6);
    expect(measureStenosis(stations, lesion, {}, 'mean')).toBeUndefined();
    expect(measureStenosis(stations, { fromS: 200, toS: 210 }, references, 'mean')).toBeUndefined();
  });

  it('carries the limit of resolution over, and a closed lumen is 100 % at that limit', () => {
    const limited = stations.with(26, station(26, 2, { limit: 'resolution' }));
    expect(measureStenosis(limited, lesion, references, 'mean')!.limit).toBe('resolution');
    const single = stations.with(26, openStation(26));
    expect(measureStenosis(single, lesion, references, 'mean')!.percentDiameter).toBeCloseTo(40, 6);
    const closed = single.with(27, openStation(27));
    expect(measureStenosis(closed, lesion, references, 'mean')).toMatchObject({
      s: 27,
      percentDiameter: 100,
      percentArea: 100,
      limit: 'resolution',
    });
  });
});

describe('proposals', () => {
  it('find a narrowing, its ends and its references', () => {
    const [found, ...more] = proposeStenoses(profile(80, (s) => 5 * dip(s, 40, 0.6)));
    expect(more).toEqual([]);
    expect(found!.s).toBe(40);
    expect(found!.percentDiameter).toBeCloseTo(60, 6);
    expect(found!.referenceMm).toBeCloseTo(5, 6);
    expect(found!.fromS).toBeGreaterThanOrEqual(33);
    expect(found!.toS).toBeLessThanOrEqual(47);
  });

  it('tell two lesions apart', () => {
    const found = proposeStenoses(profile(90, (s) => 5 * dip(s, 30, 0.5) * dip(s, 55, 0.7)));
    expect(found.map(({ s }) => s)).toEqual([30, 55]);
    expect(found[0]!.percentDiameter).toBeCloseTo(50, 3);
    expect(found[1]!.percentDiameter).toBeCloseTo(70, 3);
  });

  it('are not made of a taper, a wide mouth, an aneurysm, one bad section or a loss below a quarter', () => {
    expect(proposeStenoses(profile(120, (s) => 6 - 0.04 * s))).toEqual([]);
    expect(proposeStenoses(profile(80, (s) => 8 + 9 * Math.exp(-s / 5)))).toEqual([]);
    expect(proposeStenoses(profile(90, (s) => 20 + 25 * Math.exp(-(((s - 45) / 15) ** 2))))).toEqual([]);
    expect(proposeStenoses(profile(60, (s) => (s === 30 ? 2 : 5)))).toEqual([]);
    expect(proposeStenoses(profile(60, (s) => 5 * dip(s, 30, 0.2)))).toEqual([]);
    expect(proposeStenoses([])).toEqual([]);
    expect(proposeStenoses([station(0, 3)])).toEqual([]);
  });

  it('call a closed stretch 100 %, and the end of the vessel no lesion', () => {
    const open = profile(80, () => 4);
    const closed = open.map((s) => (s.s >= 35 && s.s <= 42 ? openStation(s.s) : s));
    expect(proposeStenoses(closed)).toMatchObject([{ percentDiameter: 100, limit: 'resolution' }]);
    const ended = open.map((s) => (s.s >= 45 ? openStation(s.s) : s));
    expect(proposeStenoses(ended)).toEqual([]);
  });
});

describe('CAD-RADS', () => {
  it('goes by rounded percent', () => {
    expect([0, 0.4, 1, 24.4, 24.6, 49.4, 49.6, 69.4, 69.6, 99.4, 99.6].map(cadRadsOf)).toEqual([
      '0',
      '0',
      '1',
      '1',
      '2',
      '2',
      '3',
      '3',
      '4A',
      '4A',
      '5',
    ]);
  });

  it('of a patient is the worst, with 4B for the left main or three vessels', () => {
    const lesion = (artery: string, percentDiameter: number) => ({ artery, percentDiameter });
    expect(cadRads([])).toBe('0');
    expect(cadRads([lesion('LAD', 40), lesion('RCA', 55)])).toBe('3');
    expect(cadRads([lesion('LM', 50)])).toBe('4B');
    expect(cadRads([lesion('LM', 49)])).toBe('2');
    expect(cadRads([lesion('LAD', 70), lesion('RCA', 80)])).toBe('4A');
    expect(cadRads([lesion('LAD', 70), lesion('RCA', 80), lesion('LAD', 90)])).toBe('4A');
    expect(cadRads([lesion('LAD', 70), lesion('RCA', 80), lesion('LCX', 90)])).toBe('4B');
    expect(cadRads([lesion('LAD', 100), lesion('RCA', 80), lesion('LCX', 90)])).toBe('5');
  });
});
