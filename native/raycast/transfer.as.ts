// AssemblyScript. Colour and opacity of the stretch between two samples of each lane. The transfer
// function is integrated over the values that the stretch passes through (Engel 2001, in its
// approximation by one-dimensional integrals), so that a sharp function leaves no rings at 1 mm steps.
// Table entries are (τr, τg, τb, τ), τ the extinction per mm, then the running sums of the same.
import { wholeOf } from './field.as';
import { param } from './rays.as';

let direct: usize = 0;
let sums: usize = 0;
/** Of each entry, twice the count of visible entries before it, plus one where it is visible itself. */
let ranks: usize = 0;
let lastEntry: v128 = i32x4(0, 0, 0, 0);
let tableLo: v128 = i32x4(0, 0, 0, 0);
/** Places per stored unit. */
export let tableScale: v128 = i32x4(0, 0, 0, 0);
let last: f32 = 0;
let firstColour: v128 = i32x4(0, 0, 0, 0);
let lastColour: v128 = i32x4(0, 0, 0, 0);
let firstShows: bool = false;
let lastShows: bool = false;
/** Places between which anything shows. */
let lowest: v128 = i32x4(0, 0, 0, 0);
let highest: v128 = i32x4(0, 0, 0, 0);

/** Of each lane: (r, g, b) times extinction. */
export let colour0: v128 = i32x4(0, 0, 0, 0);
export let colour1: v128 = i32x4(0, 0, 0, 0);
export let colour2: v128 = i32x4(0, 0, 0, 0);
export let colour3: v128 = i32x4(0, 0, 0, 0);
/** Where along each stretch the middle of its visible part lies, 0 … 1. */
export let centre: v128 = i32x4(0, 0, 0, 0);
/** Mean extinction per mm of each lane's stretch. */
export let extinction: v128 = i32x4(0, 0, 0, 0);

export function openTransfer(): void {
  direct = <usize>param(47);
  const size = <i32>param(48);
  sums = direct + ((<usize>size) << 4);
  ranks = <usize>param(113);
  last = <f32>(size - 1);
  lastEntry = f32x4.splat(last);
  firstColour = v128.load(direct);
  lastColour = v128.load(direct + ((<usize>(size - 1)) << 4));
  firstShows = f32x4.extract_lane(firstColour, 3) > 0;
  lastShows = f32x4.extract_lane(lastColour, 3) > 0;
  lowest = f32x4.splat(firstShows ? <f32>-1e9 : visibleFrom(0, size, 1) - <f32>1);
  highest = f32x4.splat(lastShows ? <f32>1e9 : visibleFrom(size - 1, -1, -1) + <f32>1);
  tableLo = f32x4.splat(<f32>param(49));
  tableScale = f32x4.splat(<f32>param(50));
}

/** The first visible entry from `at` on. */
function visibleFrom(at: i32, end: i32, by: i32): f32 {
  while (at !== end && load<f32>(direct + ((<usize>at) << 4) + 12) <= 0) at += by;
  return <f32>at;
}

/** The middle of the part of each stretch whose values show, as a share of it. */
function centreOf(from: v128, perSpan: v128): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const a = f32x4.pmin(one, f32x4.pmax(zero, f32x4.mul(f32x4.sub(lowest, from), perSpan)));
  const b = f32x4.pmin(one, f32x4.pmax(zero, f32x4.mul(f32x4.sub(highest, from), perSpan)));
  return f32x4.mul(f32x4.add(a, b), f32x4.splat(0.5));
}

/** Place of each lane's value in the table, a whole number, not yet clamped to it. */
export function placesOf(value: v128): v128 {
  return f32x4.nearest(f32x4.mul(f32x4.sub(value, tableLo), tableScale));
}

/** Entry at a place; NaN gives entry 0. */
export function entriesOf(place: v128): v128 {
  return wholeOf(f32x4.pmin(lastEntry, f32x4.pmax(f32x4.splat(0), place)));
}

/** Ranks of entries: nothing shows between two places whose ranks are the same even number. */
export function ranksOf(entry: v128): v128 {
  let a = v128.load32_zero(ranks + ((<usize>i32x4.extract_lane(entry, 0)) << 2));
  a = v128.load32_lane(ranks + ((<usize>i32x4.extract_lane(entry, 1)) << 2), a, 1);
  a = v128.load32_lane(ranks + ((<usize>i32x4.extract_lane(entry, 2)) << 2), a, 2);
  return v128.load32_lane(ranks + ((<usize>i32x4.extract_lane(entry, 3)) << 2), a, 3);
}

/** What a stretch that leaves the table adds to the integral: its ends go on for ever. */
function beyond(from: f32, to: f32): v128 {
  const below = min(to, <f32>0) - min(from, <f32>0);
  const above = max(to, last) - max(from, last);
  return f32x4.add(f32x4.mul(firstColour, f32x4.splat(below)), f32x4.mul(lastColour, f32x4.splat(above)));
}

/** Mean (τr, τg, τb, τ) over the places between; `near` (all ones or zero) takes that of the second. */
function meanOf(before: i32, entry: i32, perSpan: v128, near: v128, outside: v128): v128 {
  const high = v128.load(sums + ((<usize>entry) << 4));
  const low = v128.load(sums + ((<usize>before) << 4));
  const within = f32x4.mul(f32x4.add(f32x4.sub(high, low), outside), perSpan);
  return v128.bitselect(v128.load(direct + ((<usize>entry) << 4)), within, near);
}

/** Sets colours and extinctions of the stretches between places. */
export function classify(from: v128, to: v128, before: v128, entry: v128): void {
  const span = f32x4.sub(to, from);
  const near = f32x4.lt(f32x4.abs(span), f32x4.splat(1.5));
  const perSpan = f32x4.div(f32x4.splat(1), span);
  centre = centreOf(from, perSpan);
  const zero = f32x4.splat(0);
  let o0 = zero;
  let o1 = zero;
  let o2 = zero;
  let o3 = zero;
  const under = v128.or(f32x4.lt(from, zero), f32x4.lt(to, zero));
  const over = v128.or(f32x4.gt(from, lastEntry), f32x4.gt(to, lastEntry));
  if ((firstShows && v128.any_true(under)) || (lastShows && v128.any_true(over))) {
    o0 = beyond(f32x4.extract_lane(from, 0), f32x4.extract_lane(to, 0));
    o1 = beyond(f32x4.extract_lane(from, 1), f32x4.extract_lane(to, 1));
    o2 = beyond(f32x4.extract_lane(from, 2), f32x4.extract_lane(to, 2));
    o3 = beyond(f32x4.extract_lane(from, 3), f32x4.extract_lane(to, 3));
  }
  colour0 = meanOf(
    i32x4.extract_lane(before, 0),
    i32x4.extract_lane(entry, 0),
    v128.shuffle<f32>(perSpan, perSpan, 0, 0, 0, 0),
    v128.shuffle<f32>(near, near, 0, 0, 0, 0),
    o0,
  );
  colour1 = meanOf(
    i32x4.extract_lane(before, 1),
    i32x4.extract_lane(entry, 1),
    v128.shuffle<f32>(perSpan, perSpan, 1, 1, 1, 1),
    v128.shuffle<f32>(near, near, 1, 1, 1, 1),
    o1,
  );
  colour2 = meanOf(
    i32x4.extract_lane(before, 2),
    i32x4.extract_lane(entry, 2),
    v128.shuffle<f32>(perSpan, perSpan, 2, 2, 2, 2),
    v128.shuffle<f32>(near, near, 2, 2, 2, 2),
    o2,
  );
  colour3 = meanOf(
    i32x4.extract_lane(before, 3),
    i32x4.extract_lane(entry, 3),
    v128.shuffle<f32>(perSpan, perSpan, 3, 3, 3, 3),
    v128.shuffle<f32>(near, near, 3, 3, 3, 3),
    o3,
  );
  const ab = v128.shuffle<f32>(colour0, colour1, 3, 7, 3, 7);
  const cd = v128.shuffle<f32>(colour2, colour3, 3, 7, 3, 7);
  extinction = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
}

function retinted(colour: v128, tint: v128, factor: v128): v128 {
  const own = f32x4.mul(colour, f32x4.sub(f32x4.splat(1), v128.shuffle<f32>(tint, tint, 3, 3, 3, 3)));
  return f32x4.mul(f32x4.add(own, f32x4.mul(tint, v128.shuffle<f32>(colour, colour, 3, 3, 3, 3))), factor);
}

/** Gives the stretches the layers' (r, g, b), each by its share, and their factors on the extinction. */
export function retint(t0: v128, t1: v128, t2: v128, t3: v128, factor: v128): void {
  colour0 = retinted(colour0, t0, v128.shuffle<f32>(factor, factor, 0, 0, 0, 0));
  colour1 = retinted(colour1, t1, v128.shuffle<f32>(factor, factor, 1, 1, 1, 1));
  colour2 = retinted(colour2, t2, v128.shuffle<f32>(factor, factor, 2, 2, 2, 2));
  colour3 = retinted(colour3, t3, v128.shuffle<f32>(factor, factor, 3, 3, 3, 3));
  extinction = f32x4.mul(extinction, factor);
}

/** e^−x for x ≥ 0: 2^(whole + share) by the exponent's bits and a polynomial (error below 3e-6). */
export function decay(x: v128): v128 {
  const power = f32x4.pmax(f32x4.mul(x, f32x4.splat(<f32>-Math.LOG2E)), f32x4.splat(-120));
  const whole = f32x4.nearest(power);
  const f = f32x4.mul(f32x4.sub(power, whole), f32x4.splat(<f32>Math.LN2));
  let sum = f32x4.add(f32x4.splat(1.0 / 24), f32x4.mul(f, f32x4.splat(1.0 / 120)));
  sum = f32x4.add(f32x4.splat(1.0 / 6), f32x4.mul(f, sum));
  sum = f32x4.add(f32x4.splat(0.5), f32x4.mul(f, sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f, sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f, sum));
  const exponent = i32x4.shl(wholeOf(f32x4.add(whole, f32x4.splat(127))), 23);
  return f32x4.mul(sum, exponent);
}
