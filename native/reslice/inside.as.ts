// AssemblyScript. Points that all lie well inside a volume of 16-bit voxels and touch no padding: most of a plane. Their
// loop holds nothing but coordinates, eight voxels and their mix. Coordinates as in fixed.as.ts.
import { hasNoData, noData, rowBytes, sliceBytes, voxels } from '../sample/sample.as';
import { mix, numberBits, pairs, shiftToPeaks } from './fixed.as';

const mip = 1;
const minip = 2;

/** Half of the last of 14 bits, which weigh neighbours along x, in 16: rounds to them. */
const half14: i32 = 2;

/** Index units to 32 fractional bits. */
export function precise(value: f64): i64 {
  return <i64>floor(value * 4294967296 + 0.5);
}

/** 32 fractional bits to 16, rounded, in all lanes; `lanes` are added. */
function coordinates(at: i64, lanes: v128): v128 {
  return i32x4.add(i32x4.splat(<i32>((at + 32768) >> 16)), lanes);
}

/**
 * The fractions' bits; with 16,384 × 65,537 they make weights of 16-bit neighbours; one of 16 bits as a number. In memory,
 * because V8 makes a constant of 16 bytes anew wherever it is used, but keeps what was loaded in a register.
 */
const constants: usize = memory.data<i32>([0xffff, 16385, 0x37800000]);

/** Weights of two neighbours, (16,384 − f, f) for the upper 14 bits f of a fraction. */
function shareOf(x: v128, low: v128, whole: v128): v128 {
  const f = i16x8.shr_u(x, 2);
  return i16x8.add(v128.xor(v128.shuffle<i16>(f, f, 0, 0, 2, 2, 4, 4, 6, 6), low), whole);
}

/** Pairs of neighbours in four rows, `beyond` bytes from where `at` points to. */
function pairsAt(at: v128, beyond: usize): v128 {
  return pairs(
    <usize>i32x4.extract_lane(at, 0) + beyond,
    <usize>i32x4.extract_lane(at, 1) + beyond,
    <usize>i32x4.extract_lane(at, 2) + beyond,
    <usize>i32x4.extract_lane(at, 3) + beyond,
  );
}

/** The upper 15 bits of four fractions, twice each. */
function downOf(y: v128): v128 {
  const f = i16x8.shr_u(y, 1);
  return v128.shuffle<i16>(f, f, 0, 0, 2, 2, 4, 4, 6, 6);
}

/** Four pairs of neighbours in two rows, by weights of 14 bits; unsigned values count from −32,768. */
function weighRows<T>(a: v128, ofA: v128, b: v128, ofB: v128): v128 {
  if (!isSigned<T>()) {
    a = v128.xor(a, i16x8.splat(-32768));
    b = v128.xor(b, i16x8.splat(-32768));
  }
  return f32x4.convert_i32x4_s(i32x4.add(i32x4.dot_i16x8_s(a, ofA), i32x4.dot_i16x8_s(b, ofB)));
}

function fractionOf(x: v128, low: v128, unit: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(v128.and(x, low)), unit);
}

function anyOf(value: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.or(
    v128.or(i16x8.eq(a, value), i16x8.eq(b, value)),
    v128.or(i16x8.eq(c, value), i16x8.eq(d, value)),
  );
}

let lanesX: v128 = i32x4(0, 0, 0, 0);
let lanesY: v128 = i32x4(0, 0, 0, 0);
let lanesZ: v128 = i32x4(0, 0, 0, 0);
let table: usize = 0;
let endOfTable: usize = 0;
let endOfPeaks: usize = 0;
let mode: i32 = 0;
let scale: f32 = 1;
let offset: f32 = 0;

/** Offsets of four columns with 16 fractional bits. */
export function setUpLanes(x: v128, y: v128, z: v128): void {
  lanesX = x;
  lanesY = y;
  lanesZ = z;
}

/** `count` entries of 16 bytes from `at` on, of `setUpFixed`, and those of `peaks` behind them. */
export function setUpTable(at: usize, count: i32, peaks: i32, how: i32): void {
  table = at;
  endOfTable = at + ((<usize>count) << 4);
  endOfPeaks = endOfTable + ((<usize>peaks) << 4);
  mode = how;
}

/** Values are scale · (16,384 × the projection of the slab's samples) + offset; a mean is a weighted sum here. */
export function setUpScale(factor: f32, intercept: f32): void {
  scale = factor;
  offset = intercept;
}

/**
 * Columns by fours from index coordinates (atX, atY, atZ) with 32 fractional bits on, four columns being `next` apart, into Float32
 * from `out` to `end`. Rows of voxels must be shorter than 32 KiB. Four columns of which one touches padding become NaN
 * and are drawn otherwise. A MIP or MinIP carries the best sample's number in its last bits, then looks around it anew.
 *
 * One loop for all, with nothing called from it: a function of its own for the eight voxels cost a sixth of the time.
 */
export function insidePackets<T>(
  atX: i64,
  atY: i64,
  atZ: i64,
  nextX: i64,
  nextY: i64,
  nextZ: i64,
  out: usize,
  end: usize,
): void {
  const how = mode;
  const isPadded = hasNoData;
  const row = <usize>rowBytes;
  const slice = <usize>sliceBytes;
  const first = i32x4.splat(<i32>voxels);
  const columnsAndRows = i32x4.splat((rowBytes << 16) | 2);
  const slices = i32x4.splat(sliceBytes);
  const low = v128.load32_splat(constants);
  const whole = v128.load32_splat(constants, 4);
  const unit = v128.load32_splat(constants, 8);
  const padding = i16x8.splat(<i16>(<i32>noData));
  const start = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  for (let to = out; to < end; to += 16) {
    let xOfPacket = i32x4.add(coordinates(atX, lanesX), i32x4.splat(half14));
    let yOfPacket = coordinates(atY, lanesY);
    let zOfPacket = coordinates(atZ, lanesZ);
    atX += nextX;
    atY += nextY;
    atZ += nextZ;
    let best = start;
    let kept = i32x4.splat(~numberBits);
    for (let sample = table; sample < endOfPeaks; sample += 16) {
      if (sample === endOfTable) {
        const where = i32x4.add(i32x4.splat(<i32>table), i32x4.shl(v128.andnot(best, kept), 4));
        xOfPacket = i32x4.add(xOfPacket, shiftToPeaks(where, 0));
        yOfPacket = i32x4.add(yOfPacket, shiftToPeaks(where, 4));
        zOfPacket = i32x4.add(zOfPacket, shiftToPeaks(where, 8));
        best = v128.and(best, kept);
        kept = i32x4.splat(-1);
      }
      const xs = i32x4.add(xOfPacket, v128.load32_splat(sample));
      const ys = i32x4.add(yOfPacket, v128.load32_splat(sample, 4));
      const zs = i32x4.add(zOfPacket, v128.load32_splat(sample, 8));
      const columnAndRow = v128.shuffle<i16>(i32x4.shr_u(xs, 16), ys, 0, 9, 2, 11, 4, 13, 6, 15);
      const inSlice = i32x4.dot_i16x8_s(columnAndRow, columnsAndRows);
      const at = i32x4.add(i32x4.add(first, inSlice), i32x4.mul(i32x4.shr_u(zs, 16), slices));
      const q0 = pairsAt(at, 0);
      const q1 = pairsAt(at, row);
      const q2 = pairsAt(at, slice);
      const q3 = pairsAt(at, row + slice);
      if (isPadded && v128.any_true(anyOf(padding, q0, q1, q2, q3))) {
        best = f32x4.splat(f32(NaN));
        break;
      }
      const share = shareOf(xs, low, whole);
      const below = i16x8.q15mulr_sat_s(share, downOf(ys));
      const above = i16x8.sub(share, below);
      const near = weighRows<T>(q0, above, q1, below);
      const value = mix(near, weighRows<T>(q2, above, q3, below), fractionOf(zs, low, unit));
      if (how === mip) best = f32x4.pmax(best, v128.or(v128.and(value, kept), v128.load32_splat(sample, 12)));
      else if (how === minip)
        best = f32x4.pmin(best, v128.or(v128.and(value, kept), v128.load32_splat(sample, 12)));
      else best = f32x4.add(best, f32x4.mul(value, v128.load32_splat(sample, 12)));
    }
    v128.store(to, f32x4.add(f32x4.mul(best, f32x4.splat(scale)), f32x4.splat(offset)));
  }
}
