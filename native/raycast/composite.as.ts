// AssemblyScript. Front-to-back compositing of a 2×2 packet of rays. Samples lie on one lattice
// (t = k · step) for the whole picture, so that skipping empty bricks changes no pixel.
import { sample4 } from '../sample/sample.as';
import {
  brickOf,
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
import { colourFactor, forgetSurface, highlight, openShading, shade } from './shade.as';
import {
  classify,
  colour0,
  colour1,
  colour2,
  colour3,
  opacity,
  openTransfer,
  placesOf,
  visible,
} from './transfer.as';

let step: f32 = 1;
let perStep: f32 = 1;
let distances: usize = 0;
let skipping: bool = true;
let shaded: bool = true;
let opaque: v128 = i32x4(0, 0, 0, 0);

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
  opaque = f32x4.splat(<f32>param(61));
  openShading();
  openTransfer();
}

function distanceOf(brick: v128): v128 {
  return i32x4(
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 0)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 1)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 2)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 3)),
  );
}

/** Premultiplied colour under the light: never brighter than white. */
function lit(colour: v128, factor: f32, white: f32, alpha: f32, light: f32): v128 {
  const bright = f32x4.add(f32x4.mul(colour, f32x4.splat(factor)), f32x4.splat(white * alpha));
  return f32x4.mul(f32x4.min(bright, f32x4.splat(alpha)), f32x4.splat(light));
}

/** Adds the stretch that ends at sample `k`, lit at its middle. */
function accumulate<T>(k: f32, seen: v128): void {
  if (shaded) {
    const t = f32x4.splat((k - <f32>0.5) * step);
    shade<T>(
      f32x4.add(originX, f32x4.mul(t, directionX)),
      f32x4.add(originY, f32x4.mul(t, directionY)),
      f32x4.add(originZ, f32x4.mul(t, directionZ)),
      k,
      seen,
    );
  }
  const f = shaded ? colourFactor : f32x4.splat(1);
  const s = shaded ? highlight : f32x4.splat(0);
  const a = opacity;
  const l = transparency;
  rgba0 = f32x4.add(
    rgba0,
    lit(
      colour0,
      f32x4.extract_lane(f, 0),
      f32x4.extract_lane(s, 0),
      f32x4.extract_lane(a, 0),
      f32x4.extract_lane(l, 0),
    ),
  );
  rgba1 = f32x4.add(
    rgba1,
    lit(
      colour1,
      f32x4.extract_lane(f, 1),
      f32x4.extract_lane(s, 1),
      f32x4.extract_lane(a, 1),
      f32x4.extract_lane(l, 1),
    ),
  );
  rgba2 = f32x4.add(
    rgba2,
    lit(
      colour2,
      f32x4.extract_lane(f, 2),
      f32x4.extract_lane(s, 2),
      f32x4.extract_lane(a, 2),
      f32x4.extract_lane(l, 2),
    ),
  );
  rgba3 = f32x4.add(
    rgba3,
    lit(
      colour3,
      f32x4.extract_lane(f, 3),
      f32x4.extract_lane(s, 3),
      f32x4.extract_lane(a, 3),
      f32x4.extract_lane(l, 3),
    ),
  );
  transparency = f32x4.sub(l, f32x4.mul(l, a));
}

function sampleAt<T>(t: v128): v128 {
  return sample4<T>(
    f32x4.add(originX, f32x4.mul(t, directionX)),
    f32x4.add(originY, f32x4.mul(t, directionY)),
    f32x4.add(originZ, f32x4.mul(t, directionZ)),
  );
}

/** Samples the packet between its entry and its exit. */
function march<T>(): void {
  let k = ceil(leastLane(tIn) * perStep);
  const kEnd = mostLane(tOut) * perStep;
  let before = f32x4.splat(0);
  let hasBefore = false;
  while (k <= kEnd) {
    const t = f32x4.splat(k * step);
    const live = v128.and(f32x4.le(t, tOut), f32x4.gt(transparency, opaque));
    const waiting = v128.and(live, f32x4.lt(t, tIn));
    const active = v128.andnot(live, waiting);
    if (!v128.any_true(live)) return;
    const x = f32x4.add(originX, f32x4.mul(t, directionX));
    const y = f32x4.add(originY, f32x4.mul(t, directionY));
    const z = f32x4.add(originZ, f32x4.mul(t, directionZ));
    if (skipping) {
      const distance = distanceOf(brickOf(x, y, z));
      const full = i32x4.eq(distance, i32x4.splat(0));
      if (!v128.any_true(v128.and(full, active))) {
        k = jump(k, exitOf(x, y, z, distance), active, waiting, perStep);
        hasBefore = false;
        continue;
      }
    }
    if (!hasBefore) before = sampleAt<T>(f32x4.splat((k - 1) * step));
    const value = sample4<T>(x, y, z);
    const to = placesOf(value);
    const from = placesOf(v128.bitselect(before, value, f32x4.eq(before, before)));
    const seen = v128.and(v128.and(active, f32x4.eq(value, value)), visible(from, to));
    if (v128.any_true(seen)) {
      classify(from, to, seen);
      accumulate<T>(k, seen);
    }
    before = value;
    hasBefore = true;
    k += 1;
  }
}

function pixel(colour: v128, left: f32, background: v128): u32 {
  const whole = f32x4.add(colour, f32x4.mul(background, f32x4.splat(left)));
  const scaled = f32x4.add(f32x4.mul(whole, f32x4.splat(255)), f32x4.splat(0.5));
  const level = i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(scaled, f32x4.splat(0)), f32x4.splat(255)));
  return (
    0xff000000 |
    ((<u32>i32x4.extract_lane(level, 2)) << 16) |
    ((<u32>i32x4.extract_lane(level, 1)) << 8) |
    <u32>i32x4.extract_lane(level, 0)
  );
}

/** Writes the packet's RGBA8 pixels that lie inside the picture. */
export function compositePacket<T>(out: usize, width: i32, right: bool, below: bool): void {
  transparency = f32x4.splat(1);
  rgba0 = f32x4.splat(0);
  rgba1 = rgba0;
  rgba2 = rgba0;
  rgba3 = rgba0;
  forgetSurface();
  march<T>();
  const background = f32x4(<f32>param(69), <f32>param(70), <f32>param(71), 0);
  store<u32>(out, pixel(rgba0, f32x4.extract_lane(transparency, 0), background));
  if (right) store<u32>(out + 4, pixel(rgba1, f32x4.extract_lane(transparency, 1), background));
  if (!below) return;
  const next = out + ((<usize>width) << 2);
  store<u32>(next, pixel(rgba2, f32x4.extract_lane(transparency, 2), background));
  if (right) store<u32>(next + 4, pixel(rgba3, f32x4.extract_lane(transparency, 3), background));
}
