// AssemblyScript. Colour and opacity of the stretch between two samples of each lane. The transfer
// function is integrated over the values that the stretch passes through (Engel 2001, in its
// approximation by one-dimensional integrals), so that a sharp function leaves no rings at 1 mm steps.
// Table entries are (τr, τg, τb, τ), τ the extinction per mm, then the running sums of the same.
import { param } from './rays.as';

let direct: usize = 0;
let sums: usize = 0;
let lastEntry: v128 = i32x4(0, 0, 0, 0);
let tableLo: v128 = i32x4(0, 0, 0, 0);
let tableScale: v128 = i32x4(0, 0, 0, 0);
let step: v128 = i32x4(0, 0, 0, 0);
let last: f32 = 0;
let firstColour: v128 = i32x4(0, 0, 0, 0);
let lastColour: v128 = i32x4(0, 0, 0, 0);

/** Of each lane: (r, g, b) times opacity, and the opacities. */
export let colour0: v128 = i32x4(0, 0, 0, 0);
export let colour1: v128 = i32x4(0, 0, 0, 0);
export let colour2: v128 = i32x4(0, 0, 0, 0);
export let colour3: v128 = i32x4(0, 0, 0, 0);
export let opacity: v128 = i32x4(0, 0, 0, 0);

export function openTransfer(): void {
  direct = <usize>param(47);
  const size = <i32>param(48);
  sums = direct + ((<usize>size) << 4);
  last = <f32>(size - 1);
  lastEntry = f32x4.splat(last);
  firstColour = v128.load(direct);
  lastColour = v128.load(direct + ((<usize>(size - 1)) << 4));
  tableLo = f32x4.splat(<f32>param(49));
  tableScale = f32x4.splat(<f32>param(50));
  step = f32x4.splat(<f32>param(44));
}

/** Place of each lane's value in the table, a whole number, not yet clamped to it. */
export function placesOf(value: v128): v128 {
  const at = f32x4.mul(f32x4.sub(value, tableLo), tableScale);
  return f32x4.floor(f32x4.add(at, f32x4.splat(0.5)));
}

/** Entry at a place; NaN gives entry 0. */
export function entriesOf(place: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(place, f32x4.splat(0)), lastEntry));
}

function gather(at: usize, entry: v128): v128 {
  let a = v128.load32_zero(at + ((<usize>i32x4.extract_lane(entry, 0)) << 4));
  a = v128.load32_lane(at + ((<usize>i32x4.extract_lane(entry, 1)) << 4), a, 1);
  a = v128.load32_lane(at + ((<usize>i32x4.extract_lane(entry, 2)) << 4), a, 2);
  return v128.load32_lane(at + ((<usize>i32x4.extract_lane(entry, 3)) << 4), a, 3);
}

/** Lanes that would show something between the two places. */
export function visible(from: v128, to: v128): v128 {
  const before = entriesOf(from);
  const entry = entriesOf(to);
  const here = f32x4.gt(gather(direct + 12, entry), f32x4.splat(0));
  const between = f32x4.ne(gather(sums + 12, before), gather(sums + 12, entry));
  return v128.or(here, between);
}

/**
 * Mean (τr, τg, τb, τ) over the places between; where they lie close, that of the second. Beyond its
 * ends the table is constant.
 */
function meanOf(before: i32, entry: i32, from: f32, to: f32): v128 {
  const span = to - from;
  if (span > -4 && span < 4) return v128.load(direct + ((<usize>entry) << 4));
  const within = f32x4.sub(v128.load(sums + ((<usize>entry) << 4)), v128.load(sums + ((<usize>before) << 4)));
  const below = min(to, <f32>0) - min(from, <f32>0);
  const above = max(to, last) - max(from, last);
  const beyond = f32x4.add(
    f32x4.mul(firstColour, f32x4.splat(below)),
    f32x4.mul(lastColour, f32x4.splat(above)),
  );
  return f32x4.div(f32x4.add(within, beyond), f32x4.splat(span));
}

/** e^−x for x ≥ 0: 2^(whole + share) by the exponent's bits and a polynomial (error below 2e-6). */
function decay(x: v128): v128 {
  const power = f32x4.max(f32x4.mul(x, f32x4.splat(<f32>-Math.LOG2E)), f32x4.splat(-120));
  const whole = f32x4.floor(power);
  const f = f32x4.mul(f32x4.sub(power, whole), f32x4.splat(<f32>Math.LN2));
  let sum = f32x4.add(f32x4.splat(1), f32x4.mul(f, f32x4.splat(1.0 / 7)));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f, f32x4.splat(1.0 / 6)), sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f, f32x4.splat(1.0 / 5)), sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f, f32x4.splat(1.0 / 4)), sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f, f32x4.splat(1.0 / 3)), sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f, f32x4.splat(0.5)), sum));
  sum = f32x4.add(f32x4.splat(1), f32x4.mul(f, sum));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(sum, exponent);
}

/** Sets colours and opacities of the stretches between places; lanes outside `mask` get none. */
export function classify(from: v128, to: v128, mask: v128): void {
  const before = entriesOf(from);
  const entry = entriesOf(to);
  const a = meanOf(
    i32x4.extract_lane(before, 0),
    i32x4.extract_lane(entry, 0),
    f32x4.extract_lane(from, 0),
    f32x4.extract_lane(to, 0),
  );
  const b = meanOf(
    i32x4.extract_lane(before, 1),
    i32x4.extract_lane(entry, 1),
    f32x4.extract_lane(from, 1),
    f32x4.extract_lane(to, 1),
  );
  const c = meanOf(
    i32x4.extract_lane(before, 2),
    i32x4.extract_lane(entry, 2),
    f32x4.extract_lane(from, 2),
    f32x4.extract_lane(to, 2),
  );
  const d = meanOf(
    i32x4.extract_lane(before, 3),
    i32x4.extract_lane(entry, 3),
    f32x4.extract_lane(from, 3),
    f32x4.extract_lane(to, 3),
  );
  const ab = v128.shuffle<f32>(a, b, 3, 7, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 3, 7, 3, 7);
  const extinction = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
  const some = v128.and(mask, f32x4.gt(extinction, f32x4.splat(1e-6)));
  opacity = v128.and(some, f32x4.sub(f32x4.splat(1), decay(f32x4.mul(extinction, step))));
  const share = v128.and(some, f32x4.div(opacity, extinction));
  colour0 = f32x4.mul(a, f32x4.splat(f32x4.extract_lane(share, 0)));
  colour1 = f32x4.mul(b, f32x4.splat(f32x4.extract_lane(share, 1)));
  colour2 = f32x4.mul(c, f32x4.splat(f32x4.extract_lane(share, 2)));
  colour3 = f32x4.mul(d, f32x4.splat(f32x4.extract_lane(share, 3)));
}
