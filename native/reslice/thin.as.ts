// AssemblyScript. The columns of a row without a slab whose points all lie well inside a volume of 16-bit
// voxels without padding: most of a plane, so the loop holds nothing but coordinates, eight voxels and
// their mix. Coordinates run on with 32 fractional bits and are read with 16, as in fixed.as.ts.
import { rowBytes, sliceBytes, voxels } from '../sample/sample.as';

/** Index units to 32 fractional bits. */
function precise(value: f64): i64 {
  return <i64>floor(value * 4294967296 + 0.5);
}

/** 32 fractional bits to 16, rounded, in all lanes; `lanes` are added. */
function coordinates(at: i64, lanes: v128): v128 {
  return i32x4.add(i32x4.splat(<i32>((at + 32768) >> 16)), lanes);
}

function pairs(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  return v128.load32_lane(p3, v128.load32_lane(p2, v128.load32_lane(p1, v128.load32_zero(p0), 1), 2), 3);
}

/** Weighs four pairs by (16,384 − share, share); unsigned values count from −32,768. */
function weigh<T>(pair: v128, share: v128): v128 {
  if (!isSigned<T>()) pair = v128.xor(pair, i16x8.splat(-32768));
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pair, share));
}

function mix(lo: v128, hi: v128, share: v128): v128 {
  return f32x4.add(lo, f32x4.mul(share, f32x4.sub(hi, lo)));
}

/**
 * `packets` × 4 columns from index coordinates (x, y, z) on into Float32 at `out`: scale · (16,384 × the
 * trilinear value) + offset. `lanes`: the offsets of four columns with 16 fractional bits.
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
  const far = row + slice;
  const rows = i32x4.splat(rowBytes);
  const slices = i32x4.splat(sliceBytes);
  const low = i32x4.splat(0xffff);
  const fraction = f32x4.splat(1.0 / 65536.0);
  const scales = f32x4.splat(scale);
  const offsets = f32x4.splat(offset);
  const end = out + ((<usize>packets) << 4);
  for (let to = out; to < end; to += 16) {
    // Rounds the 14 bits that weigh neighbours along x.
    const xs = i32x4.add(coordinates(atX, lanesX), i32x4.splat(2));
    const ys = coordinates(atY, lanesY);
    const zs = coordinates(atZ, lanesZ);
    atX += nextX;
    atY += nextY;
    atZ += nextZ;
    const at = i32x4.add(
      i32x4.shl(i32x4.shr_u(xs, 16), 1),
      i32x4.add(i32x4.mul(i32x4.shr_u(ys, 16), rows), i32x4.mul(i32x4.shr_u(zs, 16), slices)),
    );
    const p0 = first + <usize>(<u32>i32x4.extract_lane(at, 0));
    const p1 = first + <usize>(<u32>i32x4.extract_lane(at, 1));
    const p2 = first + <usize>(<u32>i32x4.extract_lane(at, 2));
    const p3 = first + <usize>(<u32>i32x4.extract_lane(at, 3));
    const f = i32x4.shr_u(v128.and(xs, low), 2);
    const share = i32x4.add(i32x4.sub(i32x4.shl(f, 16), f), i32x4.splat(16384));
    const fy = f32x4.mul(f32x4.convert_i32x4_s(v128.and(ys, low)), fraction);
    const fz = f32x4.mul(f32x4.convert_i32x4_s(v128.and(zs, low)), fraction);
    const a = weigh<T>(pairs(p0, p1, p2, p3), share);
    const b = weigh<T>(pairs(p0 + row, p1 + row, p2 + row, p3 + row), share);
    const c = weigh<T>(pairs(p0 + slice, p1 + slice, p2 + slice, p3 + slice), share);
    const d = weigh<T>(pairs(p0 + far, p1 + far, p2 + far, p3 + far), share);
    const value = mix(mix(a, b, fy), mix(c, d, fy), fz);
    v128.store(to, f32x4.add(f32x4.mul(value, scales), offsets));
  }
}
