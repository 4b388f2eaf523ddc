import { describe, expect, it } from 'vitest';
import { discShare, makeTube, type Tube } from '../../../tests/fixtures/tubes.ts';
import type { Vec3 } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { ScalarField } from '../types.ts';
import { blurredDisc, radiusFromHalfMaximum } from './disc.ts';
import { type MeasureOptions, measureLine } from './measure-line.ts';

const options: MeasureOptions = { stepMm: 1, sectionMm: 14, wallHu: null };
const tube = (more: Partial<Tube>): Tube => ({
  radiusMm: () => 2,
  axis: [1, 0, 1],
  lumen: 350,
  background: 40,
  sigmaMm: 0.425,
  spacingMm: [0.5, 0.5, 0.5],
  offsetMm: [0.13, 0.22, -0.1],
  sizeMm: [18, 12, 18],
  ...more,
});

function measured(more: Partial<Tube>, halfMm: number, asked: Partial<MeasureOptions> = {}) {
  const made = makeTube(tube(more));
  const line = samplePoints([made.point(-halfMm), made.point(0), made.point(halfMm)], 0.5);
  return measureLine(made.field, line, { ...options, ...asked })!;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('a blurred disc', () => {
  it('is what summing a Gaussian over a disc gives', () => {
    for (const [rho, a] of [
      [0, 1],
      [0.73, 1.31],
      [2.04, 2],
      [3.33, 4.42],
      [8.6, 9.4],
    ] as const)
      expect(blurredDisc(rho, a)).toBeCloseTo(discShare(rho, a, 1), 2);
  });

  it('has its half-maximum inside its edge: FWHM 1 mm makes 4, 3, 2 mm look like 3.91, 2.88, 1.88 at most', () => {
    const sigma = 1 / 2.3548;
    for (const [true_, seen] of [
      [4, 3.91],
      [3, 2.88],
    ] as const)
      expect(2 * sigma * radiusFromHalfMaximum(seen / 2 / sigma)).toBeCloseTo(true_, 1);
  });
});

describe('diameters of blurred cylinders (FWHM 1 mm)', () => {
  const axes: readonly Vec3[] = [
    [0, 0, 1],
    [1, 0, 1],
  ];
  it.each(axes.flatMap((axis) => [2, 3, 4, 6].map((diameter) => ({ axis, diameter }))))(
    '$diameter mm along $axis within 0.15 mm',
    ({ axis, diameter }) => {
      const { stations } = measured({ axis, radiusMm: () => diameter / 2 }, 4);
      for (const station of stations) {
        expect(Math.abs(station.equivalentDiameterMm - diameter)).toBeLessThan(0.15);
        expect(station.minDiameterMm).toBeGreaterThan(diameter - 0.2);
        expect(station.maxDiameterMm).toBeLessThan(diameter + 0.2);
        expect(station.areaMm2).toBeCloseTo((Math.PI * station.equivalentDiameterMm ** 2) / 4, 9);
        expect(Math.abs(station.equivalentDiameterMm - diameter)).toBeLessThan(station.uncertaintyMm);
      }
    },
  );

  it('below three voxels across is a densitometric estimate, and says so', () => {
    for (const diameter of [1, 1.4]) {
      const { stations } = measured({ radiusMm: () => diameter / 2, sigmaMm: 0.35 }, 4, { lumenHu: 350 });
      for (const station of stations) {
        expect(station.limit).toBe('resolution');
        expect(Math.abs(station.equivalentDiameterMm - diameter)).toBeLessThan(0.3);
      }
    }
    expect(measured({}, 4).stations.every((station) => station.limit === undefined)).toBe(true);
  });

  it('take the wall and not the fat behind it for the other side of the edge', () => {
    const walled = { wall: { mm: 0.75, value: 45 }, background: -100 };
    const { stations } = measured(walled, 4, { wallHu: 45 });
    expect(Math.abs(mean(stations.map((s) => s.equivalentDiameterMm)) - 4)).toBeLessThan(0.1);
    // Against the fat, the same lumen is too wide.
    const { stations: naive } = measured(walled, 4);
    expect(mean(naive.map((s) => s.equivalentDiameterMm))).toBeGreaterThan(4.12);
  });

  it('tell an oval from a circle: a tube of 4 mm cut at 45° is 4 by 5.66 mm', () => {
    const made = makeTube(tube({ axis: [0, 0, 1], sigmaMm: 0.3 }));
    const line = samplePoints([made.point(-3), made.point(3)], 1);
    const turned = (x: number, y: number, z: number) =>
      Float64Array.from({ length: 3 * line.count }, (_, n) => [x, y, z][n % 3]!);
    const slanted = { ...line, rights: turned(Math.SQRT1_2, 0, Math.SQRT1_2), downs: turned(0, 1, 0) };
    const { stations } = measureLine(made.field, slanted, options)!;
    for (const station of stations.slice(1, -1)) {
      expect(Math.abs(station.minDiameterMm - 4)).toBeLessThan(0.2);
      expect(Math.abs(station.maxDiameterMm - 4 * Math.SQRT2)).toBeLessThan(0.25);
      expect(Math.abs(station.areaMm2 - 4 * Math.PI * Math.SQRT2)).toBeLessThan(1);
    }
  });

  it.each([
    ['that is said', { dark: true }],
    ['since the line runs in air', { wallHu: 45 }],
  ])('hold for a lumen darker than its wall, %s', (_, options) => {
    const { stations } = measured({ lumen: -1000, background: -40 }, 4, options);
    for (const station of stations) expect(Math.abs(station.equivalentDiameterMm - 4)).toBeLessThan(0.15);
  });

  it('hold with noise of 40 HU, inside the uncertainty', () => {
    const { stations, noise } = measured({ noise: 40 }, 5);
    expect(noise).toBeGreaterThan(32);
    expect(noise).toBeLessThan(48);
    const errors = stations.map((s) => s.equivalentDiameterMm - 4);
    expect(Math.abs(mean(errors))).toBeLessThan(0.12);
    const covered = stations.filter((s, n) => Math.abs(errors[n]!) <= s.uncertaintyMm);
    expect(covered.length).toBeGreaterThanOrEqual(stations.length - 1);
    const quiet = measured({ noise: 0 }, 5).stations;
    const doubt = (of: typeof stations): number => mean(of.map((s) => s.uncertaintyMm));
    expect(doubt(stations)).toBeGreaterThan(1.15 * doubt(quiet));
  });
});

describe('what lies beside the lumen', () => {
  const walled: Partial<Tube> = { axis: [0, 0, 1], background: -100, sizeMm: [14, 14, 12] };
  const error = (more: Partial<Tube>, diameter: number): number => {
    const { stations } = measured({ ...walled, radiusMm: () => diameter / 2, ...more }, 3, { wallHu: 45 });
    return mean(stations.map((station) => station.equivalentDiameterMm)) - diameter;
  };

  it('a wall thinner than the blur', () => {
    for (const background of [-100, 110])
      for (const [lumen, allowed] of [
        [350, 0.06],
        [200, 0.15],
      ] as const)
        expect(Math.abs(error({ wall: { mm: 0.5, value: 45 }, background, lumen }, 3))).toBeLessThan(allowed);
  });

  it('a bone bar a millimetre off, and calcium on the wall', () => {
    const wall = { mm: 1, value: 45 };
    const bone = (p: Vec3) => (p[0] > 3.2 && Math.abs(p[1]) < 4 ? 900 : undefined);
    expect(Math.abs(error({ wall, beside: bone }, 4))).toBeLessThan(0.12);
    // A half ring of it, two millimetres thick.
    const calcium = (p: Vec3) => {
      const away = Math.hypot(p[0] - 0.13, p[1] - 0.22);
      return away > 2.05 && away < 4 && p[0] > 0.2 ? 850 : undefined;
    };
    // Its edge is sharp where the lumen's is blurred, which no scanner shows: a generous bound. Taken for lumen it gives 2 mm.
    expect(Math.abs(error({ wall, beside: calcium }, 4))).toBeLessThan(0.4);
  });

  it('a branch that leaves it', () => {
    const branch = (p: Vec3) => (p[0] > 1.5 && Math.abs(p[1]) < 1 && Math.abs(p[2]) < 9 ? 350 : undefined);
    expect(Math.abs(error({ wall: { mm: 1, value: 45 }, beside: branch }, 4))).toBeLessThan(0.3);
  });
});

describe('a stenosis', () => {
  it('of a 4 mm tube with a 2 mm throat is 50 % of the diameter, 75 % of the area', () => {
    const radiusMm = (s: number): number =>
      Math.abs(s) < 1.5 ? 1 : Math.abs(s) < 3 ? 1 + (Math.abs(s) - 1.5) / 1.5 : 2;
    const { stenoses, stations } = measured(
      { radiusMm, axis: [0, 0, 1], sizeMm: [10, 10, 30], sigmaMm: 0.3 },
      13,
    );
    expect(stenoses).toHaveLength(1);
    const [found] = stenoses;
    expect(found!.s).toBeGreaterThan(11);
    expect(found!.s).toBeLessThan(15);
    expect(Math.abs(found!.percentDiameter - 50)).toBeLessThan(3);
    expect(Math.abs(found!.percentArea - 75)).toBeLessThan(3);
    expect(Math.abs(found!.percentDiameter - 50)).toBeLessThan(found!.uncertaintyPercent);
    expect(found!.limit).toBeUndefined();
    expect(found!.fromS).toBeLessThan(11.6);
    expect(found!.toS).toBeGreaterThan(14.4);
    expect(stations).toHaveLength(27);
  });
});

describe('what cannot be measured', () => {
  const made = makeTube(tube({}));
  const line = (halfMm: number) => samplePoints([made.point(-halfMm), made.point(halfMm)], 0.5);

  it('a line that leaves the volume is open there', () => {
    const { stations, contours } = measureLine(made.field, line(16), options)!;
    expect(stations[0]!.open).toBe(true);
    expect(stations[0]!.areaMm2).toBeNaN();
    expect(contours[0]!.radiiMm.every((radius) => radius === 0)).toBe(true);
    expect(stations[stations.length >> 1]!.open).toBeUndefined();
  });

  it('a line in plain tissue has no lumen', () => {
    const beside = samplePoints(
      [made.point(-4), made.point(4)].map((p) => [p[0], p[1] + 5, p[2]] as never),
      0.5,
    );
    const { stations, stenoses } = measureLine(made.field, beside, { ...options, sectionMm: 5 })!;
    expect(stations.every((station) => station.open)).toBe(true);
    expect(stenoses).toEqual([]);
  });

  it('no line, a flat volume or a stop gives nothing', () => {
    expect(measureLine(made.field, samplePoints([], 1), options)).toBeUndefined();
    expect(measureLine(made.field, samplePoints([made.point(0)], 1), options)).toBeUndefined();
    const flat: ScalarField = { ...made.field, geometry: { ...made.field.geometry, size: [10, 10, 1] } };
    expect(measureLine(flat, line(4), options)).toBeUndefined();
    expect(measureLine(made.field, line(4), { ...options, progress: () => false })).toBeUndefined();
  });

  it('a straight link is no vessel, even where it crosses one', () => {
    const linked = samplePoints([made.point(-4), made.point(4)], 0.5, { state: 'straight' });
    expect(measureLine(made.field, linked, options)!.stations.every((station) => station.open)).toBe(true);
  });

  it('an artery without contrast medium has no stenosis, and says why', () => {
    const plain = (radiusMm: (s: number) => number, asked: Partial<MeasureOptions>) =>
      measured({ lumen: 42, background: -100, radiusMm, sizeMm: [9, 9, 26], axis: [0, 0, 1] }, 11, asked);
    const narrowed = (s: number): number => (Math.abs(s) < 3 ? 1 : 2);
    const without = plain(narrowed, { wallHu: 45 });
    expect(without).toMatchObject({ unopacified: true, stenoses: [] });
    expect(without.stations[0]!.uncertaintyMm).toBeGreaterThan(1);
    // A vein, or a value that is no HU, is not asked for it.
    const vein = plain(narrowed, { wallHu: null });
    expect(vein.unopacified).toBeUndefined();
    expect(vein.stenoses).toHaveLength(1);
  });

  it('tells how far it is', () => {
    const told: number[] = [];
    measureLine(made.field, line(4), { ...options, progress: (done) => told.push(done) > 0 });
    expect(told[0]).toBe(0);
    expect(told.every((done, n) => n === 0 || done > told[n - 1]!)).toBe(true);
  });

  it('keeps contours that were edited', () => {
    const { contours } = measureLine(made.field, line(4), options)!;
    const kept = { ...contours[3]!, radiiMm: new Float64Array(64).fill(1.5), edited: true };
    const again = measureLine(made.field, line(4), { ...options, kept: [kept] })!;
    expect(again.contours[3]).toBe(kept);
    expect(again.stations[3]!.equivalentDiameterMm).toBeCloseTo(3, 6);
  });
});
