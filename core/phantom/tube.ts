/**
 * Tubes swept along curves: vessels, airways, ribs, bowel.
 *
 * A curve is a dense polyline; that polyline is the phantom's centreline, exactly. A point's distance
 * is that to the nearest piece minus the radius there, so the lumen is the union of discs in the
 * normal planes and its volume is the integral of the cross-section along the line (Pappus), as long
 * as the radius stays below the radius of curvature.
 */
import type { Vec3 } from '../geometry/types.ts';
import type { Shape } from './shape.ts';
import { add, cross, distance, dot, mix, scale, subtract, unit } from './vector.ts';

export interface Path {
  /** Polyline points, LPS mm, evenly spaced by arc length. */
  readonly points: readonly Vec3[];
  /** Arc length in mm at each point. */
  readonly arcMm: readonly number[];
}

const catmullRom = (a: number, b: number, c: number, d: number, t: number): number =>
  0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);

/** Smooth curve through control points, resampled evenly with about `stepMm`. */
export function splinePath(controls: readonly Vec3[], stepMm = 1): Path {
  const dense: Vec3[] = [];
  const last = controls.length - 1;
  for (let n = 0; n < last; n++) {
    const b = controls[n]!;
    const c = controls[n + 1]!;
    const a = controls[n - 1] ?? subtract(scale(b, 2), c);
    const d = controls[n + 2] ?? subtract(scale(c, 2), b);
    const steps = Math.max(4, Math.ceil((distance(b, c) / stepMm) * 4));
    for (let s = 0; s < steps; s++) {
      const t = s / steps;
      dense.push([
        catmullRom(a[0], b[0], c[0], d[0], t),
        catmullRom(a[1], b[1], c[1], d[1], t),
        catmullRom(a[2], b[2], c[2], d[2], t),
      ]);
    }
  }
  dense.push(controls[last]!);
  return resample(dense, stepMm);
}

function resample(dense: readonly Vec3[], stepMm: number): Path {
  const arc = [0];
  for (let n = 1; n < dense.length; n++) arc.push(arc[n - 1]! + distance(dense[n - 1]!, dense[n]!));
  const total = arc[arc.length - 1]!;
  const count = Math.max(1, Math.round(total / stepMm));
  const points: Vec3[] = [];
  let at = 0;
  for (let s = 0; s <= count; s++) {
    const target = (total * s) / count;
    while (at < dense.length - 2 && arc[at + 1]! < target) at++;
    const span = arc[at + 1]! - arc[at]!;
    points.push(mix(dense[at]!, dense[at + 1]!, span > 0 ? Math.min(1, (target - arc[at]!) / span) : 0));
  }
  const arcMm = [0];
  for (let n = 1; n < points.length; n++) arcMm.push(arcMm[n - 1]! + distance(points[n - 1]!, points[n]!));
  return { points, arcMm };
}

export const pathLengthMm = (path: Path): number => path.arcMm[path.arcMm.length - 1]!;

/** The point at an arc length, and the unit tangent there. */
export function pathAt(path: Path, arcMm: number): { readonly point: Vec3; readonly tangent: Vec3 } {
  let n = 0;
  while (n < path.points.length - 2 && path.arcMm[n + 1]! < arcMm) n++;
  const a = path.points[n]!;
  const b = path.points[n + 1]!;
  const t = (arcMm - path.arcMm[n]!) / (path.arcMm[n + 1]! - path.arcMm[n]!);
  return { point: mix(a, b, t), tangent: unit(subtract(b, a)) };
}

/** Ten numbers a piece: start, unit direction, length, radius at start, radius slope, reach. */
const pieceSize = 10;

function pieceShape(data: Float64Array, list: Int32Array | undefined, safety: number): Shape {
  const count = list ? list.length : data.length / pieceSize;
  return {
    safety,
    sdf(x, y, z) {
      let best = 1e9;
      for (let n = 0; n < count; n++) {
        const o = (list ? list[n]! : n) * pieceSize;
        const dx = x - data[o]!;
        const dy = y - data[o + 1]!;
        const dz = z - data[o + 2]!;
        const ux = data[o + 3]!;
        const uy = data[o + 4]!;
        const uz = data[o + 5]!;
        let t = dx * ux + dy * uy + dz * uz;
        const len = data[o + 6]!;
        t = t < 0 ? 0 : t > len ? len : t;
        const ex = dx - t * ux;
        const ey = dy - t * uy;
        const ez = dz - t * uz;
        const d = Math.sqrt(ex * ex + ey * ey + ez * ez) - data[o + 7]! - data[o + 8]! * t;
        if (d < best) best = d;
      }
      return best;
    },
    restrict(x, y, z, radiusMm) {
      const near: number[] = [];
      for (let n = 0; n < count; n++) {
        const index = list ? list[n]! : n;
        const o = index * pieceSize;
        const half = data[o + 6]! * 0.5;
        const dx = x - data[o]! - data[o + 3]! * half;
        const dy = y - data[o + 1]! - data[o + 4]! * half;
        const dz = z - data[o + 2]! - data[o + 5]! * half;
        const reach = data[o + 9]! + radiusMm;
        if (dx * dx + dy * dy + dz * dz <= reach * reach) near.push(index);
      }
      return near.length === count ? this : pieceShape(data, Int32Array.from(near), safety);
    },
  };
}

export interface TubeRun {
  readonly path: Path;
  /** Radius in mm at an arc length. */
  readonly radiusMm: (arcMm: number) => number;
}

/** One shape for any number of round tubes; ends are half balls. */
export function tubes(runs: readonly TubeRun[]): Shape {
  const pieces: number[] = [];
  let steepest = 0;
  for (const { path, radiusMm } of runs) {
    for (let n = 1; n < path.points.length; n++) {
      const a = path.points[n - 1]!;
      const b = path.points[n]!;
      const len = distance(a, b);
      if (len < 1e-9) continue;
      const u = unit(subtract(b, a));
      const r0 = radiusMm(path.arcMm[n - 1]!);
      const r1 = radiusMm(path.arcMm[n]!);
      const slope = (r1 - r0) / len;
      steepest = Math.max(steepest, Math.abs(slope));
      pieces.push(...a, ...u, len, r0, slope, len / 2 + Math.max(r0, r1));
    }
  }
  return pieceShape(Float64Array.from(pieces), undefined, 1 / Math.sqrt(1 + steepest * steepest));
}

export const tube = (path: Path, radiusMm: number | ((arcMm: number) => number)): Shape =>
  tubes([{ path, radiusMm: typeof radiusMm === 'number' ? () => radiusMm : radiusMm }]);

/**
 * A bar of elliptic cross-section along a path: `thickMm` is the half size along `normal(point)`,
 * `tallMm` the one across it; each a constant or a function of the share (0–1) of the length.
 */
export function bar(
  path: Path,
  thickMm: (share: number) => number,
  tallMm: (share: number) => number,
  normal: (point: Vec3) => Vec3,
): Shape {
  const pieces: number[] = [];
  const total = pathLengthMm(path);
  let worst = 1;
  for (let n = 1; n < path.points.length; n++) {
    const a = path.points[n - 1]!;
    const b = path.points[n]!;
    const u = unit(subtract(b, a));
    const wanted = normal(mix(a, b, 0.5));
    const across = unit(cross(u, wanted));
    const out = cross(across, u);
    const share = (path.arcMm[n - 1]! + path.arcMm[n]!) / 2 / total;
    const thick = thickMm(share);
    const tall = tallMm(share);
    worst = Math.max(worst, thick / tall, tall / thick);
    pieces.push(...a, ...u, distance(a, b), ...out, thick, tall);
  }
  return barShape(Float64Array.from(pieces), undefined, Math.max(0.3, 0.8 / Math.sqrt(worst)));
}

const barPieceSize = 12;

function barShape(data: Float64Array, list: Int32Array | undefined, safety: number): Shape {
  const count = list ? list.length : data.length / barPieceSize;
  return {
    safety,
    sdf(x, y, z) {
      let best = 1e9;
      for (let n = 0; n < count; n++) {
        const o = (list ? list[n]! : n) * barPieceSize;
        const dx = x - data[o]!;
        const dy = y - data[o + 1]!;
        const dz = z - data[o + 2]!;
        const along = dx * data[o + 3]! + dy * data[o + 4]! + dz * data[o + 5]!;
        const len = data[o + 6]!;
        const t = along < 0 ? 0 : along > len ? len : along;
        const p = dx * data[o + 7]! + dy * data[o + 8]! + dz * data[o + 9]!;
        const over = along - t;
        const ex = dx - along * data[o + 3]!;
        const ey = dy - along * data[o + 4]!;
        const ez = dz - along * data[o + 5]!;
        const q2 = Math.max(0, ex * ex + ey * ey + ez * ez - p * p);
        const ia = 1 / data[o + 10]!;
        const ib = 1 / data[o + 11]!;
        const pp = p * p * ia * ia;
        const qq = (q2 + over * over) * ib * ib;
        const k0 = Math.sqrt(pp + qq);
        const k1 = Math.sqrt(pp * ia * ia + qq * ib * ib);
        const least = Math.min(data[o + 10]!, data[o + 11]!);
        const d = k1 < 1e-9 ? -least : Math.max(-least, (k0 * (k0 - 1)) / k1);
        if (d < best) best = d;
      }
      return best;
    },
    restrict(x, y, z, radiusMm) {
      const near: number[] = [];
      for (let n = 0; n < count; n++) {
        const index = list ? list[n]! : n;
        const o = index * barPieceSize;
        const half = data[o + 6]! * 0.5;
        const dx = x - data[o]! - data[o + 3]! * half;
        const dy = y - data[o + 1]! - data[o + 4]! * half;
        const dz = z - data[o + 2]! - data[o + 5]! * half;
        const reach = half + Math.max(data[o + 10]!, data[o + 11]!) + radiusMm;
        if (dx * dx + dy * dy + dz * dz <= reach * reach) near.push(index);
      }
      return near.length === count ? this : barShape(data, Int32Array.from(near), safety);
    },
  };
}

/** Straight two-point path. */
export const linePath = (a: Vec3, b: Vec3, stepMm = 2): Path => {
  const count = Math.max(1, Math.round(distance(a, b) / stepMm));
  const points = Array.from({ length: count + 1 }, (_, n) => mix(a, b, n / count));
  return { points, arcMm: points.map((point) => distance(a, point)) };
};

/** A point moved along the component of `away` that is normal to `tangent`. */
export const beside = (point: Vec3, tangent: Vec3, away: Vec3, byMm: number): Vec3 =>
  add(point, scale(unit(subtract(away, scale(tangent, dot(away, tangent)))), byMm));
