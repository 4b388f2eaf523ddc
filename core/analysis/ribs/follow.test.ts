import { describe, expect, it } from 'vitest';
import { type PatientPoint, patientPoint, patientVector, type Vec3 } from '../../geometry/types.ts';
import { nearestOnPolyline, polylineLengthMm } from '../curve/polyline.ts';
import { fieldSampler } from '../lumen/field-sampler.ts';
import type { ScalarField } from '../types.ts';
import { findDiscs } from './column.ts';
import { levelsOf } from './rib-levels.ts';
import { RibCutter } from './rib-section.ts';
import { isRibLike, traceRib } from './rib-trace.ts';
import { paintSolids, type Solid } from './test-bones.ts';

/** A rib as an arc in the x–y plane about the origin: half sizes across and along z. */
const radiusMm = 45;
const halfThick = 3.3;
const halfTall = 6;

interface Break {
  /** Where, from the x axis; the part beyond is moved outwards, and this wide a gap is left. */
  readonly atRad: number;
  readonly shiftMm: number;
  readonly gapMm: number;
}

/** About the distance to an ellipse (exact on its axes). */
function ellipseDistance(x: number, z: number, a: number, b: number): number {
  const k = Math.hypot(x / a, z / b);
  const slope = Math.hypot(x / (a * a), z / (b * b));
  return slope > 1e-9 ? (k * (k - 1)) / slope : -a;
}

function arc(grownMm: number, broken?: Break): (x: number, y: number, z: number) => number {
  return (x, y, z) => {
    const angle = Math.atan2(y, x);
    const isBeyond = broken !== undefined && angle > broken.atRad;
    const middle = radiusMm + (isBeyond ? broken.shiftMm : 0);
    const inside = ellipseDistance(Math.hypot(x, y) - middle, z, halfThick + grownMm, halfTall + grownMm);
    const gap = broken ? broken.gapMm / 2 - Math.abs(angle - broken.atRad) * radiusMm : -1e9;
    const ends = Math.max(-1.35 - angle, angle - 1.35) * radiusMm;
    return Math.max(inside, gap + grownMm, ends);
  };
}

/** Compact bone outside, marrow inside. */
const rib = (broken?: Break): Solid[] => [
  { valueHu: 750, distance: arc(0, broken) },
  { valueHu: 90, distance: arc(-1.4, broken) },
];

const size: Vec3 = [64, 116, 26];
const spacing: Vec3 = [0.8, 0.8, 1.5];
const origin: Vec3 = [4, -46, -19];
const painted = (solids: readonly Solid[]): ScalarField => paintSolids(origin, size, spacing, solids, 15);

const truth = (shiftMm = 0): PatientPoint[] =>
  Array.from({ length: 136 }, (_, n) => {
    const angle = -1.35 + n * 0.02;
    return patientPoint((radiusMm + shiftMm) * Math.cos(angle), (radiusMm + shiftMm) * Math.sin(angle), 0);
  });

const start = patientPoint(radiusMm * Math.cos(-1.1), radiusMm * Math.sin(-1.1), 0);
const onwards = patientVector(Math.sin(1.1), Math.cos(1.1), 0);

function follow(field: ScalarField) {
  const cutter = new RibCutter(fieldSampler(field)!);
  const isInside = (p: Vec3): boolean =>
    p.every(
      (value, axis) => value > origin[axis]! + 1 && value < origin[axis]! + size[axis]! * spacing[axis]! - 2,
    );
  return traceRib(cutter, start, onwards, isInside);
}

const meanOff = (points: readonly PatientPoint[], line: readonly PatientPoint[]): number =>
  points.reduce((sum, p) => sum + nearestOnPolyline(line, p)!.distanceMm, 0) / points.length;

describe('RibCutter', () => {
  it('finds the middle of a hollow rib from a guess in its marrow', () => {
    const cutter = new RibCutter(fieldSampler(painted(rib()))!);
    const section = cutter.centred(patientPoint(radiusMm - 0.4, 0, 2), patientVector(0, 1, 0), 3);
    expect(isRibLike(section)).toBe(true);
    expect(Math.hypot(section.centreMm[0] - radiusMm, section.centreMm[2])).toBeLessThan(0.4);
    expect(section.areaMm2 / (Math.PI * halfThick * halfTall)).toBeCloseTo(1, 0);
  });
  it('takes neither soft tissue nor a sheet for a rib', () => {
    const sheet: Solid = { valueHu: 700, distance: (x) => Math.abs(x - 40) - 2 };
    const cutter = new RibCutter(fieldSampler(painted([sheet]))!);
    expect(isRibLike(cutter.centred(patientPoint(40, 0, 0), patientVector(0, 1, 0), 3))).toBe(false);
    expect(isRibLike(cutter.centred(patientPoint(20, 0, 0), patientVector(0, 1, 0), 3))).toBe(false);
  });
});

describe('traceRib', () => {
  it('follows a hollow arc to its end', () => {
    const { points, isCut } = follow(painted(rib()));
    const line = points.map(({ pointMm }) => pointMm);
    expect(meanOff(line, truth())).toBeLessThan(0.3);
    expect(points.filter(({ isWeak }) => isWeak)).toEqual([]);
    expect(isCut).toBe(false);
    expect(Math.abs(polylineLengthMm(line) - 2.45 * radiusMm)).toBeLessThan(4);
  });
  it('goes on over a displaced fracture and marks it', () => {
    const { points } = follow(painted(rib({ atRad: 0.1, shiftMm: 4, gapMm: 2 })));
    const weak = points.filter(({ isWeak }) => isWeak);
    expect(weak.length).toBeGreaterThan(0);
    for (const { pointMm } of weak)
      expect(Math.abs(Math.atan2(pointMm[1], pointMm[0]) - 0.1) * radiusMm).toBeLessThan(5);
    const beyond = points.map(({ pointMm }) => pointMm).filter((p) => Math.atan2(p[1], p[0]) > 0.3);
    expect(meanOff(beyond, truth(4))).toBeLessThan(0.6);
    expect(beyond.length).toBeGreaterThan(30);
  });
  it('does not leave the rib for a bone that touches it', () => {
    const bar: Solid = {
      valueHu: 700,
      distance: (x, y, z) => Math.hypot(x - radiusMm - 6.5, (y - 2) / 3, z + 5) - 3.5,
    };
    const { points } = follow(painted([bar, ...rib()]));
    const line = points.map(({ pointMm }) => pointMm);
    expect(Math.max(...line.map((p) => nearestOnPolyline(truth(), p)!.distanceMm))).toBeLessThan(2);
    expect(polylineLengthMm(line)).toBeGreaterThan(2.3 * radiusMm);
  });
});

/** Values along a column: bodies with end plates and discs, averaged over a slice. */
function columnValues(discs: readonly number[], discMm: number, sliceMm: number): Float64Array {
  const fine = Array.from({ length: 4000 }, (_, n) => {
    const at = n / 10;
    const away = Math.min(...discs.map((disc) => Math.abs(disc - at)));
    if (away < discMm / 2) return 90;
    return away < discMm / 2 + 1.2 ? 700 : 230 + 15 * Math.sin(at * 1.7);
  });
  return Float64Array.from({ length: 390 }, (_, n) => {
    const reach = Math.round(sliceMm * 5);
    const part = fine.slice(Math.max(0, 10 * n - reach), 10 * n + reach + 1);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

describe('findDiscs', () => {
  const discsFrom = (firstStep: number): number[] => {
    const discs: number[] = [];
    for (let at = 14, step = firstStep; at < 380; at += step, step += 0.7) discs.push(at);
    return discs;
  };
  it.each([
    [3, 1, 17],
    [3, 3, 17],
    [3.5, 4, 18],
    [8, 1.5, 30],
    [9, 3, 31],
  ])('finds discs %s mm thick on slices of %s mm', (discMm, sliceMm, stepMm) => {
    const discs = discsFrom(stepMm);
    const found = findDiscs(columnValues(discs, discMm, sliceMm));
    expect(found).toHaveLength(discs.length);
    found.forEach((at, n) => {
      expect(Math.abs(at - discs[n]!)).toBeLessThan(1);
    });
  });
  it('finds none in a sacrum, and in nothing', () => {
    expect(findDiscs(new Float64Array(200).fill(230)).length).toBe(0);
    expect(findDiscs(new Float64Array(0))).toEqual([]);
    expect(findDiscs(new Float64Array(50).fill(Number.NaN))).toEqual([]);
  });
});

describe('levelsOf', () => {
  const vertebra = (n: number) => ({
    centreMm: patientPoint(0, 0, 0),
    station: 20 * n,
    heightMm: 20,
    depthMm: 25,
    halfWidthMm: 14,
    isCut: false,
  });
  const column = Array.from({ length: 10 }, (_, n) => vertebra(n));
  it('gives each rib its vertebra, with ribs missing above, between and below', () => {
    expect(levelsOf([35, 57, 76, 117, 137], column)).toEqual([2, 3, 4, 6, 7]);
  });
  it('is steady against ribs that lie high or low', () => {
    expect(levelsOf([29, 48, 67, 86], column)).toEqual([2, 3, 4, 5].map((n) => n - 0));
    expect(levelsOf([44, 63, 82, 101], column)).toEqual([2, 3, 4, 5]);
  });
  it('leaves a rib without a vertebra rather than take a far one', () => {
    expect(levelsOf([36, 300], column)).toEqual([2, null]);
    expect(levelsOf([40], [])).toEqual([null]);
  });
});
