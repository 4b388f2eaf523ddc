import type { PatientVector } from '../../geometry/types.ts';

/**
 * Frames that turn as little as possible along a line: double reflection (Wang, Jüttler, Zheng & Liu,
 * "Computation of rotation minimizing frames", ACM TOG 27(1), 2008), of fourth order in the step.
 */
export interface Frames {
  /** Unit, three numbers a station. */
  readonly rights: Float64Array;
  /** tangent × right. */
  readonly downs: Float64Array;
}

/** The part of (x, y, z) perpendicular to the unit tangent at `o`, normalised; null where they are parallel. */
function perpendicular(
  tangents: Float64Array,
  o: number,
  x: number,
  y: number,
  z: number,
): readonly [number, number, number] | null {
  const [tx, ty, tz] = [tangents[o]!, tangents[o + 1]!, tangents[o + 2]!];
  const along = x * tx + y * ty + z * tz;
  const [px, py, pz] = [x - along * tx, y - along * ty, z - along * tz];
  const size = Math.hypot(px, py, pz);
  return size > 1e-6 * Math.hypot(x, y, z) && size > 0 ? [px / size, py / size, pz / size] : null;
}

/** To the patient's left, unless the line runs that way: then to the back. */
function startRight(tangents: Float64Array): readonly [number, number, number] {
  const side = Math.abs(tangents[0]!) < 0.9 ? perpendicular(tangents, 0, 1, 0, 0) : null;
  return side ?? perpendicular(tangents, 0, 0, 1, 0) ?? [0, 0, 1];
}

/**
 * `points` and unit `tangents` hold three numbers a station. The first frame's right is the part of `right`
 * perpendicular to the line (chosen as in `startRight` where absent or parallel).
 */
export function rotationMinimisingFrames(
  points: Float64Array,
  tangents: Float64Array,
  right?: PatientVector,
): Frames {
  const count = Math.floor(points.length / 3);
  const rights = new Float64Array(3 * count);
  const downs = new Float64Array(3 * count);
  if (count === 0) return { rights, downs };
  let [rx, ry, rz] =
    (right && perpendicular(tangents, 0, right[0], right[1], right[2])) ?? startRight(tangents);
  for (let n = 0; n < count; n++) {
    const o = 3 * n;
    if (n > 0) [rx, ry, rz] = reflectTwice(points, tangents, o, rx, ry, rz);
    const [tx, ty, tz] = [tangents[o]!, tangents[o + 1]!, tangents[o + 2]!];
    rights.set([rx, ry, rz], o);
    downs.set([ty * rz - tz * ry, tz * rx - tx * rz, tx * ry - ty * rx], o);
  }
  return { rights, downs };
}

/** `right` at the station before `o`, carried to it. */
function reflectTwice(
  points: Float64Array,
  tangents: Float64Array,
  o: number,
  rx: number,
  ry: number,
  rz: number,
): readonly [number, number, number] {
  const p = o - 3;
  const vx = points[o]! - points[p]!;
  const vy = points[o + 1]! - points[p + 1]!;
  const vz = points[o + 2]! - points[p + 2]!;
  const c1 = vx * vx + vy * vy + vz * vz;
  let [ax, ay, az] = [rx, ry, rz];
  let [bx, by, bz] = [tangents[p]!, tangents[p + 1]!, tangents[p + 2]!];
  if (c1 > 0) {
    const kr = (2 / c1) * (vx * rx + vy * ry + vz * rz);
    const kt = (2 / c1) * (vx * bx + vy * by + vz * bz);
    [ax, ay, az] = [rx - kr * vx, ry - kr * vy, rz - kr * vz];
    [bx, by, bz] = [bx - kt * vx, by - kt * vy, bz - kt * vz];
  }
  const wx = tangents[o]! - bx;
  const wy = tangents[o + 1]! - by;
  const wz = tangents[o + 2]! - bz;
  const c2 = wx * wx + wy * wy + wz * wz;
  if (c2 > 1e-30) {
    const k = (2 / c2) * (wx * ax + wy * ay + wz * az);
    [ax, ay, az] = [ax - k * wx, ay - k * wy, az - k * wz];
  }
  // Rounding, and lines that turn back on themselves, must not add up.
  return perpendicular(tangents, o, ax, ay, az) ?? perpendicular(tangents, o, rx, ry, rz) ?? [ax, ay, az];
}

/**
 * Frames that stand upright: `rights` is the part of `footwards` perpendicular to the line, so that nothing turns with it.
 * Where the line runs along `footwards` the frame is carried on from the station before.
 */
export function uprightFrames(
  points: Float64Array,
  tangents: Float64Array,
  footwards: PatientVector,
): Frames {
  const count = Math.floor(points.length / 3);
  const rights = new Float64Array(3 * count);
  const downs = new Float64Array(3 * count);
  let [rx, ry, rz] = startRight(tangents);
  for (let n = 0; n < count; n++) {
    const o = 3 * n;
    [rx, ry, rz] = perpendicular(tangents, o, footwards[0], footwards[1], footwards[2]) ??
      perpendicular(tangents, o, rx, ry, rz) ?? [rx, ry, rz];
    const [tx, ty, tz] = [tangents[o]!, tangents[o + 1]!, tangents[o + 2]!];
    rights.set([rx, ry, rz], o);
    downs.set([ty * rz - tz * ry, tz * rx - tx * rz, tx * ry - ty * rx], o);
  }
  return { rights, downs };
}
