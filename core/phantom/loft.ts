/** Bodies given by a cross-section that changes with height: trunk, rib cage, abdomen. */
import type { Vec3 } from '../geometry/types.ts';
import type { Shape } from './shape.ts';
import { unit } from './vector.ts';

/** One level: height z, half width, half depth to the front and to the back, centre y, squareness 0–1. */
export type Level = readonly [
  zMm: number,
  halfWidthMm: number,
  frontMm: number,
  backMm: number,
  centreYMm: number,
  square: number,
];

export interface Loft extends Shape {
  /** Half width, front, back, centre y and squareness at a height. */
  at(zMm: number): readonly [number, number, number, number, number];
  /** Point of the surface seen from the axis: angle 0 is back, π/2 is +x (left), π is front. */
  surface(angleRad: number, zMm: number): Vec3;
  /** Outward unit normal within the cross-section, at any point. */
  normal(point: Vec3): Vec3;
}

const fields = 5;

/** Catmull-Rom interpolation of the levels, tabulated each millimetre. */
function tabulate(levels: readonly Level[]): { table: Float64Array; low: number; rows: number } {
  const low = levels[0]![0];
  const high = levels[levels.length - 1]![0];
  const rows = Math.round(high - low) + 1;
  const table = new Float64Array(rows * fields);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const z = low + row;
    while (at < levels.length - 2 && levels[at + 1]![0] < z) at++;
    const b = levels[at]!;
    const c = levels[at + 1]!;
    const a = levels[at - 1] ?? b;
    const d = levels[at + 2] ?? c;
    const span = c[0] - b[0];
    const t = (z - b[0]) / span;
    for (let f = 0; f < fields; f++) {
      const g = f + 1;
      const m0 = a === b ? 0 : ((c[g]! - a[g]!) / (c[0] - a[0])) * span;
      const m1 = d === c ? 0 : ((d[g]! - b[g]!) / (d[0] - b[0])) * span;
      const [t2, t3] = [t * t, t * t * t];
      table[row * fields + f] =
        (2 * t3 - 3 * t2 + 1) * b[g]! + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * c[g]! + (t3 - t2) * m1;
    }
  }
  return { table, low, rows };
}

/** Safety (see Shape) of the part of a loft between two heights: steep walls make distances too long. */
function loftSafety(
  table: Float64Array,
  low: number,
  rows: number,
): (fromZMm: number, toZMm: number) => number {
  const slope = new Float64Array(rows);
  let ratio = 1;
  for (let row = 0; row < rows; row++) {
    const sizes = [0, 1, 2].map((f) => table[row * fields + f]!);
    ratio = Math.max(ratio, Math.max(...sizes) / Math.min(...sizes));
    const next = Math.min(row + 1, rows - 1);
    for (let f = 0; f < 4; f++)
      slope[row] = Math.max(slope[row]!, Math.abs(table[next * fields + f]! - table[row * fields + f]!));
  }
  return (fromZ, toZ) => {
    let steepest = 0;
    const last = Math.min(rows - 1, Math.ceil(toZ - low));
    for (let row = Math.max(0, Math.floor(fromZ - low)); row <= last; row++)
      steepest = Math.max(steepest, slope[row]!);
    return 0.95 / Math.sqrt(1 + steepest * steepest) / ratio ** 0.35;
  };
}

/** `levels` rise in z; the body ends flat at the first and last level. */
export function loft(levels: readonly Level[]): Loft {
  const { table, low, rows } = tabulate(levels);
  const high = low + rows - 1;
  const safetyBetween = loftSafety(table, low, rows);
  const field = (z: number, f: number): number => {
    const h = z <= low ? 0 : z >= high ? rows - 1.000001 : z - low;
    const row = h | 0;
    const o = row * fields + f;
    return table[o]! + (table[o + fields]! - table[o]!) * (h - row);
  };
  const size = (dx: number, dy: number, m: number): number => {
    const x2 = dx * dx;
    const y2 = dy * dy;
    return Math.sqrt((1 - m) * (x2 + y2) + m * Math.sqrt(x2 * x2 + y2 * y2));
  };
  // Many parts ask for the same loft at the same point, one after another.
  let [lastX, lastY, lastZ, last] = [Number.NaN, 0, 0, 0];
  const sdf = (x: number, y: number, z: number): number => {
    if (x === lastX && y === lastY && z === lastZ) return last;
    lastX = x;
    lastY = y;
    lastZ = z;
    last = distanceAt(x, y, z);
    return last;
  };
  const distanceAt = (x: number, y: number, z: number): number => {
    const h = z <= low ? 0 : z >= high ? rows - 1.000001 : z - low;
    const row = h | 0;
    const f = h - row;
    const o = row * fields;
    const a = table[o]! + (table[o + 5]! - table[o]!) * f;
    const cy = table[o + 3]! + (table[o + 8]! - table[o + 3]!) * f;
    const m = table[o + 4]! + (table[o + 9]! - table[o + 4]!) * f;
    const side = y < cy ? 1 : 2;
    const b = table[o + side]! + (table[o + 5 + side]! - table[o + side]!) * f;
    const px = x / a;
    const py = (y - cy) / b;
    const x2 = px * px;
    const y2 = py * py;
    const root = Math.sqrt(x2 * x2 + y2 * y2);
    const k = Math.sqrt((1 - m) * (x2 + y2) + m * root);
    const least = a < b ? a : b;
    if (k < 1e-6) return Math.max(-least, low - z, z - high);
    const gx = ((1 - m) * px + (m * x2 * px) / root) / a / k;
    const gy = ((1 - m) * py + (m * y2 * py) / root) / b / k;
    // The radius' change with height makes the wall lean: its distance is shorter by that slope.
    const lean = (table[o + 5]! - table[o]!) * 0.5 + (table[o + 5 + side]! - table[o + side]!) * 0.5;
    let d = (k - 1) / Math.sqrt(gx * gx + gy * gy) / Math.sqrt(1 + lean * lean);
    if (d < -least) d = -least;
    return Math.max(d, low - z, z - high);
  };
  return {
    sdf,
    safety: safetyBetween(low, high),
    // Slopes are local: away from the shoulders the distance is nearly exact.
    restrict(x, y, z, radiusMm) {
      const reach = radiusMm * 1.5;
      const safety = safetyBetween(z - reach, z + reach);
      return sdf(x, y, z) * safety < radiusMm ? { safety, sdf } : undefined;
    },
    at: (z) => [field(z, 0), field(z, 1), field(z, 2), field(z, 3), field(z, 4)],
    surface(angleRad, zMm) {
      const s = Math.sin(angleRad);
      const c = Math.cos(angleRad);
      const k = size(s, c, field(zMm, 4));
      return [(s / k) * field(zMm, 0), field(zMm, 3) + (c / k) * field(zMm, c < 0 ? 1 : 2), zMm];
    },
    normal([x, y, z]) {
      const e = 0.5;
      return unit([sdf(x + e, y, z) - sdf(x - e, y, z), sdf(x, y + e, z) - sdf(x, y - e, z), 0]);
    },
  };
}
