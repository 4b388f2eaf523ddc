// AssemblyScript. Largest, smallest and mean value along each ray of a 2×2 packet. A brick whose
// range cannot change any lane's result is left at once. Rays that meet no data answer NaN. Of tinted layers
// a pixel takes the colour where its largest or smallest value lies (the first of equals), of a mean their part in it.
import { keepBody, openBody } from './body.as';
import { valueAt } from './field.as';
import {
  emptied,
  tint0,
  tint1,
  tint2,
  tint3,
  tinted,
  tintFactor,
  tintsAt,
  veiled,
  veilOf,
} from './layers.as';
import {
  brickOf,
  bytesAt,
  directionX,
  directionY,
  directionZ,
  exitOf,
  jump,
  leastLane,
  loadPacket,
  mostLane,
  originX,
  originY,
  originZ,
  param,
  tIn,
  tOut,
} from './rays.as';
import { modeBytes, nextOf, setNext } from './turns.as';

const mip = 1;
const minip = 2;
/** Samples between two looks at the bricks. */
const burst: f32 = 4;

let step: f32 = 1;
let perStep: f32 = 1;
let pairs: usize = 0;
let distances: usize = 0;
let mode: i32 = 1;
let byRange: bool = true;
let byDistance: bool = false;
/** What lies outside of the body does not count. */
let inBody: bool = false;
/** Mean only: values below are not counted. */
let leastCounted: v128 = i32x4(0, 0, 0, 0);
let best: v128 = i32x4(0, 0, 0, 0);
let counts: v128 = i32x4(0, 0, 0, 0);
/** Where along the rays the largest or smallest values lie. */
let whereT: v128 = i32x4(0, 0, 0, 0);
/** Of each lane of a mean, the sum of (r, g, b, share) of the layers, each times its opacity. */
let sum0: v128 = i32x4(0, 0, 0, 0);
let sum1: v128 = i32x4(0, 0, 0, 0);
let sum2: v128 = i32x4(0, 0, 0, 0);
let sum3: v128 = i32x4(0, 0, 0, 0);

export function openProjection(): void {
  step = <f32>param(44);
  perStep = <f32>(1.0 / param(44));
  mode = <i32>param(46);
  distances = <usize>param(51);
  pairs = <usize>param(52);
  leastCounted = f32x4.splat(mode > minip ? <f32>param(78) : f32(-Infinity));
  inBody = mode === minip && openBody();
  byRange = param(74) !== 0 && mode <= minip;
  byDistance = param(74) !== 0 && mode > minip && param(120) !== 0;
}

/** What each lane's brick could contribute at most (its largest or smallest value). */
function limitOf(brick: v128): v128 {
  const at = pairs + (mode === mip ? 4 : 0);
  let limit = v128.load32_zero(at + ((<usize>i32x4.extract_lane(brick, 0)) << 3));
  limit = v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 1)) << 3), limit, 1);
  limit = v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 2)) << 3), limit, 2);
  return v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 3)) << 3), limit, 3);
}

function addTints(): void {
  const f = tintFactor;
  sum0 = f32x4.add(sum0, f32x4.mul(tint0, v128.shuffle<f32>(f, f, 0, 0, 0, 0)));
  sum1 = f32x4.add(sum1, f32x4.mul(tint1, v128.shuffle<f32>(f, f, 1, 1, 1, 1)));
  sum2 = f32x4.add(sum2, f32x4.mul(tint2, v128.shuffle<f32>(f, f, 2, 2, 2, 2)));
  sum3 = f32x4.add(sum3, f32x4.mul(tint3, v128.shuffle<f32>(f, f, 3, 3, 3, 3)));
}

/** Every `stride`th sample of the lattice from `k` until before `kStop`; answers where it would go on. */
function march<T>(k: f32, kStop: f32, stride: f32): f32 {
  const skips = byRange || byDistance;
  const none = f32x4.splat(0);
  let nextCheck = k;
  while (k < kStop) {
    const t = f32x4.splat(k * step);
    const live = f32x4.le(t, tOut);
    const waiting = v128.and(live, f32x4.lt(t, tIn));
    const active = v128.andnot(live, waiting);
    const x = f32x4.add(originX, f32x4.mul(t, directionX));
    const y = f32x4.add(originY, f32x4.mul(t, directionY));
    const z = f32x4.add(originZ, f32x4.mul(t, directionZ));
    if (skips && k >= nextCheck) {
      const brick = brickOf(x, y, z);
      let reach = i32x4.splat(1);
      let useful: v128;
      if (byDistance) {
        reach = bytesAt(distances, brick);
        useful = i32x4.eq(reach, i32x4.splat(0));
      } else {
        const limit = limitOf(brick);
        useful = mode === mip ? f32x4.gt(limit, best) : f32x4.lt(limit, best);
        if (veiled) useful = v128.andnot(useful, emptied(brick));
      }
      if (!v128.any_true(v128.and(useful, active))) {
        k = jump(k, exitOf(x, y, z, reach), active, waiting, perStep);
        nextCheck = k;
        continue;
      }
      nextCheck = k + burst;
    }
    const value = valueAt<T>(x, y, z);
    // NaN fails the comparison too.
    let known = v128.and(active, f32x4.ge(value, leastCounted));
    let next: v128;
    if (mode === mip) next = f32x4.pmax(best, value);
    else if (mode === minip) next = f32x4.pmin(best, value);
    else next = f32x4.add(best, value);
    // Samples that change nothing need not be asked after, but a ray that meets none is to say so.
    const asks = v128.or(f32x4.ne(next, best), f32x4.eq(counts, none));
    if (veiled && (mode > minip || v128.any_true(v128.and(known, asks))))
      known = v128.and(known, f32x4.lt(veilOf(x, y, z), none));
    if (tinted) {
      if (mode <= minip) whereT = v128.bitselect(t, whereT, v128.and(known, f32x4.ne(next, best)));
      else if (tintsAt(x, y, z, known)) addTints();
    }
    best = v128.bitselect(next, best, known);
    counts = f32x4.add(counts, v128.and(known, f32x4.splat(1)));
    k += stride;
  }
  return k;
}

function result(value: f32, count: f32): f32 {
  if (count === 0) return f32(NaN);
  const stored = mode > minip ? value / count : value;
  return stored * <f32>param(75) + <f32>param(76);
}

/** Writes the packet's Float32 modality values that lie inside the picture. */
function write(out: usize, width: i32, right: bool, below: bool): void {
  store<f32>(out, result(f32x4.extract_lane(best, 0), f32x4.extract_lane(counts, 0)));
  if (right) store<f32>(out + 4, result(f32x4.extract_lane(best, 1), f32x4.extract_lane(counts, 1)));
  if (!below) return;
  const next = out + ((<usize>width) << 2);
  store<f32>(next, result(f32x4.extract_lane(best, 2), f32x4.extract_lane(counts, 2)));
  if (right) store<f32>(next + 4, result(f32x4.extract_lane(best, 3), f32x4.extract_lane(counts, 3)));
}

/** RGBA8 of (r, g, b, share), each 0 … 1. */
function word(tint: v128): u32 {
  const level = f32x4.mul(f32x4.min(f32x4.max(tint, f32x4.splat(0)), f32x4.splat(1)), f32x4.splat(255));
  const i = i32x4.trunc_sat_f32x4_s(f32x4.add(level, f32x4.splat(0.5)));
  return (
    i32x4.extract_lane(i, 0) |
    (i32x4.extract_lane(i, 1) << 8) |
    (i32x4.extract_lane(i, 2) << 16) |
    (i32x4.extract_lane(i, 3) << 24)
  );
}

/** Writes what layers tint the packet's pixels with: RGBA8, the colours times their share. */
function writeTints(out: usize, width: i32, right: bool, below: bool): void {
  if (mode <= minip) {
    const isNear = tintsAt(
      f32x4.add(originX, f32x4.mul(whereT, directionX)),
      f32x4.add(originY, f32x4.mul(whereT, directionY)),
      f32x4.add(originZ, f32x4.mul(whereT, directionZ)),
      f32x4.gt(counts, f32x4.splat(0)),
    );
    if (isNear) addTints();
  } else {
    const shares = f32x4.div(f32x4.splat(1), f32x4.max(counts, f32x4.splat(1)));
    sum0 = f32x4.mul(sum0, v128.shuffle<f32>(shares, shares, 0, 0, 0, 0));
    sum1 = f32x4.mul(sum1, v128.shuffle<f32>(shares, shares, 1, 1, 1, 1));
    sum2 = f32x4.mul(sum2, v128.shuffle<f32>(shares, shares, 2, 2, 2, 2));
    sum3 = f32x4.mul(sum3, v128.shuffle<f32>(shares, shares, 3, 3, 3, 3));
  }
  store<u32>(out, word(sum0));
  if (right) store<u32>(out + 4, word(sum1));
  if (!below) return;
  const next = out + ((<usize>width) << 2);
  store<u32>(next, word(sum2));
  if (right) store<u32>(next + 4, word(sum3));
}

function save(state: usize): void {
  v128.store(state, best);
  v128.store(state, counts, 16);
  if (!tinted) return;
  v128.store(state, whereT, 32);
  v128.store(state, sum0, 48);
  v128.store(state, sum1, 64);
  v128.store(state, sum2, 80);
  v128.store(state, sum3, 96);
}

function recall(state: usize): void {
  best = v128.load(state);
  counts = v128.load(state, 16);
  if (!tinted) return;
  whereT = v128.load(state, 32);
  sum0 = v128.load(state, 48);
  sum1 = v128.load(state, 64);
  sum2 = v128.load(state, 80);
  sum3 = v128.load(state, 96);
}

/** Sets up a packet: its rays, and a first look at a few samples. */
export function openProjected<T>(state: usize): void {
  if (inBody) keepBody<T>(state + modeBytes);
  best = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  counts = f32x4.splat(0);
  const first = ceil(leastLane(tIn) * perStep);
  whereT = counts;
  sum0 = counts;
  sum1 = counts;
  sum2 = counts;
  sum3 = counts;
  // A few samples first: the better the bound, the more bricks are left out. Not where the first of equals counts.
  if (byRange && !tinted) march<T>(first, endOf(), 12);
  save(state);
  setNext(state, first < endOf() ? first : f32(Infinity));
}

function endOf(): f32 {
  return floor(mostLane(tOut) * perStep) + 1;
}

/** Goes on with a packet until before sample `kStop`. */
export function goOnProjected<T>(state: usize, kStop: f32): void {
  recall(state);
  const end = endOf();
  const next = march<T>(nextOf(state), min(kStop, end), 1);
  save(state);
  setNext(state, next < end ? next : f32(Infinity));
}

export function closeProjected(state: usize, out: usize, width: i32, right: bool, below: bool): void {
  recall(state);
  write(out, width, right, below);
  if (!tinted) return;
  loadPacket(state + modeBytes);
  writeTints(<usize>param(127) + (out - <usize>param(68)), width, right, below);
}
