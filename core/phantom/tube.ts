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

/** Distance functions over numbered pieces; only those that can matter in a ball are kept there. */
interface Pieces {
  readonly count: number;
  /** Signed distance of one piece. */
  distance(piece: number, x: number, y: number, z: number): number;
  /** True when the piece is surely further than `radiusMm` from the point. */
  beyond(piece: number, x: number, y: number, z: number, radiusMm: number): boolean;
}

/** Working space of `restrict`, which never calls itself. */
const space = { near: new Int32Array(256), distances: new Float64Array(256) };
function scratch(count: number): typeof space {
  if (space.near.length < count) {
    space.near = new Int32Array(count * 2);
    space.distances = new Float64Array(count * 2);
  }
  return space;
}

function piecesShape(pieces: Pieces, list: readonly number[] | undefined, safety: number): Shape {
  const count = list ? list.length : pieces.count;
  return {
    safety,
    sdf(x, y, z) {
      let best = 1e9;
      for (let n = 0; n < count; n++) {
        const d = pieces.distance(list ? list[n]! : n, x, y, z);
        if (d < best) best = d;
      }
      return best;
    },
    restrict(x, y, z, radiusMm) {
      const { near, distances } = scratch(count);
      let found = 0;
      let best = 1e9;
      for (let n = 0; n < count; n++) {
        const piece = list ? list[n]! : n;
        if (pieces.beyond(piece, x, y, z, radiusMm)) continue;
        const d = pieces.distance(piece, x, y, z);
        if (d < best) best = d;
        near[found] = piece;
        distances[found++] = d;
      }
      if (best * safety > radiusMm) return undefined;
      // Within the ball distances change by at most radius / safety: the others are never the least.
      const limit = best + (2 * radiusMm) / safety;
      const kept: number[] = [];
      for (let n = 0; n < found; n++) if (distances[n]! <= limit) kept.push(near[n]!);
      return kept.length === count ? this : piecesShape(pieces, kept, safety);
    },
  };
}

/** Ten numbers a piece: start, unit direction, length, radius at start, radius slope, reach. */
const pieceSize = 10;

/** True when the middle of a piece (its data at `o`) is further than `reach` from the point. */
function middleBeyond(
  data: Float64Array,
  o: number,
  x: number,
  y: number,
  z: number,
  reach: number,
): boolean {
  const half = data[o + 6]! * 0.5;
  const dx = x - data[o]! - data[o + 3]! * half;
  const dy = y - data[o + 1]! - data[o + 4]! * half;
  const dz = z - data[o + 2]! - data[o + 5]! * half;
  return dx * dx + dy * dy + dz * dz > reach * reach;
}

const roundPieces = (data: Float64Array): Pieces => ({
  count: data.length / pieceSize,
  beyond: (piece, x, y, z, radiusMm) =>
    middleBeyond(data, piece * pieceSize, x, y, z, data[piece * pieceSize + 9]! + radiusMm),
  distance(piece, x, y, z) {
    const o = piece * pieceSize;
    const dx = x - data[o]!;
    const dy = y - data[o + 1]!;
    const dz = z - data[o + 2]!;
    const ux = data[o + 3]!;
    const uy = data[o + 4]!;
    const uz = data[o + 5]!;
    const along = dx * ux + dy * uy + dz * uz;
    const len = data[o + 6]!;
    const t = along < 0 ? 0 : along > len ? len : along;
    const ex = dx - t * ux;
    const ey = dy - t * uy;
    const ez = dz - t * uz;
    return Math.sqrt(ex * ex + ey * ey + ez * ez) - data[o + 7]! - data[o + 8]! * t;
  },
});

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
  const data = Float64Array.from(pieces);
  return piecesShape(roundPieces(data), undefined, 1 / Math.sqrt(1 + steepest * steepest));
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
  const data = Float64Array.from(pieces);
  return piecesShape(barPieces(data), undefined, Math.max(0.3, 0.8 / Math.sqrt(worst)));
}

/** Start, unit direction, length, unit thickness direction, half thickness, half height. */
const barPieceSize = 12;

const barPieces = (data: Float64Array): Pieces => ({
  count: data.length / barPieceSize,
  beyond(piece, x, y, z, radiusMm) {
    const o = piece * barPieceSize;
    const size = data[o + 10]! > data[o + 11]! ? data[o + 10]! : data[o + 11]!;
    return middleBeyond(data, o, x, y, z, data[o + 6]! * 0.5 + size + radiusMm);
  },
  distance(piece, x, y, z) {
    const o = piece * barPieceSize;
    const dx = x - data[o]!;
    const dy = y - data[o + 1]!;
    const dz = z - data[o + 2]!;
    const along = dx * data[o + 3]! + dy * data[o + 4]! + dz * data[o + 5]!;
    const len = data[o + 6]!;
    const over = along < 0 ? along : along > len ? along - len : 0;
    const p = dx * data[o + 7]! + dy * data[o + 8]! + dz * data[o + 9]!;
    const q2 = dx * dx + dy * dy + dz * dz - along * along - p * p;
    const thick = data[o + 10]!;
    const tall = data[o + 11]!;
    const least = thick < tall ? thick : tall;
    const ia = 1 / (thick * thick);
    const ib = 1 / (tall * tall);
    // Ends are rounded by the smaller half size, so that a flat bar ends almost square.
    const ic = 1 / (least * least);
    const pp = p * p * ia;
    const qq = q2 > 0 ? q2 * ib : 0;
    const oo = over * over * ic;
    const k0 = Math.sqrt(pp + qq + oo);
    const k1 = Math.sqrt(pp * ia + qq * ib + oo * ic);
    const d = k1 < 1e-9 ? -least : (k0 * (k0 - 1)) / k1;
    return d < -least ? -least : d;
  },
});

/** Straight two-point path. */
export const linePath = (a: Vec3, b: Vec3, stepMm = 2): Path => {
  const count = Math.max(1, Math.round(distance(a, b) / stepMm));
  const points = Array.from({ length: count + 1 }, (_, n) => mix(a, b, n / count));
  return { points, arcMm: points.map((point) => distance(a, point)) };
};

/** A point moved along the component of `away` that is normal to `tangent`. */
export const beside = (point: Vec3, tangent: Vec3, away: Vec3, byMm: number): Vec3 =>
  add(point, scale(unit(subtract(away, scale(tangent, dot(away, tangent)))), byMm));
