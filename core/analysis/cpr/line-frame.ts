import type { SampledLine } from '../types.ts';

/** Where point, tangent, right and down stand in what `readFrame` writes. */
export const framePlaces = { point: 0, tangent: 3, right: 6, down: 9 } as const;
export const frameNumbers = 12;

const { tangent: t, right: r, down: d } = framePlaces;

/** Below this, vectors between two stations cancel out: the line turns back on itself there. */
const leastLength = 1e-6;

/** False where there is nothing to normalise. */
function normaliseAt(v: Float64Array, at: number): boolean {
  const size = Math.hypot(v[at]!, v[at + 1]!, v[at + 2]!);
  for (let a = 0; a < 3; a += 1) v[at + a] = v[at + a]! / size;
  return size > leastLength;
}

/** The frame of one station. */
function readStation({ tangents, rights }: SampledLine, n: number, out: Float64Array): void {
  for (let a = 0; a < 3; a += 1) {
    out[t + a] = tangents[3 * n + a]!;
    out[r + a] = rights[3 * n + a]!;
  }
}

/**
 * Point and frame of a line at arc length `sMm` into `out`. Points lie on the cubic through the stations
 * along their tangents; beyond its ends the line goes straight on.
 */
export function readFrame(line: SampledLine, sMm: number, out: Float64Array): void {
  const { count, stepMm, lengthMm, points, tangents, rights } = line;
  const within = Math.min(Math.max(sMm, 0), lengthMm);
  const n = stepMm > 0 ? Math.min(Math.floor(within / stepMm), Math.max(count - 2, 0)) : 0;
  const m = Math.min(n + 1, count - 1);
  const f = stepMm > 0 ? Math.min(within / stepMm - n, 1) : 0;
  const [f2, f3] = [f * f, f * f * f];
  const beyond = sMm - within;
  for (let a = 0; a < 3; a += 1) {
    const [p, q] = [points[3 * n + a]!, points[3 * m + a]!];
    const [u, v] = [tangents[3 * n + a]!, tangents[3 * m + a]!];
    out[a] =
      (2 * f3 - 3 * f2 + 1) * p +
      (3 * f2 - 2 * f3) * q +
      stepMm * ((f3 - 2 * f2 + f) * u + (f3 - f2) * v) +
      beyond * (sMm < 0 ? u : v);
    out[t + a] = u + f * (v - u);
    out[r + a] = rights[3 * n + a]! + f * (rights[3 * m + a]! - rights[3 * n + a]!);
  }
  const hasTangent = normaliseAt(out, t);
  const along = out[r]! * out[t]! + out[r + 1]! * out[t + 1]! + out[r + 2]! * out[t + 2]!;
  for (let a = 0; a < 3; a += 1) out[r + a] = out[r + a]! - along * out[t + a]!;
  if (!normaliseAt(out, r) || !hasTangent) readStation(line, f < 0.5 ? n : m, out);
  out[d] = out[t + 1]! * out[r + 2]! - out[t + 2]! * out[r + 1]!;
  out[d + 1] = out[t + 2]! * out[r]! - out[t]! * out[r + 2]!;
  out[d + 2] = out[t]! * out[r + 1]! - out[t + 1]! * out[r]!;
}
