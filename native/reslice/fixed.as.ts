// AssemblyScript. Four points of a plane at once in fixed-point index coordinates with 16 fractional
// bits: no conversion, no NaN, and borders by integer comparison. A point is a packet's base, a lane's
// offset and a sample's offset along the normal, each rounded once, so that it is off by less than
// 3e-5 voxel anywhere in a volume. 16-bit neighbours along x are mixed in one multiply-add of integers
// (14 bits of weight); their results stay scaled by 16,384 until the pixel is finished.
import { hasNoData, noData, rowBytes, sliceBytes, voxels } from '../sample/sample.as';
import { heldLinear4 } from './held.as';
import { points4, setUpPoints } from './points.as';

const mip = 1;
const minip = 2;

/** Results of `runSamples`: the projection so far and the weights of the samples that held data. */
export let acc: v128 = i32x4(0, 0, 0, 0);
export let weights: v128 = i32x4(0, 0, 0, 0);

/** Largest coordinates and largest cell, per axis; bytes to the next row and slice (0 where there is one). */
let endX: i32 = 0;
let endY: i32 = 0;
let endZ: i32 = 0;
let baseX: i32 = 0;
let baseY: i32 = 0;
let baseZ: i32 = 0;
let nextRow: usize = 0;
let nextSlice: usize = 0;
let loX: i32 = 0;
let loY: i32 = 0;
let loZ: i32 = 0;
let hiX: i32 = 0;
let hiY: i32 = 0;
let hiZ: i32 = 0;
let table: usize = 0;
let count: i32 = 0;
let mode: i32 = 0;
/** Of a MIP or MinIP: entries behind the samples', at -2, -1, 1 and 2 fifths of the way from one to the next; else 0. */
export let peaks: i32 = 0;
/** Bits that hold the number of any sample where there are such entries; else none. */
export let numberBits: i32 = 0;
/** Per lane, the entry of the sample that a MIP or MinIP took. */
let where: v128 = i32x4(0, 0, 0, 0);

/** Index units to 16 fractional bits; wraps far outside, where nothing is read. */
export function fixed(value: f64): i32 {
  return <i32>(<i64>floor(value * 65536 + 0.5));
}

function param(block: usize, slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

/** Takes size, box, mode and the samples' offsets from the parameter block; `at` holds 16 bytes a sample. */
export function setUpFixed(block: usize, at: usize): void {
  const nx = <i32>param(block, 1);
  const ny = <i32>param(block, 2);
  const nz = <i32>param(block, 3);
  endX = (nx - 1) << 16;
  endY = (ny - 1) << 16;
  endZ = (nz - 1) << 16;
  baseX = max(nx - 2, 0);
  baseY = max(ny - 2, 0);
  baseZ = max(nz - 2, 0);
  nextRow = ny > 1 ? <usize>rowBytes : 0;
  nextSlice = nz > 1 ? <usize>sliceBytes : 0;
  // A point counts as inside up to 2 units beyond: as much as rounding may move it.
  loX = fixed(param(block, 30)) - 2;
  loY = fixed(param(block, 31)) - 2;
  loZ = fixed(param(block, 32)) - 2;
  hiX = fixed(param(block, 33)) + 2;
  hiY = fixed(param(block, 34)) + 2;
  hiZ = fixed(param(block, 35)) + 2;
  setUpPoints(nx, ny, nz);
  table = at;
  mode = <i32>param(block, 22);
  const samples = <usize>param(block, 20);
  count = <i32>param(block, 21);
  const isExtreme = mode === mip || mode === minip;
  setUpPeaks(block, at + ((<usize>count) << 4));
  for (let s = 0; s < count; s += 1) {
    const from = samples + ((<usize>s) << 3);
    const to = at + ((<usize>s) << 4);
    const offset = <f64>load<f32>(from);
    store<i32>(to, fixed(offset * param(block, 15)));
    store<i32>(to + 4, fixed(offset * param(block, 16)));
    store<i32>(to + 8, fixed(offset * param(block, 17)));
    if (isExtreme) store<i32>(to + 12, peaks > 0 ? s : 0);
    else store<f32>(to + 12, load<f32>(from + 4));
  }
}

function setUpPeaks(block: usize, at: usize): void {
  const apart = param(block, 39);
  peaks = count > 1 && apart > 0 && (mode === mip || mode === minip) ? 4 : 0;
  numberBits = peaks > 0 ? (1 << (32 - clz(count - 1))) - 1 : 0;
  for (let s = 0; s < peaks; s += 1) {
    const to = at + ((<usize>s) << 4);
    const offset = (apart * <f64>(s < 2 ? s - 2 : s - 1)) / 5;
    for (let axis = 0; axis < 3; axis += 1)
      store<i32>(to + ((<usize>axis) << 2), fixed(offset * param(block, 15 + axis)));
    store<i32>(to + 12, 0);
  }
}

/**
 * How far, in one coordinate (0, 4, 8: bytes into an entry), the sample `at` lies from a point in the plane where the entries
 * of `peaks` reach what surrounds it; at the slab's ends they reach four fifths of the way inwards.
 */
export function shiftToPeaks(at: v128, coordinate: usize): v128 {
  const p0 = <usize>i32x4.extract_lane(at, 0) + coordinate;
  const p1 = <usize>i32x4.extract_lane(at, 1) + coordinate;
  const p2 = <usize>i32x4.extract_lane(at, 2) + coordinate;
  const p3 = <usize>i32x4.extract_lane(at, 3) + coordinate;
  const end = table + ((<usize>count) << 4);
  const reach = v128.load32_splat(end + 48 + coordinate);
  const first = v128.and(reach, i32x4.eq(at, i32x4.splat(<i32>table)));
  const last = v128.and(reach, i32x4.eq(at, i32x4.splat(<i32>(end - 16))));
  return i32x4.add(pairs(p0, p1, p2, p3), i32x4.sub(first, last));
}

function clamped(value: v128, end: i32): v128 {
  return i32x4.min_s(i32x4.max_s(value, i32x4.splat(0)), i32x4.splat(end));
}

function within(value: v128, lo: i32, hi: i32): v128 {
  return v128.and(i32x4.ge_s(value, i32x4.splat(lo)), i32x4.le_s(value, i32x4.splat(hi)));
}

export function mix(lo: v128, hi: v128, share: v128): v128 {
  return f32x4.add(lo, f32x4.mul(share, f32x4.sub(hi, lo)));
}

/** Four pairs of 16-bit neighbours. */
export function pairs(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  return v128.load32_lane(p3, v128.load32_lane(p2, v128.load32_lane(p1, v128.load32_zero(p0), 1), 2), 3);
}

/** Weighs four pairs by (16,384 − share, share); unsigned values count from −32,768. */
export function weigh<T>(pair: v128, share: v128): v128 {
  if (!isSigned<T>()) pair = v128.xor(pair, i16x8.splat(-32768));
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pair, share));
}

function floats(p0: usize, p1: usize, p2: usize, p3: usize, fx: v128): v128 {
  const first = v128.load64_lane(p1, v128.load64_zero(p0), 1);
  const second = v128.load64_lane(p3, v128.load64_zero(p2), 1);
  return mix(v128.shuffle<f32>(first, second, 0, 2, 4, 6), v128.shuffle<f32>(first, second, 1, 3, 5, 7), fx);
}

/** Lanes of the last cells that touched padding or NaN. */
let doubtful: v128 = i32x4(0, 0, 0, 0);

/** Trilinear in four cells of 16-bit voxels; `gx` of 65,536 is the far neighbours' share along x. */
function cells16<T>(at: v128, gx: v128, fy: v128, fz: v128): v128 {
  const p0 = voxels + <usize>(<u32>i32x4.extract_lane(at, 0));
  const p1 = voxels + <usize>(<u32>i32x4.extract_lane(at, 1));
  const p2 = voxels + <usize>(<u32>i32x4.extract_lane(at, 2));
  const p3 = voxels + <usize>(<u32>i32x4.extract_lane(at, 3));
  const row = nextRow;
  const slice = nextSlice;
  const far = slice + row;
  const f = i32x4.shr_u(gx, 2);
  const share = i32x4.add(i32x4.sub(i32x4.shl(f, 16), f), i32x4.splat(16384));
  const a = pairs(p0, p1, p2, p3);
  const b = pairs(p0 + row, p1 + row, p2 + row, p3 + row);
  const c = pairs(p0 + slice, p1 + slice, p2 + slice, p3 + slice);
  const d = pairs(p0 + far, p1 + far, p2 + far, p3 + far);
  if (hasNoData) {
    const padding = i16x8.splat(<i16>(<i32>noData));
    doubtful = v128.or(
      v128.or(i16x8.eq(a, padding), i16x8.eq(b, padding)),
      v128.or(i16x8.eq(c, padding), i16x8.eq(d, padding)),
    );
  }
  return mix(
    mix(weigh<T>(a, share), weigh<T>(b, share), fy),
    mix(weigh<T>(c, share), weigh<T>(d, share), fy),
    fz,
  );
}

/** The same in Float32 voxels. Any of them being NaN makes the result NaN. */
function cells32(at: v128, fx: v128, fy: v128, fz: v128): v128 {
  const p0 = voxels + <usize>(<u32>i32x4.extract_lane(at, 0));
  const p1 = voxels + <usize>(<u32>i32x4.extract_lane(at, 1));
  const p2 = voxels + <usize>(<u32>i32x4.extract_lane(at, 2));
  const p3 = voxels + <usize>(<u32>i32x4.extract_lane(at, 3));
  const row = nextRow;
  const slice = nextSlice;
  const far = slice + row;
  const value = mix(
    mix(floats(p0, p1, p2, p3, fx), floats(p0 + row, p1 + row, p2 + row, p3 + row, fx), fy),
    mix(
      floats(p0 + slice, p1 + slice, p2 + slice, p3 + slice, fx),
      floats(p0 + far, p1 + far, p2 + far, p3 + far, fx),
      fy,
    ),
    fz,
  );
  doubtful = hasNoData ? i32x4.splat(-1) : f32x4.ne(value, value);
  return value;
}

/**
 * Samples [from, to) along the normal at four points; the results are `acc` and `weights`. `edge`
 * tests and clamps each point; without it all of them must lie within the outermost voxel centres.
 */
export function runSamples<T>(x0: v128, y0: v128, z0: v128, from: i32, to: i32, edge: bool): void {
  acc = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  weights = f32x4.splat(0);
  where = i32x4.splat(<i32>table);
  addSamples<T>(x0, y0, z0, from, to, edge);
  if (peaks === 0) return;
  const x = i32x4.add(x0, shiftToPeaks(where, 0));
  const y = i32x4.add(y0, shiftToPeaks(where, 4));
  const z = i32x4.add(z0, shiftToPeaks(where, 8));
  const counted = weights;
  addSamples<T>(x, y, z, count, count + peaks, edge);
  weights = counted;
}

/** Four points of a slab whose `best` samples carry their numbers: `acc` becomes the best of those and what is around them. */
export function runPeaks<T>(best: v128, x0: v128, y0: v128, z0: v128): void {
  const number = v128.and(best, i32x4.splat(numberBits));
  where = i32x4.add(i32x4.splat(<i32>table), i32x4.shl(number, 4));
  acc = v128.xor(best, number);
  const x = i32x4.add(x0, shiftToPeaks(where, 0));
  const y = i32x4.add(y0, shiftToPeaks(where, 4));
  const z = i32x4.add(z0, shiftToPeaks(where, 8));
  addSamples<T>(x, y, z, count, count + peaks, true);
}

/** Adds samples to what `acc`, `weights` and `where` hold already. */
function addSamples<T>(x0: v128, y0: v128, z0: v128, from: i32, to: i32, edge: bool): void {
  // Rounds the 14 bits that weigh 16-bit neighbours.
  const half = i32x4.splat(sizeof<T>() === 2 ? 2 : 0);
  const kept = i32x4.splat(sizeof<T>() === 2 ? -4 : -1);
  const fraction = f32x4.splat(1.0 / 65536.0);
  const low = i32x4.splat(0xffff);
  const rows = i32x4.splat(rowBytes);
  const slices = i32x4.splat(sliceBytes);
  const mayDoubt = hasNoData || isFloat<T>();
  const how = mode;
  const isExtreme = how === mip || how === minip;
  let best = acc;
  let sum = weights;
  let taken = where;
  for (let s = from; s < to; s += 1) {
    const entry = table + ((<usize>s) << 4);
    let x = i32x4.add(x0, v128.load32_splat(entry));
    let y = i32x4.add(y0, v128.load32_splat(entry, 4));
    let z = i32x4.add(z0, v128.load32_splat(entry, 8));
    let here = i32x4.splat(-1);
    if (edge) {
      here = v128.and(within(x, loX, hiX), v128.and(within(y, loY, hiY), within(z, loZ, hiZ)));
      if (!v128.any_true(here)) continue;
      x = clamped(x, endX);
      y = clamped(y, endY);
      z = clamped(z, endZ);
    }
    x = i32x4.add(x, half);
    let i = i32x4.shr_u(x, 16);
    let j = i32x4.shr_u(y, 16);
    let k = i32x4.shr_u(z, 16);
    let gx = v128.and(x, low);
    let gy = v128.and(y, low);
    let gz = v128.and(z, low);
    if (edge) {
      i = i32x4.min_s(i, i32x4.splat(baseX));
      j = i32x4.min_s(j, i32x4.splat(baseY));
      k = i32x4.min_s(k, i32x4.splat(baseZ));
      gx = i32x4.sub(x, i32x4.shl(i, 16));
      gy = i32x4.sub(y, i32x4.shl(j, 16));
      gz = i32x4.sub(z, i32x4.shl(k, 16));
    }
    const at = i32x4.add(
      i32x4.shl(i, sizeof<T>() === 2 ? 1 : 2),
      i32x4.add(i32x4.mul(j, rows), i32x4.mul(k, slices)),
    );
    const fx = f32x4.mul(f32x4.convert_i32x4_s(v128.and(gx, kept)), fraction);
    const fy = f32x4.mul(f32x4.convert_i32x4_s(gy), fraction);
    const fz = f32x4.mul(f32x4.convert_i32x4_s(gz), fraction);
    let value = sizeof<T>() === 2 ? cells16<T>(at, gx, fy, fz) : cells32(at, fx, fy, fz);
    if (mayDoubt && v128.any_true(doubtful)) {
      value = heldLinear4<T>(at, fx, fy, fz, nextRow, nextSlice);
      here = v128.and(here, f32x4.eq(value, value));
    }
    const w = isExtreme ? f32x4.splat(1) : v128.load32_splat(entry, 12);
    if (isExtreme) {
      const better = v128.and(how === mip ? f32x4.gt(value, best) : f32x4.lt(value, best), here);
      best = v128.bitselect(value, best, better);
      taken = v128.bitselect(i32x4.splat(<i32>entry), taken, better);
    } else {
      const next = f32x4.add(best, f32x4.mul(w, value));
      best = v128.bitselect(next, best, here);
    }
    sum = f32x4.add(sum, v128.and(w, here));
  }
  acc = best;
  weights = sum;
  where = taken;
}

/** As `runSamples` with every point tested, for the interpolations that go point by point. */
export function runPoints<T>(cubic: bool, x0: v128, y0: v128, z0: v128, from: i32, to: i32): void {
  const isExtreme = mode === mip || mode === minip;
  let best = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  let sum = f32x4.splat(0);
  for (let s = from; s < to; s += 1) {
    const entry = table + ((<usize>s) << 4);
    const x = i32x4.add(x0, v128.load32_splat(entry));
    const y = i32x4.add(y0, v128.load32_splat(entry, 4));
    const z = i32x4.add(z0, v128.load32_splat(entry, 8));
    let here = v128.and(within(x, loX, hiX), v128.and(within(y, loY, hiY), within(z, loZ, hiZ)));
    if (!v128.any_true(here)) continue;
    const value = points4<T>(cubic, clamped(x, endX), clamped(y, endY), clamped(z, endZ));
    here = v128.and(here, f32x4.eq(value, value));
    const w = isExtreme ? f32x4.splat(1) : v128.load32_splat(entry, 12);
    let next: v128;
    if (mode === mip) next = f32x4.pmax(best, value);
    else if (mode === minip) next = f32x4.pmin(best, value);
    else next = f32x4.add(best, f32x4.mul(w, value));
    best = v128.bitselect(next, best, here);
    sum = f32x4.add(sum, v128.and(w, here));
  }
  acc = best;
  weights = sum;
}

/**
 * Reads one voxel per point of a row of `packets` × 4, so that the memory a row needs is on its way all
 * at once: the points' own reads come too far apart for that. `ahead`: bytes to the corner to read.
 * Steps are rounded here and add up over a row, by more than points keep from the border: none may lead outside.
 */
export function touchRow<T>(
  x: v128,
  y: v128,
  z: v128,
  stepX: v128,
  stepY: v128,
  stepZ: v128,
  packets: i32,
  ahead: usize,
): void {
  const rows = i32x4.splat(rowBytes);
  const slices = i32x4.splat(sliceBytes);
  const base = voxels + ahead;
  // Below nothing is very large as an unsigned number.
  const mostX = i32x4.splat(endX - 1);
  const mostY = i32x4.splat(endY - 1);
  const mostZ = i32x4.splat(endZ - 1);
  for (let p = 0; p < packets; p += 1) {
    const i = i32x4.shr_u(i32x4.min_u(x, mostX), 16);
    const j = i32x4.shr_u(i32x4.min_u(y, mostY), 16);
    const k = i32x4.shr_u(i32x4.min_u(z, mostZ), 16);
    const at = i32x4.add(
      i32x4.shl(i, sizeof<T>() === 2 ? 1 : 2),
      i32x4.add(i32x4.mul(j, rows), i32x4.mul(k, slices)),
    );
    load<i32>(base + <usize>(<u32>i32x4.extract_lane(at, 0)));
    load<i32>(base + <usize>(<u32>i32x4.extract_lane(at, 1)));
    load<i32>(base + <usize>(<u32>i32x4.extract_lane(at, 2)));
    load<i32>(base + <usize>(<u32>i32x4.extract_lane(at, 3)));
    x = i32x4.add(x, stepX);
    y = i32x4.add(y, stepY);
    z = i32x4.add(z, stepZ);
  }
}
