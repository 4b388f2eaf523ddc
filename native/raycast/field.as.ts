// AssemblyScript. The trilinear field of 16-bit voxels and its central differences at four points.
// The two neighbours along x are weighed by one multiply-and-add of 16-bit pairs (weights of 1/16384, so
// off by at most |difference| / 32768); y and z in single precision. What does not fit that (other types,
// nearest, padding at hand, the border for gradients) is asked of the plain samplers.
import { gradient4, gradientX, gradientY, gradientZ } from '../sample/gradient.as';
import {
  hasNoData,
  lastX,
  lastY,
  lastZ,
  mix,
  nearest,
  noData,
  rowBytes,
  sample4,
  sliceBytes,
  voxels,
} from '../sample/sample.as';

const weightOne: i32 = 16384;
const perWeight: f32 = 1.0 / 16384;
/** 2^23: adding it to a whole number 0 … 2^22 puts the number into the low bits. */
const magic: f32 = 8388608;

let plain: bool = true;
let insideX: v128 = i32x4(0, 0, 0, 0);
let insideY: v128 = i32x4(0, 0, 0, 0);
let insideZ: v128 = i32x4(0, 0, 0, 0);
let innerX: v128 = i32x4(0, 0, 0, 0);
let innerY: v128 = i32x4(0, 0, 0, 0);
let innerZ: v128 = i32x4(0, 0, 0, 0);
/** Lanes whose corners touched padding. */
let touched: v128 = i32x4(0, 0, 0, 0);
let rowValue: v128 = i32x4(0, 0, 0, 0);
let rowSlope: v128 = i32x4(0, 0, 0, 0);

/** Value one voxel further minus value one voxel before. */
export let slopeX: v128 = i32x4(0, 0, 0, 0);
export let slopeY: v128 = i32x4(0, 0, 0, 0);
export let slopeZ: v128 = i32x4(0, 0, 0, 0);
/** Whether samples may answer NaN. */
export let mayMiss: bool = true;

/** The largest single below `last`, so that the base corner of any clamped point has a neighbour. */
function below(last: f32): v128 {
  return f32x4.splat(reinterpret<f32>(reinterpret<i32>(last) - 1));
}

/** After `setVolume` and `setSampling`. */
export function openField<T>(): void {
  plain = nearest || sizeof<T>() !== 2 || lastX < 1 || lastY < 1 || lastZ < 1;
  mayMiss = hasNoData || isFloat<T>();
  insideX = below(lastX);
  insideY = below(lastY);
  insideZ = below(lastZ);
  innerX = f32x4.splat(lastX - 1);
  innerY = f32x4.splat(lastY - 1);
  innerZ = f32x4.splat(lastZ - 1);
}

/** A whole number 0 … 2^22 in single precision as an integer. */
export function wholeOf(value: v128): v128 {
  return v128.and(f32x4.add(value, f32x4.splat(magic)), i32x4.splat(0x7fffff));
}

/** (1 − share, share) as pairs of 16-bit weights. */
function weightsOf(share: v128): v128 {
  const w = wholeOf(f32x4.mul(share, f32x4.splat(<f32>weightOne)));
  return i32x4.add(i32x4.sub(i32x4.shl(w, 16), w), i32x4.splat(weightOne));
}

function weighed<T>(pairs: v128, weights: v128): v128 {
  if (!isSigned<T>()) pairs = v128.xor(pairs, i16x8.splat(-32768));
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pairs, weights));
}

function pairsAt(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  let pairs = v128.load32_zero(p0);
  pairs = v128.load32_lane(p1, pairs, 1);
  pairs = v128.load32_lane(p2, pairs, 2);
  pairs = v128.load32_lane(p3, pairs, 3);
  if (hasNoData) touched = v128.or(touched, i16x8.eq(pairs, i16x8.splat(<i16>(<i32>noData))));
  return pairs;
}

function rowAt<T>(p0: usize, p1: usize, p2: usize, p3: usize, weights: v128): v128 {
  return weighed<T>(pairsAt(p0, p1, p2, p3), weights);
}

function scaled<T>(sum: v128): v128 {
  const value = f32x4.mul(sum, f32x4.splat(perWeight));
  if (!isSigned<T>()) return f32x4.add(value, f32x4.splat(32768));
  return value;
}

function clamped(at: v128, last: v128): v128 {
  return f32x4.pmin(last, f32x4.pmax(f32x4.splat(0), at));
}

function fast<T>(x: v128, y: v128, z: v128): v128 {
  x = clamped(x, insideX);
  y = clamped(y, insideY);
  z = clamped(z, insideZ);
  const i = f32x4.floor(x);
  const j = f32x4.floor(y);
  const k = f32x4.floor(z);
  const w = weightsOf(f32x4.sub(x, i));
  const fy = f32x4.sub(y, j);
  const fz = f32x4.sub(z, k);
  const at = i32x4.add(
    i32x4.shl(wholeOf(i), 1),
    i32x4.add(i32x4.mul(wholeOf(j), i32x4.splat(rowBytes)), i32x4.mul(wholeOf(k), i32x4.splat(sliceBytes))),
  );
  const a = voxels + <usize>i32x4.extract_lane(at, 0);
  const b = voxels + <usize>i32x4.extract_lane(at, 1);
  const c = voxels + <usize>i32x4.extract_lane(at, 2);
  const d = voxels + <usize>i32x4.extract_lane(at, 3);
  const r = <usize>rowBytes;
  const s = <usize>sliceBytes;
  const q = r + s;
  const near = mix(rowAt<T>(a, b, c, d, w), rowAt<T>(a + r, b + r, c + r, d + r, w), fy);
  const far = mix(rowAt<T>(a + s, b + s, c + s, d + s, w), rowAt<T>(a + q, b + q, c + q, d + q, w), fy);
  return scaled<T>(mix(near, far, fz));
}

/** Four samples at index coordinates, clamped to the volume; NaN lanes hold no data. */
export function valueAt<T>(x: v128, y: v128, z: v128): v128 {
  if (plain) return sample4<T>(x, y, z);
  touched = i32x4.splat(0);
  const value = fast<T>(x, y, z);
  if (hasNoData && v128.any_true(touched)) return sample4<T>(x, y, z);
  return value;
}

/** Four voxels of a row from x − 1 on, for each lane: value and difference along x. */
function wideRow<T>(p0: usize, p1: usize, p2: usize, p3: usize, weights: v128): void {
  const first = v128.load64_lane(p1, v128.load64_zero(p0), 1);
  const second = v128.load64_lane(p3, v128.load64_zero(p2), 1);
  if (hasNoData) {
    const padding = i16x8.splat(<i16>(<i32>noData));
    touched = v128.or(touched, v128.or(i16x8.eq(first, padding), i16x8.eq(second, padding)));
  }
  const left = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  const middle = v128.or(i32x4.shr_u(left, 16), i32x4.shl(right, 16));
  rowValue = weighed<T>(middle, weights);
  rowSlope = f32x4.sub(weighed<T>(right, weights), weighed<T>(left, weights));
}

function within(at: v128, last: v128): v128 {
  return v128.and(f32x4.ge(at, f32x4.splat(1)), f32x4.lt(at, last));
}

/** The 32 corners of six samples as 12 rows; false where they cannot be read so. */
function byRows<T>(x: v128, y: v128, z: v128): bool {
  const inner = v128.and(within(x, innerX), v128.and(within(y, innerY), within(z, innerZ)));
  if (!i32x4.all_true(inner)) return false;
  const i = f32x4.floor(x);
  const j = f32x4.floor(y);
  const k = f32x4.floor(z);
  const w = weightsOf(f32x4.sub(x, i));
  const fy = f32x4.sub(y, j);
  const fz = f32x4.sub(z, k);
  const rows = i32x4.add(
    i32x4.mul(wholeOf(j), i32x4.splat(rowBytes)),
    i32x4.mul(wholeOf(k), i32x4.splat(sliceBytes)),
  );
  const at = i32x4.add(i32x4.shl(wholeOf(i), 1), rows);
  const a = voxels + <usize>i32x4.extract_lane(at, 0);
  const b = voxels + <usize>i32x4.extract_lane(at, 1);
  const c = voxels + <usize>i32x4.extract_lane(at, 2);
  const d = voxels + <usize>i32x4.extract_lane(at, 3);
  const r: usize = <usize>rowBytes;
  const s: usize = <usize>sliceBytes;
  touched = i32x4.splat(0);
  wideRow<T>(a - 2, b - 2, c - 2, d - 2, w);
  const v00 = rowValue;
  const s00 = rowSlope;
  wideRow<T>(a + r - 2, b + r - 2, c + r - 2, d + r - 2, w);
  const v10 = rowValue;
  const s10 = rowSlope;
  wideRow<T>(a + s - 2, b + s - 2, c + s - 2, d + s - 2, w);
  const v01 = rowValue;
  const s01 = rowSlope;
  wideRow<T>(a + r + s - 2, b + r + s - 2, c + r + s - 2, d + r + s - 2, w);
  const v11 = rowValue;
  slopeX = mix(mix(s00, s10, fy), mix(s01, rowSlope, fy), fz);
  const near = f32x4.sub(v10, rowAt<T>(a - r, b - r, c - r, d - r, w));
  const near2 = f32x4.sub(rowAt<T>(a + r + r, b + r + r, c + r + r, d + r + r, w), v00);
  const far = f32x4.sub(v11, rowAt<T>(a + s - r, b + s - r, c + s - r, d + s - r, w));
  const q = s + r + r;
  const far2 = f32x4.sub(rowAt<T>(a + q, b + q, c + q, d + q, w), v01);
  slopeY = mix(mix(near, near2, fy), mix(far, far2, fy), fz);
  const before = mix(
    rowAt<T>(a - s, b - s, c - s, d - s, w),
    rowAt<T>(a + r - s, b + r - s, c + r - s, d + r - s, w),
    fy,
  );
  const t = s + s;
  const after = mix(
    rowAt<T>(a + t, b + t, c + t, d + t, w),
    rowAt<T>(a + r + t, b + r + t, c + r + t, d + r + t, w),
    fy,
  );
  slopeZ = mix(f32x4.sub(mix(v01, v11, fy), before), f32x4.sub(after, mix(v00, v10, fy)), fz);
  slopeX = f32x4.mul(slopeX, f32x4.splat(perWeight));
  slopeY = f32x4.mul(slopeY, f32x4.splat(perWeight));
  slopeZ = f32x4.mul(slopeZ, f32x4.splat(perWeight));
  return !(hasNoData && v128.any_true(touched));
}

/** Sets slopeX, Y, Z at index coordinates. */
export function slopesAt<T>(x: v128, y: v128, z: v128): void {
  if (!plain && byRows<T>(x, y, z)) return;
  gradient4<T>(x, y, z);
  slopeX = gradientX;
  slopeY = gradientY;
  slopeZ = gradientZ;
}
