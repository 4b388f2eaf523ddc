import { describe, expect, it } from 'vitest';
import { makeTube } from '../../../tests/fixtures/tubes.ts';
import { type PatientPoint, patientPoint, patientVector, type Vec3 } from '../../geometry/types.ts';
import { voxelNoise } from '../../phantom/random.ts';
import { nearestOnPolyline, polylineLengthMm } from '../curve/polyline.ts';
import type { ScalarField } from '../types.ts';
import { findLine } from './find-line.ts';
import { findPath } from './find-path.ts';
import { growPath } from './grow-path.ts';
import { snapPoint } from './snap-point.ts';

/** A solid: its value, and its signed distance in mm (negative inside). */
interface Solid {
  readonly value: number;
  readonly distance: (x: number, y: number, z: number) => number;
}

const tissue = 40;
const blood = 350;
const bone = 900;
const spacing: Vec3 = [0.7, 0.7, 0.9];
const origin: Vec3 = [-31, 12, 100];

/** Voxels averaged over their edges (linear in the distance), with noise; index axes turned by 30° about z. */
function paint(size: Vec3, solids: readonly Solid[], noise = 10): ScalarField {
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const m = [
    spacing[0] * c,
    -spacing[1] * s,
    0,
    origin[0],
    spacing[0] * s,
    spacing[1] * c,
    0,
    origin[1],
    0,
    0,
    spacing[2],
    origin[2],
    0,
    0,
    0,
    1,
  ];
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const [x, y, z] = [i * spacing[0], j * spacing[1], k * spacing[2]];
        let value = tissue;
        for (const solid of solids) {
          const share = Math.max(0, Math.min(1, 0.5 - solid.distance(x, y, z) / 0.75));
          value += (solid.value - value) * share;
        }
        voxels[n] = Math.round(value + noise * voxelNoise(5, n));
      }
  return {
    geometry: { size, patientFromIndex: m as never },
    voxels,
    rescale: { slope: 1, intercept: 0 },
  };
}

/** Of a place given in mm along the index axes from the first voxel. */
const place = (x: number, y: number, z: number): PatientPoint => {
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  return patientPoint(origin[0] + c * x - s * y, origin[1] + s * x + c * y, origin[2] + z);
};

const size: Vec3 = [92, 64, 30];
const centre: Vec3 = [32, 8, 13];
const torus =
  (radius: number, tube: number) =>
  (x: number, y: number, z: number): number =>
    Math.hypot(Math.hypot(x - centre[0], y - centre[1]) - radius, z - centre[2]) - tube;
const onTorus = (radius: number, angle: number): PatientPoint =>
  place(centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle), centre[2]);
const half = (radius: number, from = 0, to = Math.PI): PatientPoint[] =>
  Array.from({ length: 400 }, (_, n) => onTorus(radius, from + ((to - from) * n) / 399));
const rod =
  (axis: 0 | 1 | 2, at: readonly [number, number], radius: number) =>
  (x: number, y: number, z: number): number => {
    const [a, b] = ([x, y, z] as const).filter((_, n) => n !== axis) as [number, number];
    return Math.hypot(a - at[0], b - at[1]) - radius;
  };

interface Errors {
  readonly mean: number;
  readonly worst: number;
}
function errors(points: readonly PatientPoint[], truth: readonly PatientPoint[]): Errors {
  const away = points.map((p) => nearestOnPolyline(truth, p)!.distanceMm);
  return { mean: away.reduce((a, b) => a + b, 0) / away.length, worst: Math.max(...away) };
}

const vessel = { kind: 'vessel' } as const;
const [a0, a1] = [0.25, Math.PI - 0.25];
/**
 * A half ring of 4 mm; a bone bar along its chord and one parallel to the ring, 0.6 mm from its wall; a plaque
 * inside.
 */
const ring = paint(size, [
  { value: blood, distance: torus(26, 2) },
  {
    value: bone,
    distance: (x, y, z) =>
      Math.max(rod(0, [centre[1] + 8, centre[2]], 4)(x, y, z), Math.abs(x - centre[0]) - 19),
  },
  { value: bone, distance: torus(32, 3.4) },
  { value: 850, distance: (x, y, z) => Math.hypot(x - centre[0], y - centre[1] - 22.9, z - centre[2]) - 1.1 },
]);

describe('a path between two clicks', () => {
  it('follows a ring and takes no short cut along a bone bar', () => {
    const found = findPath(ring, onTorus(26, a0), onTorus(26, a1), vessel);
    if (!found.ok) throw new Error(found.problem.code);
    const { piece, problem, radiusMm } = found.value;
    expect([piece.state, problem]).toEqual(['found', null]);
    const { mean, worst } = errors(piece.pointsMm, half(26));
    expect(mean).toBeLessThan(0.1);
    expect(worst).toBeLessThan(0.35);
    expect(polylineLengthMm(piece.pointsMm) / (26 * (a1 - a0))).toBeCloseTo(1, 2);
    expect(Math.abs(radiusMm - 2)).toBeLessThan(0.2);
    expect(piece.pointsMm[0]).toEqual(onTorus(26, a0));
    expect(piece.pointsMm[piece.pointsMm.length - 1]).toEqual(onTorus(26, a1));
  });
  it('snaps clicks beside the axis to it', () => {
    for (const angle of [0.4, 1, 2.2]) {
      const exact = onTorus(26, angle);
      const click = patientPoint(exact[0] + 0.9, exact[1] - 0.7, exact[2] + 0.8);
      const snapped = snapPoint(ring, click, vessel);
      if (!snapped.ok) throw new Error(snapped.problem.code);
      expect(errors([snapped.value.pointMm], half(26)).worst).toBeLessThan(0.3);
      expect(Math.abs(snapped.value.radiusMm - 2)).toBeLessThan(0.3);
    }
  });
  it('goes through a 75 % stenosis with a calcification, and calls it found', () => {
    const narrowed = paint(size, [
      {
        value: blood,
        distance: (x, y, z) => {
          const d = Math.hypot(y - 20, z - 13);
          return d - 3 * (1 - 0.75 * Math.max(0, Math.min(1, 2.2 - Math.abs(x - 30) / 3)));
        },
      },
      { value: bone, distance: (x, y, z) => Math.hypot(x - 30, y - 24.5, z - 13) - 2.5 },
    ]);
    const found = findPath(narrowed, place(8, 20, 13), place(55, 20, 13), vessel);
    if (!found.ok) throw new Error(found.problem.code);
    expect(found.value.piece.state).toBe('found');
    const { mean, worst } = errors(found.value.piece.pointsMm, [place(8, 20, 13), place(55, 20, 13)]);
    expect(mean).toBeLessThan(0.15);
    expect(worst).toBeLessThan(0.5);
  });
  it('follows an airway through its wall’s inside', () => {
    const bronchus = paint(size, [
      { value: -850, distance: () => -9 },
      { value: 0, distance: torus(26, 4.2) },
      { value: -1000, distance: torus(26, 3) },
    ]);
    const found = findPath(bronchus, onTorus(26, a0), onTorus(26, a1), { kind: 'airway' });
    if (!found.ok) throw new Error(found.problem.code);
    expect(found.value.piece.state).toBe('found');
    expect(errors(found.value.piece.pointsMm, half(26)).worst).toBeLessThan(0.3);
  });
  it('can be stopped', () => {
    const stopped = findPath(ring, onTorus(26, a0), onTorus(26, a1), { ...vessel, progress: () => false });
    expect(stopped).toEqual({ ok: false, problem: { code: 'CANCELLED' } });
  });
});

describe('onwards from one click', () => {
  const forked = paint(size, [
    { value: blood, distance: rod(0, [20, 13], 3) },
    {
      value: blood,
      distance: (x, y, z) => Math.max(Math.hypot(x - 34, z - 13) - 1.6, 20 - y),
    },
  ]);
  it('follows the vessel both ways to the edge of the volume and reports a branch', () => {
    const grown = growPath(forked, place(20, 20.6, 13.4), vessel);
    if (!grown.ok) throw new Error(grown.problem.code);
    const { ends, pieces, controls, branches } = grown.value;
    expect(ends).toEqual(['outside', 'outside']);
    expect(controls).toHaveLength(3);
    const all = pieces.flatMap((piece) => piece.pointsMm);
    expect(errors(all, [place(0, 20, 13), place(64, 20, 13)]).worst).toBeLessThan(0.3);
    expect(polylineLengthMm(all)).toBeGreaterThan(55);
    expect(branches).toHaveLength(1);
    expect(errors([branches[0]!.pointMm], [place(34, 20, 13), place(34, 44, 13)]).worst).toBeLessThan(0.4);
  });
  it('ends where the vessel ends, and goes one way when asked', () => {
    const along = place(1, 0, 0);
    const from = place(0, 0, 0);
    const direction = patientVector(along[0] - from[0], along[1] - from[1], along[2] - from[2]);
    const stump = paint(size, [
      { value: blood, distance: (x, y, z) => Math.max(Math.hypot(y - 20, z - 13) - 3, x - 45) },
    ]);
    const grown = growPath(stump, place(20, 20, 13), { ...vessel, direction });
    if (!grown.ok) throw new Error(grown.problem.code);
    expect(grown.value.ends[1]).toBe('ends');
    expect(grown.value.pieces).toHaveLength(1);
    const points = grown.value.pieces[0]!.pointsMm;
    expect(errors([points[points.length - 1]!], [place(45, 20, 13)]).worst).toBeLessThan(3);
  });
});

describe('what is no path', () => {
  const inGap = paint(size, [
    {
      value: blood,
      distance: (x, y, z) => Math.max(Math.hypot(y - 20, z - 13) - 3, 7 - Math.abs(x - 30)),
    },
  ]);
  const ends = [place(8, 20, 13), place(55, 20, 13)] as const;
  const codeOf = (answer: ReturnType<typeof findLine>): string =>
    answer.ok ? answer.value.problems.map((problem) => problem.code).join() : answer.problem.code;
  it('tells a gap and leaves a mere link', () => {
    expect(findPath(inGap, ...ends, vessel)).toMatchObject({ ok: false, problem: { code: 'PATH_GAP' } });
    const line = findLine(inGap, ends, vessel);
    expect(codeOf(line)).toBe('PATH_GAP');
    expect(line.ok && line.value.pieces.map((piece) => piece.state)).toEqual(['straight']);
  });
  it('calls a short occlusion weak, and a path between two vessels none', () => {
    const occluded = paint(size, [
      { value: blood, distance: (x, y, z) => Math.max(Math.hypot(y - 20, z - 13) - 3, 3 - Math.abs(x - 30)) },
    ]);
    const found = findPath(occluded, ...ends, vessel);
    expect(found.ok && [found.value.piece.state, found.value.problem?.code]).toEqual(['weak', 'PATH_WEAK']);
    const apart = paint(size, [
      { value: blood, distance: rod(0, [10, 13], 3) },
      { value: blood, distance: rod(0, [34, 13], 3) },
    ]);
    expect(codeOf(findLine(apart, [place(8, 10, 13), place(50, 34, 13)], vessel))).toBe('PATH_GAP');
  });
  it('calls a vessel thinner than a voxel weak, and the same in thin slices found', () => {
    const across = (sliceMm: number) => {
      const tube = makeTube({
        radiusMm: () => 1,
        axis: [1, 0, 0.3],
        lumen: 350,
        background: 40,
        sigmaMm: 0.4,
        spacingMm: [0.6, 0.6, sliceMm],
        offsetMm: [0.1, 0.2, 0.3],
        sizeMm: [40, 12, 24],
      });
      const found = findPath(tube.field, tube.point(-14), tube.point(14), vessel);
      return found.ok ? [found.value.piece.state, found.value.problem?.code] : [found.problem.code];
    };
    expect(across(3)).toEqual(['weak', 'PATH_THIN']);
    expect(across(1)).toEqual(['found', undefined]);
  });
  it('calls a path from contrast medium into plain tissue weak where values are HU', () => {
    const faded = paint(size, [
      { value: -80, distance: () => -9 },
      { value: 165, distance: rod(0, [20, 13], 3) },
      { value: 85, distance: (x, y, z) => Math.max(Math.hypot(y - 20, z - 13) - 3, 47 - x) },
    ]);
    const state = (isHu: boolean) => {
      const found = findPath(faded, ...ends, { ...vessel, isHu });
      return found.ok ? [found.value.piece.state, found.value.problem?.code] : found.problem.code;
    };
    expect(state(true)).toEqual(['weak', 'PATH_WEAK']);
    expect(state(false)).toEqual(['found', undefined]);
  });
  it('tells points that cannot be one', () => {
    const air = paint(size, [
      { value: -1000, distance: (x) => 40 - x },
      { value: blood, distance: rod(1, [20, 13], 3) },
    ]);
    const good = place(20, 8, 13);
    const other = place(20, 30, 13);
    const cases: readonly (readonly [readonly PatientPoint[], string])[] = [
      [[], 'PATH_ONE_POINT'],
      [[good], 'PATH_ONE_POINT'],
      [[good, good], 'PATH_SAME_POINT'],
      [[good, place(52, 20, 13)], 'PATH_POINT_IN_AIR'],
      [[good, place(-900, 20, 13)], 'PATH_POINT_OUTSIDE'],
      [[good, patientPoint(Number.NaN, 0, 0)], 'PATH_POINT_OUTSIDE'],
      [[good, other, good], 'PATH_LOOP'],
      [[good, other], ''],
    ];
    for (const [points, code] of cases) expect(codeOf(findLine(air, points, vessel))).toBe(code);
    expect(codeOf(findLine(air, [good, other], { ...vessel, verdict: 'none' }))).toBe('PATH_GEOMETRY_UNSAFE');
  });
  it('makes up nothing in a volume of one value, or of one slice', () => {
    const flat = paint([30, 30, 12], [], 0);
    expect(codeOf(findLine(flat, [place(5, 5, 5), place(12, 12, 6)], vessel))).toBe('PATH_NO_LUMEN');
    const thin = paint([30, 30, 1], [], 0);
    expect(codeOf(findLine(thin, [place(5, 5, 0), place(12, 12, 0)], vessel))).toBe('PATH_GEOMETRY_UNSAFE');
  });
});
