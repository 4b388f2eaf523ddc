// AssemblyScript. Front-to-back compositing of a 2×2 packet of rays. A lane's samples lie at
// (k + jitter) · step, the first and the last moved to where its ray enters and leaves, so that the
// stretches between them fill the ray exactly; skipping empty bricks changes no pixel.
import { mayMiss, valueAt } from './field.as';
import { tint0, tint1, tint2, tint3, tinted, tintFactor, tintsAt, veiled, veilOf } from './layers.as';
import { lit, pixel } from './pixel.as';
import {
  brickOf,
  bytesAt,
  directionX,
  directionY,
  directionZ,
  exitOf,
  jitter,
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
import {
  bare,
  carry,
  colourFactor,
  cover,
  forgetSurface,
  gradientFactor,
  highlight,
  light,
  loadSurface,
  look,
  mustLook,
  openShading,
  saveSurface,
} from './shade.as';
import {
  centre,
  classify,
  colour0,
  colour1,
  colour2,
  colour3,
  decay,
  entriesOf,
  extinction,
  openTransfer,
  placesOf,
  ranksOf,
  retint,
} from './transfer.as';
import { nextOf, setNext } from './turns.as';

/** Samples taken in a brick with something to see before bricks are asked again. */
const burst: f32 = 4;
/** A stretch over more places of the table than this is taken in halves: a surface is lit where it lies. */
let steep: f32 = 96;

let step: f32 = 1;
let perStep: f32 = 1;
let distances: usize = 0;
let skipping: bool = true;
let shaded: bool = true;
let byGradient: bool = false;
let opaque: v128 = i32x4(0, 0, 0, 0);

let shift: v128 = i32x4(0, 0, 0, 0);
/** Whether the packet's last stretch goes on into the next. */
let isOpen: bool = false;
let transparency: v128 = i32x4(0, 0, 0, 0);
let rgba0: v128 = i32x4(0, 0, 0, 0);
let rgba1: v128 = i32x4(0, 0, 0, 0);
let rgba2: v128 = i32x4(0, 0, 0, 0);
let rgba3: v128 = i32x4(0, 0, 0, 0);

export function openComposite(): void {
  step = <f32>param(44);
  perStep = <f32>(1.0 / param(44));
  distances = <usize>param(51);
  skipping = param(74) !== 0;
  shaded = param(60) !== 0;
  byGradient = param(117) !== 0;
  steep = <f32>param(121);
  opaque = f32x4.splat(<f32>param(61));
  openShading();
  openTransfer();
}

/** Adds the stretches of length `dt` that end at t, sample `k`. */
function accumulate<T>(k: f32, t: v128, dt: v128, seen: v128): void {
  const middle = f32x4.sub(t, f32x4.mul(dt, f32x4.sub(f32x4.splat(1), centre)));
  if (tinted) tintAt(middle, seen);
  let depth = extinction;
  if (byGradient) {
    lookAt<T>(middle);
    depth = f32x4.mul(depth, gradientFactor());
  }
  const some = v128.and(seen, f32x4.gt(extinction, f32x4.splat(1e-6)));
  const alpha = v128.and(some, f32x4.sub(f32x4.splat(1), decay(f32x4.mul(depth, dt))));
  const added = f32x4.mul(alpha, transparency);
  // Colours hold extinction: the share turns them into light.
  let share = v128.and(some, f32x4.div(added, extinction));
  let white = f32x4.splat(0);
  if (shaded) {
    const start = f32x4.sub(t, dt);
    const lanes = mustLook(added, some);
    if (v128.any_true(lanes)) {
      if (!byGradient) lookAt<T>(middle);
      carry(k, start, lanes);
    }
    light(middle);
    share = f32x4.mul(share, colourFactor);
    white = f32x4.mul(highlight, added);
  }
  transparency = f32x4.sub(transparency, added);
  rgba0 = lit(
    rgba0,
    colour0,
    v128.shuffle<f32>(share, share, 0, 0, 0, 0),
    v128.shuffle<f32>(white, white, 0, 0, 0, 0),
    v128.shuffle<f32>(added, added, 0, 0, 0, 0),
  );
  rgba1 = lit(
    rgba1,
    colour1,
    v128.shuffle<f32>(share, share, 1, 1, 1, 1),
    v128.shuffle<f32>(white, white, 1, 1, 1, 1),
    v128.shuffle<f32>(added, added, 1, 1, 1, 1),
  );
  rgba2 = lit(
    rgba2,
    colour2,
    v128.shuffle<f32>(share, share, 2, 2, 2, 2),
    v128.shuffle<f32>(white, white, 2, 2, 2, 2),
    v128.shuffle<f32>(added, added, 2, 2, 2, 2),
  );
  rgba3 = lit(
    rgba3,
    colour3,
    v128.shuffle<f32>(share, share, 3, 3, 3, 3),
    v128.shuffle<f32>(white, white, 3, 3, 3, 3),
    v128.shuffle<f32>(added, added, 3, 3, 3, 3),
  );
}

function tintAt(t: v128, lanes: v128): void {
  const isNear = tintsAt(
    f32x4.add(originX, f32x4.mul(t, directionX)),
    f32x4.add(originY, f32x4.mul(t, directionY)),
    f32x4.add(originZ, f32x4.mul(t, directionZ)),
    lanes,
  );
  if (isNear) retint(tint0, tint1, tint2, tint3, tintFactor);
}

function lookAt<T>(t: v128): void {
  look<T>(
    f32x4.add(originX, f32x4.mul(t, directionX)),
    f32x4.add(originY, f32x4.mul(t, directionY)),
    f32x4.add(originZ, f32x4.mul(t, directionZ)),
  );
}

function sampleAt<T>(t: v128): v128 {
  return valueAt<T>(
    f32x4.add(originX, f32x4.mul(t, directionX)),
    f32x4.add(originY, f32x4.mul(t, directionY)),
    f32x4.add(originZ, f32x4.mul(t, directionZ)),
  );
}

/** Where each lane's sample `k` lies. */
function placeOf(k: f32): v128 {
  const t = f32x4.add(f32x4.splat(k * step), shift);
  return f32x4.pmin(tOut, f32x4.pmax(tIn, t));
}

/** Adds the stretch from the last sample to this one to the lanes that see something; a steep one in two halves. */
function cross<T>(
  k: f32,
  t: v128,
  tBefore: v128,
  from: v128,
  to: v128,
  before: v128,
  entry: v128,
  seen: v128,
): void {
  const isSteep = f32x4.gt(f32x4.abs(f32x4.sub(to, from)), f32x4.splat(steep));
  if (!v128.any_true(v128.and(seen, isSteep))) {
    classify(from, to, before, entry);
    accumulate<T>(k, t, f32x4.sub(t, tBefore), seen);
    return;
  }
  const middle = f32x4.mul(f32x4.add(tBefore, t), f32x4.splat(0.5));
  let half = placesOf(sampleAt<T>(middle));
  if (mayMiss) half = v128.bitselect(half, to, f32x4.eq(half, half));
  const between = entriesOf(half);
  classify(from, half, before, between);
  accumulate<T>(k - <f32>0.5, middle, f32x4.sub(middle, tBefore), seen);
  classify(half, to, between, entry);
  accumulate<T>(k, t, f32x4.sub(t, middle), seen);
}

function veilAlong(t: v128): v128 {
  return veilOf(
    f32x4.add(originX, f32x4.mul(t, directionX)),
    f32x4.add(originY, f32x4.mul(t, directionY)),
    f32x4.add(originZ, f32x4.mul(t, directionZ)),
  );
}

/** The veil at the last sample that it was asked of. */
let lastVeil: v128 = i32x4(0, 0, 0, 0);
let lastVeilAt: f32 = f32(Infinity);

/** As `cross`, of what masks leave of the stretches. */
function crossVeil<T>(
  k: f32,
  t: v128,
  tBefore: v128,
  from: v128,
  to: v128,
  before: v128,
  entry: v128,
  seen: v128,
): void {
  const zero = f32x4.splat(0);
  const first = lastVeilAt === k - 1 ? lastVeil : veilAlong(tBefore);
  const last = veilAlong(t);
  lastVeil = last;
  lastVeilAt = k;
  const gone0 = f32x4.ge(first, zero);
  const gone1 = f32x4.ge(last, zero);
  seen = v128.andnot(seen, v128.and(gone0, gone1));
  const enters = v128.and(seen, gone0);
  const leaves = v128.and(seen, gone1);
  const passes = v128.or(enters, leaves);
  if (!v128.any_true(passes)) {
    if (v128.any_true(seen)) cross<T>(k, t, tBefore, from, to, before, entry, seen);
    return;
  }
  const share = v128.and(f32x4.div(first, f32x4.sub(first, last)), passes);
  const border = f32x4.add(tBefore, f32x4.mul(share, f32x4.sub(t, tBefore)));
  let place = placesOf(sampleAt<T>(border));
  if (mayMiss) place = v128.bitselect(place, v128.bitselect(to, from, enters), f32x4.eq(place, place));
  const between = entriesOf(place);
  if (shaded && v128.any_true(enters))
    bare<T>(
      f32x4.add(originX, f32x4.mul(border, directionX)),
      f32x4.add(originY, f32x4.mul(border, directionY)),
      f32x4.add(originZ, f32x4.mul(border, directionZ)),
      enters,
    );
  cross<T>(
    k,
    v128.bitselect(border, t, leaves),
    v128.bitselect(border, tBefore, enters),
    v128.bitselect(place, from, enters),
    v128.bitselect(place, to, leaves),
    v128.bitselect(between, before, enters),
    v128.bitselect(between, entry, leaves),
    seen,
  );
  cover();
}

/** Samples the packet from `k` until before `kStop`; answers where it would go on. */
function march<T>(k: f32, kStop: f32): f32 {
  let nextCheck = k;
  let hasBefore = false;
  // The last sample of the turn before lay where there is something to see.
  let hadBefore = isOpen;
  let tBefore = tIn;
  let from = tIn;
  let before = tIn;
  let rank = tIn;
  while (k < kStop) {
    const t = placeOf(k);
    if (!hasBefore) tBefore = placeOf(k - 1);
    const dt = f32x4.sub(t, tBefore);
    const live = v128.and(f32x4.gt(transparency, opaque), f32x4.lt(tBefore, tOut));
    if (!v128.any_true(live)) return f32(Infinity);
    const active = v128.and(live, f32x4.gt(dt, f32x4.splat(0)));
    const x = f32x4.add(originX, f32x4.mul(t, directionX));
    const y = f32x4.add(originY, f32x4.mul(t, directionY));
    const z = f32x4.add(originZ, f32x4.mul(t, directionZ));
    let closing = false;
    if (skipping && k >= nextCheck) {
      const distance = bytesAt(distances, brickOf(x, y, z));
      const full = v128.and(i32x4.eq(distance, i32x4.splat(0)), active);
      nextCheck = k + burst;
      if (!v128.any_true(full)) {
        if (!hasBefore && !hadBefore) {
          k = jump(k, exitOf(x, y, z, distance), active, v128.andnot(live, active), perStep);
          nextCheck = k;
          continue;
        }
        // The stretch out of a brick with something to see still counts.
        closing = true;
        nextCheck = k + 1;
      }
    }
    hadBefore = false;
    if (!hasBefore) {
      from = placesOf(sampleAt<T>(tBefore));
      before = entriesOf(from);
      rank = ranksOf(before);
    }
    const value = valueAt<T>(x, y, z);
    const to = placesOf(value);
    const entry = entriesOf(to);
    const own = ranksOf(entry);
    let seen = v128.and(
      active,
      v128.or(i32x4.ne(own, rank), i32x4.ne(v128.and(own, i32x4.splat(1)), i32x4.splat(0))),
    );
    if (mayMiss) {
      seen = v128.and(seen, f32x4.eq(value, value));
      const missed = f32x4.ne(from, from);
      from = v128.bitselect(to, from, missed);
      before = v128.bitselect(entry, before, missed);
    }
    if (v128.any_true(seen)) {
      if (veiled) crossVeil<T>(k, t, tBefore, from, to, before, entry, seen);
      else cross<T>(k, t, tBefore, from, to, before, entry, seen);
    }
    from = to;
    before = entry;
    rank = own;
    tBefore = t;
    hasBefore = !closing;
    k += 1;
  }
  isOpen = hasBefore;
  return k;
}

export function openComposited(state: usize): void {
  transparency = f32x4.splat(1);
  rgba0 = f32x4.splat(0);
  rgba1 = rgba0;
  rgba2 = rgba0;
  rgba3 = rgba0;
  forgetSurface();
  isOpen = false;
  save(state);
  const first = floor(leastLane(f32x4.sub(f32x4.mul(tIn, f32x4.splat(perStep)), jitter))) + 1;
  setNext(state, first < endOf() ? first : f32(Infinity));
}

function endOf(): f32 {
  return ceil(mostLane(f32x4.sub(f32x4.mul(tOut, f32x4.splat(perStep)), jitter))) + 1;
}

function save(state: usize): void {
  v128.store(state, transparency);
  v128.store(state, rgba0, 16);
  v128.store(state, rgba1, 32);
  v128.store(state, rgba2, 48);
  v128.store(state, rgba3, 64);
  saveSurface(state);
  store<u8>(state, isOpen ? 1 : 0, 160);
}

function recall(state: usize): void {
  transparency = v128.load(state);
  rgba0 = v128.load(state, 16);
  rgba1 = v128.load(state, 32);
  rgba2 = v128.load(state, 48);
  rgba3 = v128.load(state, 64);
  loadSurface(state);
  isOpen = load<u8>(state, 160) !== 0;
  lastVeilAt = f32(Infinity);
}

/** Goes on with a packet until before sample `kStop`. */
export function goOnComposited<T>(state: usize, kStop: f32): void {
  recall(state);
  shift = f32x4.mul(jitter, f32x4.splat(step));
  const end = endOf();
  const next = march<T>(nextOf(state), min(kStop, end));
  save(state);
  setNext(state, next < end ? next : f32(Infinity));
}

/** Writes the packet's RGBA8 pixels that lie inside the picture. */
export function closeComposited(state: usize, out: usize, width: i32, right: bool, below: bool): void {
  recall(state);
  const background = f32x4(<f32>param(69), <f32>param(70), <f32>param(71), 0);
  store<u32>(out, pixel(rgba0, f32x4.extract_lane(transparency, 0), background));
  if (right) store<u32>(out + 4, pixel(rgba1, f32x4.extract_lane(transparency, 1), background));
  if (!below) return;
  const next = out + ((<usize>width) << 2);
  store<u32>(next, pixel(rgba2, f32x4.extract_lane(transparency, 2), background));
  if (right) store<u32>(next + 4, pixel(rgba3, f32x4.extract_lane(transparency, 3), background));
}
