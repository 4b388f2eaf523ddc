import type { LumenContour } from '../types.ts';

/** What a closed contour measures. */
export interface ContourShape {
  readonly areaMm2: number;
  /** Least, largest and mean calliper width. */
  readonly minDiameterMm: number;
  readonly maxDiameterMm: number;
  readonly meanDiameterMm: number;
  /** 2√(A/π). */
  readonly equivalentDiameterMm: number;
  /** Of the area, from the contour's centre along `right` and `down`. */
  readonly centroidMm: readonly [number, number];
  /** Angles from `right` towards `down` in which the calliper's width is least and largest. */
  readonly minAngleRad: number;
  readonly maxAngleRad: number;
}

const directions = 90;

/** By any number of radii at equal angles. The curve between them is taken as an arc of a spiral, not as a chord. */
export function contourShape(contour: Pick<LumenContour, 'radiiMm'>): ContourShape {
  const { radiiMm } = contour;
  const n = radiiMm.length;
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  const turn = (2 * Math.PI) / n;
  let [area, cx, cy] = [0, 0, 0];
  for (let ray = 0; ray < n; ray++) {
    const r = radiiMm[ray]!;
    xs[ray] = r * Math.cos(ray * turn);
    ys[ray] = r * Math.sin(ray * turn);
    area += (r * r * turn) / 2;
    cx += (r ** 3 * Math.cos(ray * turn) * turn) / 3;
    cy += (r ** 3 * Math.sin(ray * turn) * turn) / 3;
  }
  let [least, largest, sum, leastAt, largestAt] = [Number.POSITIVE_INFINITY, 0, 0, 0, 0];
  for (let d = 0; d < directions; d++) {
    const angle = (Math.PI * d) / directions;
    const width = calliper(xs, ys, angle);
    sum += width;
    if (width < least) [least, leastAt] = [width, angle];
    if (width > largest) [largest, largestAt] = [width, angle];
  }
  return {
    areaMm2: area,
    minDiameterMm: least,
    maxDiameterMm: largest,
    meanDiameterMm: sum / directions,
    equivalentDiameterMm: 2 * Math.sqrt(area / Math.PI),
    centroidMm: area > 0 ? [cx / area, cy / area] : [0, 0],
    minAngleRad: leastAt,
    maxAngleRad: largestAt,
  };
}

/** Width between parallel lines perpendicular to a direction, through a parabola at the outermost points. */
function calliper(xs: Float64Array, ys: Float64Array, angleRad: number): number {
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  let [low, high] = [0, 0];
  let [lowAt, highAt] = [0, 0];
  for (let n = 0; n < xs.length; n++) {
    const along = xs[n]! * c + ys[n]! * s;
    if (n === 0 || along < low) [low, lowAt] = [along, n];
    if (n === 0 || along > high) [high, highAt] = [along, n];
  }
  const peak = (n: number, sign: number): number => {
    const before = (n + xs.length - 1) % xs.length;
    const after = (n + 1) % xs.length;
    const at = (m: number): number => sign * (xs[m]! * c + ys[m]! * s);
    const [a, b, d] = [at(before), at(n), at(after)];
    const bend = a - 2 * b + d;
    return bend < 0 ? b - (a - d) ** 2 / (8 * bend) : b;
  };
  return peak(highAt, 1) + peak(lowAt, -1);
}

/** Share of a contour's convex hull that is not of the contour: 0 for circles and ovals, a waist makes it more. */
export function hollowShare({ radiiMm }: Pick<LumenContour, 'radiiMm'>): number {
  const turn = (2 * Math.PI) / radiiMm.length;
  const points = Array.from(radiiMm, (r, n): Point => [r * Math.cos(n * turn), r * Math.sin(n * turn)]);
  const whole = polygonArea(convexHull(points));
  return whole > 0 ? 1 - polygonArea(points) / whole : 0;
}

type Point = readonly [x: number, y: number];

const polygonArea = (points: readonly Point[]): number =>
  Math.abs(
    points.reduce((sum, [x, y], n) => {
      const [nextX, nextY] = points[(n + 1) % points.length]!;
      return sum + x * nextY - nextX * y;
    }, 0),
  ) / 2;

/** Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: readonly Point[]): Point[] => {
    const out: Point[] = [];
    for (const p of ordered) {
      while (out.length > 1 && turnOf(out[out.length - 2]!, out[out.length - 1]!, p) <= 0) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

const turnOf = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
