import { between, normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import { along, type CanalStation } from './canal-frame.ts';
import type { ColumnVertebra } from './column.ts';
import { boneHu } from './rib-section.ts';
import type { Side } from './types.ts';

/**
 * The neck and head of a rib lie between the transverse process and the body's edge, where sections across are no
 * longer islands. Of several smooth ways to the joint that is taken which runs through most bone.
 */
export interface RibHead {
  /** From the joint to the start of what was followed, about a millimetre apart; the last point is that start. */
  readonly pointsMm: readonly PatientPoint[];
  /** Share of the way within bone. */
  readonly boneShare: number;
}

/** Joints from the middle of the disc above to the middle of the body, in heights. */
const heights = [-0.5, -0.4, -0.3, -0.2, -0.1, 0];
const asidesMm = [0.5, 2.5];
const jointBackShare = 0.42;

function bezier(a: Vec3, b: Vec3, c: Vec3, d: Vec3, count: number): PatientPoint[] {
  return Array.from({ length: count }, (_, n) => {
    const t = n / (count - 1);
    const s = 1 - t;
    const at = (axis: 0 | 1 | 2): number =>
      s * s * s * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t * t * t * d[axis];
    return patientPoint(at(0), at(1), at(2));
  });
}

function shareOfBone(sampler: FieldSampler, points: readonly PatientPoint[]): number {
  const value = new Float64Array(1);
  let inside = 0;
  for (const p of points) {
    sampler.ray(value, 0, 1, p, [0, 0, 0]);
    // Values beyond compact bone's usual ones are no more bone.
    if (value[0]! > 0) inside += Math.min(1, value[0]! / (2 * boneHu));
  }
  return inside / points.length;
}

/** `followed` begins beside the spine. */
export function ribHead(
  sampler: FieldSampler,
  stations: readonly CanalStation[],
  vertebra: ColumnVertebra,
  side: Side,
  followed: readonly PatientPoint[],
): RibHead {
  const { down, left, front } =
    stations[Math.max(0, Math.min(stations.length - 1, Math.round(vertebra.station)))]!;
  const sign = side === 'left' ? 1 : -1;
  const start = followed[0]!;
  const inwards = normalise(between(followed[Math.min(followed.length - 1, 6)]!, start));
  let best: RibHead | undefined;
  for (const height of heights)
    for (const aside of asidesMm) {
      const level = along(vertebra.centreMm, down, height * vertebra.heightMm);
      const out = along(level, left, sign * (vertebra.halfWidthMm + aside));
      const joint = along(out, front, -jointBackShare * vertebra.depthMm);
      const apart = Math.hypot(start[0] - joint[0], start[1] - joint[1], start[2] - joint[2]);
      const towards = along(start, inwards, apart / 3);
      const neck = along(along(joint, left, sign * 0.2 * apart), front, -0.28 * apart);
      const pointsMm = bezier(joint, neck, towards, start, Math.max(4, Math.round(apart)));
      const boneShare = shareOfBone(sampler, pointsMm);
      if (!best || boneShare > best.boneShare) best = { pointsMm, boneShare };
    }
  return best!;
}
