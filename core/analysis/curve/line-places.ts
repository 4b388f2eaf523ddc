import { between, dot, length, normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector } from '../../geometry/types.ts';
import type { SampledLine } from '../types.ts';
import { isFinitePoint, mixPoints } from './polyline.ts';
import { stationPoint } from './sample-line.ts';

/** Places on a sampled line, and what describes its run. Arc lengths are mm from its start. */
export interface LinePlace {
  readonly atMm: number;
  readonly pointMm: PatientPoint;
  /** From the point asked for. */
  readonly distanceMm: number;
}

const vectorAt = (values: Float64Array, n: number): PatientVector =>
  patientVector(values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!);

/** Station number (with its fraction) at an arc length, clamped to the line. */
export function stationAt(line: SampledLine, atMm: number): number {
  if (line.count < 2 || !(line.stepMm > 0) || !(atMm > 0)) return 0;
  return Math.min(line.count - 1, atMm / line.stepMm);
}

/** The point at an arc length, clamped to the line; undefined for an empty line. */
export function pointAtMm(line: SampledLine, atMm: number): PatientPoint | undefined {
  if (line.count === 0) return undefined;
  const at = stationAt(line, atMm);
  const n = Math.min(line.count - 1, Math.floor(at));
  return n + 1 < line.count
    ? mixPoints(stationPoint(line, n), stationPoint(line, n + 1), at - n)
    : stationPoint(line, n);
}

export interface LineFrame {
  readonly pointMm: PatientPoint;
  readonly tangent: PatientVector;
  readonly right: PatientVector;
  /** right × down is the tangent. */
  readonly down: PatientVector;
}

/** Point and frame at an arc length, interpolated and made orthonormal; undefined for an empty line. */
export function frameAtMm(line: SampledLine, atMm: number): LineFrame | undefined {
  const pointMm = pointAtMm(line, atMm);
  if (!pointMm) return undefined;
  const at = stationAt(line, atMm);
  const n = Math.min(line.count - 1, Math.floor(at));
  const m = Math.min(line.count - 1, n + 1);
  const mixed = (values: Float64Array): PatientVector =>
    mixPoints(
      vectorAt(values, n) as unknown as PatientPoint,
      vectorAt(values, m) as unknown as PatientPoint,
      at - n,
    ) as unknown as PatientVector;
  const tangent = normalise(mixed(line.tangents));
  const r = mixed(line.rights);
  const along = dot(r, tangent);
  const right = normalise(
    patientVector(r[0] - along * tangent[0], r[1] - along * tangent[1], r[2] - along * tangent[2]),
  );
  const down = patientVector(
    tangent[1] * right[2] - tangent[2] * right[1],
    tangent[2] * right[0] - tangent[0] * right[2],
    tangent[0] * right[1] - tangent[1] * right[0],
  );
  return { pointMm, tangent, right, down };
}

/** The place on the line nearest to a point; undefined for an empty line or a point that is not finite. */
export function nearestPlace(line: SampledLine, to: PatientPoint): LinePlace | undefined {
  if (line.count === 0 || !isFinitePoint(to)) return undefined;
  const { points } = line;
  let best = Number.POSITIVE_INFINITY;
  let bestAt = 0;
  for (let n = 0; n < Math.max(1, line.count - 1); n++) {
    const o = 3 * n;
    const last = line.count === 1;
    const [dx, dy, dz] = [points[o]! - to[0], points[o + 1]! - to[1], points[o + 2]! - to[2]];
    const ux = last ? 0 : points[o + 3]! - points[o]!;
    const uy = last ? 0 : points[o + 4]! - points[o + 1]!;
    const uz = last ? 0 : points[o + 5]! - points[o + 2]!;
    const squared = ux * ux + uy * uy + uz * uz;
    const share = squared > 0 ? Math.max(0, Math.min(1, -(dx * ux + dy * uy + dz * uz) / squared)) : 0;
    const away = (dx + share * ux) ** 2 + (dy + share * uy) ** 2 + (dz + share * uz) ** 2;
    if (away < best) {
      best = away;
      bestAt = n + share;
    }
  }
  const atMm = bestAt * line.stepMm;
  return { atMm, pointMm: pointAtMm(line, atMm)!, distanceMm: Math.sqrt(best) };
}

/** Arc length over the distance between two places (1 = straight); NaN where they are one place. */
export function tortuosity(line: SampledLine, fromMm = 0, toMm = line.lengthMm): number {
  const a = pointAtMm(line, fromMm);
  const b = pointAtMm(line, toMm);
  if (!a || !b) return Number.NaN;
  const arcMm =
    Math.abs(Math.min(toMm, line.lengthMm) - Math.max(0, fromMm)) || (line.count > 1 ? 0 : Number.NaN);
  const chordMm = length(between(a, b));
  return chordMm > 0 ? arcMm / chordMm : Number.NaN;
}

/**
 * Angle in rad (0…π) between the course of `branch` as it leaves and that of `parent` at `atMm`, each taken over
 * `reachMm` of arc: 0 = the branch goes on along the parent. NaN where a line has no length.
 */
export function branchAngleRad(parent: SampledLine, atMm: number, branch: SampledLine, reachMm = 10): number {
  const along = (line: SampledLine, fromMm: number): PatientVector | undefined => {
    const a = pointAtMm(line, fromMm);
    const b = pointAtMm(line, fromMm + reachMm);
    if (!a || !b) return undefined;
    const v = between(a, b);
    if (length(v) > 0) return normalise(v);
    return line.count > 1 ? vectorAt(line.tangents, line.count - 1) : undefined;
  };
  const p = along(parent, atMm);
  const b = along(branch, 0);
  return p && b ? Math.acos(Math.max(-1, Math.min(1, dot(p, b)))) : Number.NaN;
}
