import type { SampledLine } from '../types.ts';

/** For tests: lines in closed form, with frames that do not twist in closed form too. */
type Triple = readonly [number, number, number];
type Curve = (sMm: number) => Triple;

const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function lineOf(
  lengthMm: number,
  stepMm: number,
  curves: { point: Curve; tangent: Curve; right: Curve; curvature: (sMm: number) => number },
): SampledLine {
  const count = Math.round(lengthMm / stepMm) + 1;
  const line = {
    count,
    stepMm: lengthMm / (count - 1),
    lengthMm,
    points: new Float64Array(3 * count),
    tangents: new Float64Array(3 * count),
    rights: new Float64Array(3 * count),
    downs: new Float64Array(3 * count),
    curvaturePerMm: new Float64Array(count),
    states: new Uint8Array(count),
  };
  for (let n = 0; n < count; n += 1) {
    const s = n * line.stepMm;
    const [t, r] = [curves.tangent(s), curves.right(s)];
    line.points.set(curves.point(s), 3 * n);
    line.tangents.set(t, 3 * n);
    line.rights.set(r, 3 * n);
    line.downs.set(cross(t, r), 3 * n);
    line.curvaturePerMm[n] = curves.curvature(s);
  }
  return line;
}

/** A circle's arc of radius r about (10, 20, 30) in the plane z = 30; right points away from its centre. */
export const arc = (r: number, angleRad: number, stepMm = 0.4): SampledLine =>
  lineOf(r * angleRad, stepMm, {
    point: (s) => [10 + r * Math.cos(s / r), 20 + r * Math.sin(s / r), 30],
    tangent: (s) => [-Math.sin(s / r), Math.cos(s / r), 0],
    right: (s) => [Math.cos(s / r), Math.sin(s / r), 0],
    curvature: () => 1 / r,
  });

export const helixCurvature = (r: number, c: number): number => r / (r * r + c * c);

/** A helix of radius r that climbs c mm per rad about the z axis; its frame turns back by the torsion. */
export function helix(r: number, c: number, lengthMm: number, stepMm = 0.4): SampledLine {
  const w = Math.hypot(r, c);
  const torsion = c / (w * w);
  const tangent: Curve = (s) => [(-r * Math.sin(s / w)) / w, (r * Math.cos(s / w)) / w, c / w];
  const normal: Curve = (s) => [-Math.cos(s / w), -Math.sin(s / w), 0];
  return lineOf(lengthMm, stepMm, {
    point: (s) => [r * Math.cos(s / w), r * Math.sin(s / w), (c * s) / w],
    tangent,
    right: (s) => {
      const [n, b] = [normal(s), cross(tangent(s), normal(s))];
      const [cos, sin] = [Math.cos(torsion * s), Math.sin(torsion * s)];
      return [0, 1, 2].map((a) => cos * n[a]! - sin * b[a]!) as unknown as Triple;
    },
    curvature: () => helixCurvature(r, c),
  });
}

/** Straight along a unit direction from a point. */
export const straight = (from: Triple, along: Triple, right: Triple, lengthMm: number, stepMm = 0.4) =>
  lineOf(lengthMm, stepMm, {
    point: (s) => [0, 1, 2].map((a) => from[a]! + s * along[a]!) as unknown as Triple,
    tangent: () => along,
    right: () => right,
    curvature: () => 0,
  });
