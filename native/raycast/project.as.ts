// AssemblyScript. Largest, smallest and mean value along each ray of a 2×2 packet. A brick whose
// range cannot change any lane's result is left at once. Rays that meet no data answer NaN.
import { valueAt } from './field.as';
import { emptied, veiled, veilOf } from './layers.as';
import {
  brickOf,
  bytesAt,
  directionX,
  directionY,
  directionZ,
  exitOf,
  jump,
  leastLane,
  mostLane,
  originX,
  originY,
  originZ,
  param,
  tIn,
  tOut,
} from './rays.as';
import { nextOf, setNext } from './turns.as';

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
/** Mean only: values below are not counted. */
let leastCounted: v128 = i32x4(0, 0, 0, 0);
let best: v128 = i32x4(0, 0, 0, 0);
let counts: v128 = i32x4(0, 0, 0, 0);

export function openProjection(): void {
  step = <f32>param(44);
  perStep = <f32>(1.0 / param(44));
  mode = <i32>param(46);
  distances = <usize>param(51);
  pairs = <usize>param(52);
  leastCounted = f32x4.splat(mode > minip ? <f32>param(78) : f32(-Infinity));
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

/** Sets up a packet: its rays, and a first look at a few samples. */
export function openProjected<T>(state: usize): void {
  best = f32x4.splat(mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0);
  counts = f32x4.splat(0);
  const first = ceil(leastLane(tIn) * perStep);
  // A few samples first: the better the bound, the more bricks are left out.
  if (byRange) march<T>(first, endOf(), 12);
  v128.store(state, best);
  v128.store(state + 16, counts);
  setNext(state, first < endOf() ? first : f32(Infinity));
}

function endOf(): f32 {
  return floor(mostLane(tOut) * perStep) + 1;
}

/** Goes on with a packet until before sample `kStop`. */
export function goOnProjected<T>(state: usize, kStop: f32): void {
  best = v128.load(state);
  counts = v128.load(state + 16);
  const end = endOf();
  const next = march<T>(nextOf(state), min(kStop, end), 1);
  v128.store(state, best);
  v128.store(state + 16, counts);
  setNext(state, next < end ? next : f32(Infinity));
}

export function closeProjected(state: usize, out: usize, width: i32, right: bool, below: bool): void {
  best = v128.load(state);
  counts = v128.load(state + 16);
  write(out, width, right, below);
}
