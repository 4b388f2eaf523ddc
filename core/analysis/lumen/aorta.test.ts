import { describe, expect, it } from 'vitest';
import { type PatientPoint, patientPoint } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { StationMeasure } from '../types.ts';
import { type AortaRowId, aortaTable, findAneurysm, type MeasuredLine, widestStation } from './aorta.ts';
import { openStation } from './station.ts';

const station = (s: number, diameter: number): StationMeasure => ({
  s,
  areaMm2: (Math.PI * diameter ** 2) / 4,
  minDiameterMm: 0.95 * diameter,
  maxDiameterMm: 1.05 * diameter,
  meanDiameterMm: diameter,
  equivalentDiameterMm: diameter,
  uncertaintyMm: 0.3,
});

function measuredLine(points: readonly PatientPoint[], diameter: (s: number) => number): MeasuredLine {
  const line = samplePoints(points, 1);
  const count = Math.round(line.lengthMm) + 1;
  const stations = Array.from({ length: count }, (_, n) => {
    const s = (line.lengthMm * n) / (count - 1);
    return station(s, diameter(s));
  });
  return { line, stations };
}

const legs = (
  from: PatientPoint,
  ...steps: readonly (readonly [number, number, number])[]
): PatientPoint[] => {
  const out = [from];
  for (const [length, x, z] of steps) {
    const [a, b, c] = out[out.length - 1]!;
    const size = Math.hypot(x, z);
    for (let n = 1; n <= 20; n++)
      out.push(patientPoint(a + (length * n * x) / size / 20, b, c + (length * n * z) / size / 20));
  }
  return out;
};

// Down 100 mm to the lowest renal artery and 25 mm neck, then 80 mm of sac leaning 45°, then 30 mm down again.
const points = legs(patientPoint(0, 0, 200), [125, 0, -1], [80, 1, -1], [30, 0, -1]);
const diameter = (s: number): number => {
  if (s < 100) return 24;
  if (s < 125) return 22;
  if (s > 205) return 20;
  return 22 + 30 * Math.sin((Math.PI * (s - 125)) / 80);
};
const aorta = measuredLine(points, diameter);
const iliac = measuredLine(legs(patientPoint(60, 0, -10), [60, 1, -1], [40, 0, -1]), (s) =>
  s < 8 ? 18 : 12 - 0.05 * s,
);

const table = aortaTable({
  aorta,
  marks: { lowestRenalS: 100 },
  leftIliac: { ...iliac, marks: { internalIliacS: 60 } },
  rightIliac: iliac,
});
const value = (id: AortaRowId, side?: 'left' | 'right') =>
  table.find((row) => row.id === id && row.side === side)?.value;

describe('the aorta table', () => {
  it('has the neck: diameters at and below the renal artery, length, taper', () => {
    expect(value('suprarenal')).toBeCloseTo(24, 6);
    expect([value('renal'), value('renal5'), value('renal10'), value('renal15')]).toEqual([22, 22, 22, 22]);
    expect(table.find((row) => row.id === 'renal')).toMatchObject({ minMm: 20.9, uncertaintyMm: 0.3 });
    // Up to where it is a tenth wider: sin = 2.2 / 30 of 80 mm.
    expect(value('neckLength')).toBeGreaterThan(25);
    expect(value('neckLength')).toBeLessThan(29);
    expect(value('neckTaper')).toBeLessThan(15);
  });

  it('has the angles of neck and sac', () => {
    expect(value('suprarenalAngle')).toBeLessThan(3);
    expect(value('infrarenalAngle')).toBeGreaterThan(40);
    expect(value('infrarenalAngle')).toBeLessThan(47);
  });

  it('has the sac and what lies below', () => {
    expect(value('aneurysmDiameter')).toBeCloseTo(52, 1);
    expect(value('aneurysmLength')).toBeGreaterThan(70);
    expect(value('aneurysmLength')).toBeLessThan(80);
    expect(value('renalToBifurcation')).toBeCloseTo(135, 0);
    expect(value('bifurcationDiameter')).toBeCloseTo(20, 6);
    const straight = Math.hypot(80 * Math.SQRT1_2, 25 + 30 + 80 * Math.SQRT1_2);
    expect(value('aortaTortuosity')).toBeCloseTo(135 / straight, 1);
  });

  it('has both iliac arteries, and of the landing zone only what is marked', () => {
    expect(value('iliacLargest', 'left')).toBeCloseTo(11.5, 1);
    expect(value('iliacLeast', 'left')).toBeCloseTo(9, 1);
    expect(value('iliacLanding', 'left')).toBeCloseTo(9.5, 1);
    expect(value('iliacLength', 'left')).toBe(60);
    expect(value('renalToInternalIliac', 'left')).toBeCloseTo(195, 0);
    expect(value('iliacTortuosity', 'left')).toBeCloseTo(1, 2);
    expect(value('iliacLanding', 'right')).toBeUndefined();
    expect(value('iliacTortuosity', 'right')).toBeCloseTo(
      100 / Math.hypot(60 * Math.SQRT1_2, 40 + 60 * Math.SQRT1_2),
      1,
    );
  });

  it('has the thoracic landing zone by its own mark', () => {
    const thoracic = aortaTable({ aorta, marks: { leftSubclavianS: 90 } });
    expect(thoracic.find((row) => row.id === 'subclavian')?.value).toBeCloseTo(24, 6);
    const length = thoracic.find((row) => row.id === 'subclavianToAneurysm')?.value;
    expect(length).toBeGreaterThan(34);
    expect(length).toBeLessThan(39);
    expect(thoracic.some((row) => row.id === 'renal')).toBe(false);
  });

  it('takes no taper for an aneurysm, and no branch for the widest place', () => {
    const tapering = measuredLine(points, (s) => 34 - (18 * s) / 235);
    expect(findAneurysm(tapering.stations)).toBeUndefined();
    expect(aortaTable({ aorta: tapering, marks: {} }).map((row) => row.id)).toEqual(['bifurcationDiameter']);
    // The sac of an aorta that tapers is still one.
    const sac = measuredLine(points, (s) => 34 - (18 * s) / 235 + 30 * Math.exp(-(((s - 165) / 25) ** 2)));
    const found = findAneurysm(sac.stations)!;
    expect(found.fromS).toBeGreaterThan(100);
    expect(found.toS).toBeLessThan(222);
    const branch = tapering.stations.map((one, n) =>
      n === 90 ? { ...one, maxDiameterMm: 60, uncertaintyMm: 9 } : one,
    );
    expect(widestStation(branch)!.s).toBe(0);
    expect(widestStation([branch[90]!])!.maxDiameterMm).toBe(60);
  });

  it('says nothing of an aorta without an aneurysm, without marks or without lumen', () => {
    const plain = measuredLine(points, () => 20);
    expect(findAneurysm(plain.stations)).toBeUndefined();
    expect(aortaTable({ aorta: plain, marks: {} }).map((row) => row.id)).toEqual(['bifurcationDiameter']);
    const nothing = { ...plain, stations: plain.stations.map(({ s }) => openStation(s)) };
    expect(widestStation(nothing.stations)).toBeUndefined();
    expect(aortaTable({ aorta: nothing, marks: {} })).toEqual([]);
    expect(widestStation(aorta.stations)!.s).toBeCloseTo(165, 0);
  });
});
