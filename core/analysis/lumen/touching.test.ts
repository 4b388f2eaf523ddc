import { describe, expect, it } from 'vitest';
import { makeTube } from '../../../tests/fixtures/tubes.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { StationMeasure } from '../types.ts';
import { widestStation } from './aorta.ts';
import { measureLine } from './measure-line.ts';
import { profileCsv, profileJson } from './profile.ts';
import { openStation } from './station.ts';
import { measureStenosis, proposeStenoses } from './stenosis.ts';
import { doubtSpans, type SectionFit, undoubtedDiameters, withTouchingDoubt } from './touching.ts';

const sound: SectionFit = { offsetMm: 0.1, missing: 0, hollow: 0, voxelMm: 0.6 };

const oval = (s: number, min: number, max: number): StationMeasure => ({
  s,
  areaMm2: (Math.PI / 4) * min * max,
  minDiameterMm: min,
  maxDiameterMm: max,
  meanDiameterMm: (min + max) / 2,
  equivalentDiameterMm: Math.sqrt(min * max),
  uncertaintyMm: 0.1,
});

/** A lumen of 4 mm, other from 18 to 22 mm. */
const profile = (min: number, max: number): StationMeasure[] =>
  Array.from({ length: 41 }, (_, s) => (s >= 18 && s <= 22 ? oval(s, min, max) : oval(s, 4, 4)));

function doubtful(stations: readonly StationMeasure[], odd: Partial<SectionFit> = {}): number[] {
  const fits = stations.map(({ s }) => (s >= 18 && s <= 22 ? { ...sound, ...odd } : sound));
  return withTouchingDoubt(stations, fits).flatMap(({ s, doubt }) => (doubt ? [s] : []));
}

describe('a section in doubt', () => {
  const all = [18, 19, 20, 21, 22];
  it('is suddenly larger without being round, or bulges to one side', () => {
    expect(doubtful(profile(5, 8))).toEqual(all);
    expect(doubtful(profile(3.9, 5))).toEqual(all);
    expect(doubtful(profile(4.1, 4.6))).toEqual([]);
    // Round, and where the line is: an aneurysm. Round, and beside it: another vessel.
    expect(doubtful(profile(7, 7))).toEqual([]);
    expect(doubtful(profile(7, 7), { offsetMm: 1.2 })).toEqual(all);
    // Narrow and oval: a stenosis.
    expect(doubtful(profile(1.5, 2.8))).toEqual([]);
  });
  it('has rays without an edge, or lies far beside the line', () => {
    expect(doubtful(profile(4, 4), { missing: 0.25 })).toEqual(all);
    expect(doubtful(profile(4, 4), { missing: 0.15 })).toEqual([]);
    expect(doubtful(profile(2, 2), { offsetMm: 2.6 })).toEqual(all);
    expect(doubtful(profile(4, 6), { hollow: 0.04 })).toEqual(all);
    // Of a line that runs beside its middle all along nothing is said.
    const beside = Array.from({ length: 41 }, (_, s) => oval(s, 4, 4));
    const fits = beside.map(() => ({ ...sound, offsetMm: 1.2 }));
    expect(withTouchingDoubt(beside, fits)).toEqual(beside);
  });
  it('is as unsure as it is wide, and spills over to its neighbours', () => {
    const stations = profile(5, 8).map((one) => (one.s === 23 ? oval(23, 4.2, 4.4) : one));
    const made = withTouchingDoubt(stations, Array(41).fill(sound));
    expect(made[20]!.uncertaintyMm).toBeCloseTo(Math.hypot(0.1, 1.1 * (Math.sqrt(40) - 4)), 9);
    expect(made[23]!.doubt).toBe('touching');
    expect(made[24]).toBe(stations[24]);
  });
  it('is never one that a hand drew, nor one without a lumen', () => {
    const fits = profile(5, 8).map(({ s }) => (s === 20 ? undefined : sound));
    const stations = profile(5, 8).map((one) => (one.s === 21 ? openStation(21) : one));
    expect(withTouchingDoubt(stations, fits).flatMap(({ s, doubt }) => (doubt ? [s] : []))).toEqual([
      18, 19, 22,
    ]);
    expect(withTouchingDoubt([], [])).toEqual([]);
  });
});

describe('what is taken from sections in doubt', () => {
  const stations = withTouchingDoubt(profile(5, 8), Array(41).fill(sound));
  it('is neither a reference, nor the widest, nor a shoulder', () => {
    const narrowed = stations.map((one) => (one.s === 28 ? oval(28, 2, 2) : one));
    const references = { proximal: { fromS: 17, toS: 22 }, distal: { fromS: 34, toS: 36 } };
    const found = measureStenosis(narrowed, { fromS: 26, toS: 30 }, references, 'mean')!;
    expect(found.referenceMm).toBeCloseTo(4, 9);
    expect(found.percentDiameter).toBeCloseTo(50, 9);
    expect(widestStation(stations)!.maxDiameterMm).toBe(4);
    // Between two such places a plain lumen is not narrow.
    const wide = profile(5, 8).map((one) => (Math.abs(one.s - 30) <= 2 ? oval(one.s, 5, 8) : one));
    expect(proposeStenoses(wide)).not.toEqual([]);
    expect(proposeStenoses(withTouchingDoubt(wide, Array(41).fill(sound)))).toEqual([]);
    expect([...undoubtedDiameters(stations)].every((mm) => mm === 4)).toBe(true);
  });
  it('is told by its stretches', () => {
    expect(doubtSpans(stations)).toEqual([{ fromS: 18, toS: 22 }]);
    const two = stations.map((one) => (one.s === 20 ? oval(20, 4, 4) : one));
    expect(doubtSpans(two)).toEqual([
      { fromS: 18, toS: 19 },
      { fromS: 21, toS: 22 },
    ]);
    expect(doubtSpans([])).toEqual([]);
  });
  it('is told with every number', () => {
    const line = samplePoints([patientPoint(0, 0, 0), patientPoint(0, 0, 40)], 1);
    expect(profileCsv(stations).split('\r\n')[21]).toMatch(/^20,.*,touching$/);
    expect(profileJson(line, stations, []).stations[20]).toMatchObject({ s: 20, doubt: 'touching' });
    const inDoubt = measureStenosis(
      stations,
      { fromS: 19, toS: 21 },
      { distal: { fromS: 30, toS: 34 } },
      'mean',
    );
    expect(inDoubt).toMatchObject({ doubt: 'touching' });
  });
});

/** A tube of 4 mm along z, and a twin of the same brightness that crosses it at 40°, `apartMm` between the axes. */
function besideTwin(apartMm: number, tiltRad = 0.7, lumenHu = 350, wallHu: number | null = null) {
  const [c, s] = [Math.cos(tiltRad), Math.sin(tiltRad)];
  const twin = (p: Vec3) => {
    const [x, y, z] = [p[0] - apartMm, p[1], p[2]];
    const along = y * s + z * c;
    return Math.hypot(x, y - along * s, z - along * c) < 2 ? lumenHu : undefined;
  };
  const made = makeTube({
    radiusMm: () => 2,
    axis: [0, 0, 1],
    lumen: lumenHu,
    background: lumenHu === 350 ? 40 : -100,
    sigmaMm: 0.35,
    spacingMm: [0.6, 0.6, 0.6],
    sizeMm: [18, 26, 40],
    noise: 12,
    beside: twin,
  });
  const line = samplePoints([made.point(-17), made.point(17)] as PatientPoint[], 0.5);
  const { stations } = measureLine(made.field, line, { stepMm: 1, sectionMm: 16, wallHu })!;
  return stations.map((one) => ({ ...one, errorMm: Math.abs(one.equivalentDiameterMm - 4), z: one.s - 17 }));
}

describe('twin tubes of one brightness', () => {
  it('that touch where they cross are in doubt there, and nowhere else', () => {
    for (const apartMm of [3, 3.6]) {
      const stations = besideTwin(apartMm);
      expect(stations.filter(({ doubt }) => doubt).length).toBeGreaterThanOrEqual(2);
      for (const { z, doubt, errorMm } of stations) {
        if (errorMm > 0.35) expect(doubt).toBe('touching');
        if (Math.abs(z) > 7) expect([z, doubt, errorMm < 0.25]).toEqual([z, undefined, true]);
      }
    }
  });
  it.each([3, 3.6, 4])('that touch all along, %d mm apart, have a waist', (apartMm) => {
    const stations = besideTwin(apartMm, 0);
    for (const { doubt, errorMm } of stations) if (errorMm > 0.5) expect(doubt).toBe('touching');
    expect(stations.filter(({ doubt }) => doubt).length).toBeGreaterThan(0.8 * stations.length);
  });
  it('have no lumen where they touch without contrast medium', () => {
    const stations = besideTwin(3, 0.7, 42, 45);
    expect(stations.every(({ doubt }) => doubt === undefined)).toBe(true);
    expect(stations.filter(({ open }) => open).length).toBeGreaterThanOrEqual(2);
    for (const { z, open, errorMm } of stations) {
      if (!open) expect(errorMm).toBeLessThan(0.6);
      if (Math.abs(z) > 7) expect([z, open]).toEqual([z, undefined]);
    }
  });
  it('that stay apart are not in doubt', () => {
    for (const apartMm of [5.5, 6.5])
      expect(besideTwin(apartMm).flatMap(({ z, doubt }) => (doubt ? [z] : []))).toEqual([]);
  });
});
