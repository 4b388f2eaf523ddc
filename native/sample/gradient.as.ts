// AssemblyScript. Central differences over one voxel each way of the trilinear field, at four points.
// For 16-bit voxels away from the border the 32 corners of the six samples are read as 12 rows: the
// same numbers as six samples, at less than half the work. Otherwise six samples are taken.
import {
  hasNoData,
  lastX,
  lastY,
  lastZ,
  load16,
  mix,
  nearest,
  noData,
  rowBytes,
  sample4,
  sliceBytes,
  takeTouched,
  touch,
  voxels,
} from './sample.as';

export let gradientX: v128 = i32x4(0, 0, 0, 0);
export let gradientY: v128 = i32x4(0, 0, 0, 0);
export let gradientZ: v128 = i32x4(0, 0, 0, 0);

/** Of the row read last: value, and difference along x. */
let rowValue: v128 = i32x4(0, 0, 0, 0);
let rowSlope: v128 = i32x4(0, 0, 0, 0);

function low<T>(pair: v128): v128 {
  if (isSigned<T>()) return f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(pair, 16), 16));
  return f32x4.convert_i32x4_s(v128.and(pair, i32x4.splat(0xffff)));
}

function high<T>(pair: v128): v128 {
  if (isSigned<T>()) return f32x4.convert_i32x4_s(i32x4.shr_s(pair, 16));
  return f32x4.convert_i32x4_s(i32x4.shr_u(pair, 16));
}

/** Four voxels of a row from x − 1 on, for each lane. */
function wideRow<T>(p0: usize, p1: usize, p2: usize, p3: usize, fx: v128): void {
  const first = v128.load64_lane(p1, v128.load64_zero(p0), 1);
  const second = v128.load64_lane(p3, v128.load64_zero(p2), 1);
  if (hasNoData) {
    const padding = i16x8.splat(<i16>(<i32>noData));
    touch(v128.or(i16x8.eq(first, padding), i16x8.eq(second, padding)));
  }
  const left = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  const a = low<T>(left);
  const b = high<T>(left);
  const c = low<T>(right);
  const d = high<T>(right);
  rowValue = mix(b, c, fx);
  rowSlope = mix(f32x4.sub(c, a), f32x4.sub(d, b), fx);
}

/** True where lanes are at least one voxel away from reading outside. */
function within(at: v128, last: f32): v128 {
  return v128.and(f32x4.ge(at, f32x4.splat(1)), f32x4.lt(at, f32x4.splat(last - <f32>1)));
}

function byRows<T>(x: v128, y: v128, z: v128): bool {
  const inner = v128.and(within(x, lastX), v128.and(within(y, lastY), within(z, lastZ)));
  if (nearest || !i32x4.all_true(inner)) return false;
  const i = i32x4.trunc_sat_f32x4_s(x);
  const j = i32x4.trunc_sat_f32x4_s(y);
  const k = i32x4.trunc_sat_f32x4_s(z);
  const fx = f32x4.sub(x, f32x4.convert_i32x4_s(i));
  const fy = f32x4.sub(y, f32x4.convert_i32x4_s(j));
  const fz = f32x4.sub(z, f32x4.convert_i32x4_s(k));
  const rows = i32x4.add(i32x4.mul(j, i32x4.splat(rowBytes)), i32x4.mul(k, i32x4.splat(sliceBytes)));
  const at = i32x4.add(i32x4.shl(i, 1), rows);
  // Addresses of the voxels at (x, y, z) themselves.
  const a = voxels + <usize>i32x4.extract_lane(at, 0);
  const b = voxels + <usize>i32x4.extract_lane(at, 1);
  const c = voxels + <usize>i32x4.extract_lane(at, 2);
  const d = voxels + <usize>i32x4.extract_lane(at, 3);
  const r: usize = <usize>rowBytes;
  const s: usize = <usize>sliceBytes;
  takeTouched();
  wideRow<T>(a - 2, b - 2, c - 2, d - 2, fx);
  const v00 = rowValue;
  const s00 = rowSlope;
  wideRow<T>(a + r - 2, b + r - 2, c + r - 2, d + r - 2, fx);
  const v10 = rowValue;
  const s10 = rowSlope;
  wideRow<T>(a + s - 2, b + s - 2, c + s - 2, d + s - 2, fx);
  const v01 = rowValue;
  const s01 = rowSlope;
  wideRow<T>(a + r + s - 2, b + r + s - 2, c + r + s - 2, d + r + s - 2, fx);
  const v11 = rowValue;
  gradientX = mix(mix(s00, s10, fy), mix(s01, rowSlope, fy), fz);
  const near = f32x4.sub(v10, load16<T>(a - r, b - r, c - r, d - r, fx));
  const near2 = f32x4.sub(load16<T>(a + r + r, b + r + r, c + r + r, d + r + r, fx), v00);
  const far = f32x4.sub(v11, load16<T>(a + s - r, b + s - r, c + s - r, d + s - r, fx));
  const q = s + r + r;
  const far2 = f32x4.sub(load16<T>(a + q, b + q, c + q, d + q, fx), v01);
  gradientY = mix(mix(near, near2, fy), mix(far, far2, fy), fz);
  const before = mix(
    load16<T>(a - s, b - s, c - s, d - s, fx),
    load16<T>(a + r - s, b + r - s, c + r - s, d + r - s, fx),
    fy,
  );
  const t = s + s;
  const after = mix(
    load16<T>(a + t, b + t, c + t, d + t, fx),
    load16<T>(a + r + t, b + r + t, c + r + t, d + r + t, fx),
    fy,
  );
  gradientZ = mix(f32x4.sub(mix(v01, v11, fy), before), f32x4.sub(after, mix(v00, v10, fy)), fz);
  return !v128.any_true(takeTouched());
}

/** Sets gradientX, Y, Z: value one voxel further minus value one voxel before, at index coordinates. */
export function gradient4<T>(x: v128, y: v128, z: v128): void {
  if (sizeof<T>() === 2 && byRows<T>(x, y, z)) return;
  const one = f32x4.splat(1);
  gradientX = f32x4.sub(sample4<T>(f32x4.add(x, one), y, z), sample4<T>(f32x4.sub(x, one), y, z));
  gradientY = f32x4.sub(sample4<T>(x, f32x4.add(y, one), z), sample4<T>(x, f32x4.sub(y, one), z));
  gradientZ = f32x4.sub(sample4<T>(x, y, f32x4.add(z, one)), sample4<T>(x, y, f32x4.sub(z, one)));
}
