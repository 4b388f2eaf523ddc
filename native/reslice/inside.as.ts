// AssemblyScript. Points that all lie well inside a volume of 16-bit voxels without padding: most of a plane. Their
// loops hold nothing but coordinates, eight voxels and their mix. Coordinates as in fixed.as.ts.
import { rowBytes, sliceBytes, voxels } from '../sample/sample.as';
import { mix, pairs, weigh } from './fixed.as';

const mip = 1;
const minip = 2;

/** Index units to 32 fractional bits. */
function precise(value: f64): i64 {
  return <i64>floor(value * 4294967296 + 0.5);
}

/** 32 fractional bits to 16, rounded, in all lanes; `lanes` are added. */
function coordinates(at: i64, lanes: v128): v128 {
  return i32x4.add(i32x4.splat(<i32>((at + 32768) >> 16)), lanes);
}

/** 16,384 × the trilinear values at four points. `x` has been rounded to the 14 bits that weigh neighbours along it. */
function valuesAt<T>(
  x: v128,
  y: v128,
  z: v128,
  rows: v128,
  slices: v128,
  row: usize,
  slice: usize,
  first: usize,
): v128 {
  const low = i32x4.splat(0xffff);
  const fraction = f32x4.splat(1.0 / 65536.0);
  const at = i32x4.add(
    i32x4.shl(i32x4.shr_u(x, 16), 1),
    i32x4.add(i32x4.mul(i32x4.shr_u(y, 16), rows), i32x4.mul(i32x4.shr_u(z, 16), slices)),
  );
  const p0 = first + <usize>(<u32>i32x4.extract_lane(at, 0));
  const p1 = first + <usize>(<u32>i32x4.extract_lane(at, 1));
  const p2 = first + <usize>(<u32>i32x4.extract_lane(at, 2));
  const p3 = first + <usize>(<u32>i32x4.extract_lane(at, 3));
  const far = row + slice;
  const f = i32x4.shr_u(v128.and(x, low), 2);
  const share = i32x4.add(i32x4.sub(i32x4.shl(f, 16), f), i32x4.splat(16384));
  const fy = f32x4.mul(f32x4.convert_i32x4_s(v128.and(y, low)), fraction);
  const fz = f32x4.mul(f32x4.convert_i32x4_s(v128.and(z, low)), fraction);
  const a = weigh<T>(pairs(p0, p1, p2, p3), share);
  const b = weigh<T>(pairs(p0 + row, p1 + row, p2 + row, p3 + row), share);
  const c = weigh<T>(pairs(p0 + slice, p1 + slice, p2 + slice, p3 + slice), share);
  const d = weigh<T>(pairs(p0 + far, p1 + far, p2 + far, p3 + far), share);
  return mix(mix(a, b, fy), mix(c, d, fy), fz);
}

/**
 * `packets` × 4 columns without a slab from index coordinates (x, y, z) on into Float32 at `out`: scale · (16,384 × the
 * value) + offset. `lanes`: the offsets of four columns with 16 fractional bits.
 */
export function thinPackets<T>(
  x: f64,
  y: f64,
  z: f64,
  stepX: f64,
  stepY: f64,
  stepZ: f64,
  lanesX: v128,
  lanesY: v128,
  lanesZ: v128,
  packets: i32,
  out: usize,
  scale: f32,
  offset: f32,
): void {
  let atX = precise(x);
  let atY = precise(y);
  let atZ = precise(z);
  const nextX = precise(4 * stepX);
  const nextY = precise(4 * stepY);
  const nextZ = precise(4 * stepZ);
  const first = voxels;
  const row = <usize>rowBytes;
  const slice = <usize>sliceBytes;
  const rows = i32x4.splat(rowBytes);
  const slices = i32x4.splat(sliceBytes);
  const scales = f32x4.splat(scale);
  const offsets = f32x4.splat(offset);
  const end = out + ((<usize>packets) << 4);
  for (let to = out; to < end; to += 16) {
    const xs = i32x4.add(coordinates(atX, lanesX), i32x4.splat(2));
    const ys = coordinates(atY, lanesY);
    const zs = coordinates(atZ, lanesZ);
    atX += nextX;
    atY += nextY;
    atZ += nextZ;
    const value = valuesAt<T>(xs, ys, zs, rows, slices, row, slice, first);
    v128.store(to, f32x4.add(f32x4.mul(value, scales), offsets));
  }
}

/**
 * A slab's projection at four columns whose coordinates in the middle are given, 16,384 × the values (a mean's weighted
 * sum). `table`: 16 bytes a sample, of `setUpFixed`.
 */
export function thickPacket<T>(x0: v128, y0: v128, z0: v128, table: usize, count: i32, mode: i32): v128 {
  const first = voxels;
  const row = <usize>rowBytes;
  const slice = <usize>sliceBytes;
  const rows = i32x4.splat(rowBytes);
  const slices = i32x4.splat(sliceBytes);
  const end = table + ((<usize>count) << 4);
  x0 = i32x4.add(x0, i32x4.splat(2));
  let best = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  for (; table < end; table += 16) {
    const x = i32x4.add(x0, v128.load32_splat(table));
    const y = i32x4.add(y0, v128.load32_splat(table, 4));
    const z = i32x4.add(z0, v128.load32_splat(table, 8));
    const value = valuesAt<T>(x, y, z, rows, slices, row, slice, first);
    if (mode === mip) best = f32x4.pmax(best, value);
    else if (mode === minip) best = f32x4.pmin(best, value);
    else best = f32x4.add(best, f32x4.mul(value, v128.load32_splat(table, 12)));
  }
  return best;
}
