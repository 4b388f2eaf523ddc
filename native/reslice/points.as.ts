// AssemblyScript. What is sampled point by point: the nearest voxel, and Catmull-Rom over 4×4×4 voxels.
// Coordinates are fixed-point as in fixed.as.ts, results scaled as there (16,384 for 16-bit voxels).
import { hasNoData, noData, rowBytes, sliceBytes, voxels } from '../sample/sample.as';
import { heldLinear4 } from './held.as';

let lastI: i32 = 0;
let lastJ: i32 = 0;
let lastK: i32 = 0;

export function setUpPoints(nx: i32, ny: i32, nz: i32): void {
  lastI = nx - 1;
  lastJ = ny - 1;
  lastK = nz - 1;
}

/** 16,384 × a 16-bit voxel (unsigned ones count from −32,768), a float as it is; NaN for padding. */
function voxelAt<T>(at: usize): f32 {
  const value = load<T>(at);
  if (hasNoData && <f32>value === noData) return f32(NaN);
  if (sizeof<T>() !== 2) return <f32>value;
  return <f32>((<i32>value - (isSigned<T>() ? 0 : 32768)) << 14);
}

/** The voxel whose centre is nearest to coordinates within the volume; ties go up. */
function nearest1<T>(x: i32, y: i32, z: i32): f32 {
  const i = (x + 32768) >> 16;
  const j = (y + 32768) >> 16;
  const k = (z + 32768) >> 16;
  return voxelAt<T>(
    voxels +
      <usize>(<u32>(i * <i32>sizeof<T>())) +
      <usize>(<u32>(j * rowBytes)) +
      <usize>(<u32>(k * sliceBytes)),
  );
}

function weight(tap: i32, f: f32): f32 {
  if (tap === 0) return <f32>0.5 * f * (f * (<f32>2 - f) - <f32>1);
  if (tap === 1) return <f32>0.5 * (f * f * (<f32>3 * f - <f32>5) + <f32>2);
  if (tap === 2) return <f32>0.5 * f * (f * (<f32>4 - <f32>3 * f) + <f32>1);
  return <f32>0.5 * f * f * (f - <f32>1);
}

/** Bytes from the volume's start to a tap's row or slice; where the point lies on one, always that one. */
function tapAt(base: i32, tap: i32, f: f32, last: i32, stride: i32): usize {
  if (f === 0) return <usize>(<u32>(base * stride));
  return <usize>(<u32>(min(max(base + tap - 1, 0), last) * stride));
}

/** Four voxels along x from `first` on, clamped to the row. */
function clampedRow<T>(row: usize, first: i32): v128 {
  const a = <usize>min(max(first, 0), lastI) * sizeof<T>();
  const b = <usize>min(max(first + 1, 0), lastI) * sizeof<T>();
  const c = <usize>min(first + 2, lastI) * sizeof<T>();
  const d = <usize>min(first + 3, lastI) * sizeof<T>();
  if (sizeof<T>() === 2)
    return i16x8(load<i16>(row + a), load<i16>(row + b), load<i16>(row + c), load<i16>(row + d), 0, 0, 0, 0);
  return f32x4(load<f32>(row + a), load<f32>(row + b), load<f32>(row + c), load<f32>(row + d));
}

/** Two rows of four 16-bit voxels. */
function rowPair<T>(a: usize, b: usize, first: i32, inside: bool): v128 {
  if (inside)
    return v128.load64_lane(b + ((<usize>first) << 1), v128.load64_zero(a + ((<usize>first) << 1)), 1);
  return v128.shuffle<i64>(clampedRow<T>(a, first), clampedRow<T>(b, first), 0, 2);
}

let doubtful: v128 = i32x4(0, 0, 0, 0);

function cubic16<T>(i: i32, j: i32, k: i32, fx: f32, fy: f32, fz: f32): f32 {
  const w0 = <i32>nearest(weight(0, fx) * 16384);
  const w2 = <i32>nearest(weight(2, fx) * 16384);
  const w3 = <i32>nearest(weight(3, fx) * 16384);
  const w1 = 16384 - w0 - w2 - w3;
  const half = i32x4((w0 & 0xffff) | (w1 << 16), (w2 & 0xffff) | (w3 << 16), 0, 0);
  const along = v128.shuffle<i64>(half, half, 0, 0);
  const near = f32x4(weight(0, fy), weight(0, fy), weight(1, fy), weight(1, fy));
  const far = f32x4(weight(2, fy), weight(2, fy), weight(3, fy), weight(3, fy));
  const r0 = tapAt(j, 0, fy, lastJ, rowBytes);
  const r1 = tapAt(j, 1, fy, lastJ, rowBytes);
  const r2 = tapAt(j, 2, fy, lastJ, rowBytes);
  const r3 = tapAt(j, 3, fy, lastJ, rowBytes);
  const inside = i >= 1 && i + 2 <= lastI;
  const padding = i16x8.splat(<i16>(<i32>noData));
  const flip = i16x8.splat(isSigned<T>() ? 0 : -32768);
  let sum = f32x4.splat(0);
  let found = i32x4.splat(0);
  const fromTap = fz === 0 ? 1 : 0;
  const toTap = fz === 0 ? 2 : 4;
  for (let tap = fromTap; tap < toTap; tap += 1) {
    const slice = voxels + tapAt(k, tap, fz, lastK, sliceBytes);
    const a = rowPair<T>(slice + r0, slice + r1, i - 1, inside);
    const b = rowPair<T>(slice + r2, slice + r3, i - 1, inside);
    found = v128.or(found, v128.or(i16x8.eq(a, padding), i16x8.eq(b, padding)));
    const rows = f32x4.add(
      f32x4.mul(f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(v128.xor(a, flip), along)), near),
      f32x4.mul(f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(v128.xor(b, flip), along)), far),
    );
    sum = f32x4.add(sum, f32x4.mul(rows, f32x4.splat(weight(tap, fz))));
  }
  doubtful = found;
  return total(sum);
}

function total(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

function cubic32(i: i32, j: i32, k: i32, fx: f32, fy: f32, fz: f32): f32 {
  const along = f32x4(weight(0, fx), weight(1, fx), weight(2, fx), weight(3, fx));
  const counts = fx === 0 ? i32x4(0, -1, 0, 0) : i32x4.splat(-1);
  const inside = i >= 1 && i + 2 <= lastI;
  let sum = f32x4.splat(0);
  let found = i32x4.splat(0);
  for (let tap = 0; tap < 16; tap += 1) {
    const row = voxels + tapAt(k, tap >> 2, fz, lastK, sliceBytes) + tapAt(j, tap & 3, fy, lastJ, rowBytes);
    const four = inside ? v128.load(row + ((<usize>(i - 1)) << 2)) : clampedRow<f32>(row, i - 1);
    const value = v128.and(four, counts);
    const none = v128.or(f32x4.eq(value, f32x4.splat(noData)), f32x4.ne(value, value));
    found = v128.or(found, v128.and(none, counts));
    const w = weight(tap >> 2, fz) * weight(tap & 3, fy);
    sum = f32x4.add(sum, f32x4.mul(f32x4.mul(value, along), f32x4.splat(w)));
  }
  doubtful = found;
  return total(sum);
}

/**
 * Catmull-Rom at coordinates within the volume: exact at voxel centres, neighbours clamped at the
 * border. Along an axis on which the point lies on voxel centres only those are looked at. Where one
 * of the voxels holds no data, the linear value of those that do.
 */
function cubic1<T>(x: i32, y: i32, z: i32): f32 {
  const i = x >> 16;
  const j = y >> 16;
  const k = z >> 16;
  const fx = <f32>(x & 0xffff) / <f32>65536;
  const fy = <f32>(y & 0xffff) / <f32>65536;
  const fz = <f32>(z & 0xffff) / <f32>65536;
  const value = sizeof<T>() === 2 ? cubic16<T>(i, j, k, fx, fy, fz) : cubic32(i, j, k, fx, fy, fz);
  if (sizeof<T>() === 2) {
    if (!hasNoData) return value;
    if (fx === 0) doubtful = v128.and(doubtful, i16x8(0, -1, 0, 0, 0, -1, 0, 0));
  }
  if (!v128.any_true(doubtful)) return value;
  if (!hasNoData && !F32.isNaN(value)) return value;
  const at = i * <i32>sizeof<T>() + j * rowBytes + k * sliceBytes;
  const held = heldLinear4<T>(
    i32x4.splat(at),
    f32x4.splat(fx),
    f32x4.splat(fy),
    f32x4.splat(fz),
    j < lastJ ? <usize>rowBytes : 0,
    k < lastK ? <usize>sliceBytes : 0,
  );
  return f32x4.extract_lane(held, 0);
}

/** Four points at once by `cubic`, else by the nearest voxel. Coordinates lie within the volume. */
export function points4<T>(cubic: bool, x: v128, y: v128, z: v128): v128 {
  if (cubic)
    return f32x4(
      cubic1<T>(i32x4.extract_lane(x, 0), i32x4.extract_lane(y, 0), i32x4.extract_lane(z, 0)),
      cubic1<T>(i32x4.extract_lane(x, 1), i32x4.extract_lane(y, 1), i32x4.extract_lane(z, 1)),
      cubic1<T>(i32x4.extract_lane(x, 2), i32x4.extract_lane(y, 2), i32x4.extract_lane(z, 2)),
      cubic1<T>(i32x4.extract_lane(x, 3), i32x4.extract_lane(y, 3), i32x4.extract_lane(z, 3)),
    );
  return f32x4(
    nearest1<T>(i32x4.extract_lane(x, 0), i32x4.extract_lane(y, 0), i32x4.extract_lane(z, 0)),
    nearest1<T>(i32x4.extract_lane(x, 1), i32x4.extract_lane(y, 1), i32x4.extract_lane(z, 1)),
    nearest1<T>(i32x4.extract_lane(x, 2), i32x4.extract_lane(y, 2), i32x4.extract_lane(z, 2)),
    nearest1<T>(i32x4.extract_lane(x, 3), i32x4.extract_lane(y, 3), i32x4.extract_lane(z, 3)),
  );
}
