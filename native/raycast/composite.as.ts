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
import { colourFactor, highlight, openShading, shade } from './shade.as';

let step: f32 = 1;
let perStep: f32 = 1;
let alphas: usize = 0;
let colours: usize = 0;
let lastEntry: v128 = i32x4(0, 0, 0, 0);
let tableLo: v128 = i32x4(0, 0, 0, 0);
let tableScale: v128 = i32x4(0, 0, 0, 0);
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
  alphas = <usize>param(47);
  const size = <i32>param(48);
  colours = alphas + ((<usize>size) << 2);
  lastEntry = f32x4.splat(<f32>(size - 1));
  tableLo = f32x4.splat(<f32>param(49));
  tableScale = f32x4.splat(<f32>param(50));
  distances = <usize>param(51);
  skipping = param(74) !== 0;
  shaded = param(60) !== 0;
  opaque = f32x4.splat(<f32>param(61));
  openShading();
}

function entries(value: v128): v128 {
  const at = f32x4.add(f32x4.mul(f32x4.sub(value, tableLo), tableScale), f32x4.splat(0.5));
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(at, f32x4.splat(0)), lastEntry));
}

function alphaOf(entry: v128): v128 {
  let a = v128.load32_zero(alphas + ((<usize>i32x4.extract_lane(entry, 0)) << 2));
  a = v128.load32_lane(alphas + ((<usize>i32x4.extract_lane(entry, 1)) << 2), a, 1);
  a = v128.load32_lane(alphas + ((<usize>i32x4.extract_lane(entry, 2)) << 2), a, 2);
  return v128.load32_lane(alphas + ((<usize>i32x4.extract_lane(entry, 3)) << 2), a, 3);
}

function distanceOf(brick: v128): v128 {
  return i32x4(
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 0)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 1)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 2)),
    <i32>load<u8>(distances + <usize>i32x4.extract_lane(brick, 3)),
  );
}

function colourOf(entry: i32, factor: f32, white: f32, weight: f32): v128 {
  const colour = v128.load(colours + ((<usize>entry) << 4));
  const lit = f32x4.add(f32x4.mul(colour, f32x4.splat(factor)), f32x4.splat(white));
  return f32x4.mul(f32x4.min(lit, f32x4.splat(1)), f32x4.splat(weight));
}

function accumulate<T>(entry: v128, alpha: v128, x: v128, y: v128, z: v128): void {
  if (shaded) shade<T>(x, y, z);
  const factor = shaded ? colourFactor : f32x4.splat(1);
  const white = shaded ? highlight : f32x4.splat(0);
  const w = f32x4.mul(transparency, alpha);
  rgba0 = f32x4.add(
    rgba0,
    colourOf(
      i32x4.extract_lane(entry, 0),
      f32x4.extract_lane(factor, 0),
      f32x4.extract_lane(white, 0),
      f32x4.extract_lane(w, 0),
    ),
  );
  rgba1 = f32x4.add(
    rgba1,
    colourOf(
      i32x4.extract_lane(entry, 1),
      f32x4.extract_lane(factor, 1),
      f32x4.extract_lane(white, 1),
      f32x4.extract_lane(w, 1),
    ),
  );
  rgba2 = f32x4.add(
    rgba2,
    colourOf(
      i32x4.extract_lane(entry, 2),
      f32x4.extract_lane(factor, 2),
      f32x4.extract_lane(white, 2),
      f32x4.extract_lane(w, 2),
    ),
  );
  rgba3 = f32x4.add(
    rgba3,
    colourOf(
      i32x4.extract_lane(entry, 3),
      f32x4.extract_lane(factor, 3),
      f32x4.extract_lane(white, 3),
      f32x4.extract_lane(w, 3),
    ),
  );
  transparency = f32x4.sub(transparency, w);
}

/** Samples the packet between its entry and its exit. */
function march<T>(): void {
  let k = ceil(leastLane(tIn) * perStep);
  const kEnd = mostLane(tOut) * perStep;
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
        continue;
      }
    }
    const value = sample4<T>(x, y, z);
    const entry = entries(value);
    const known = v128.and(active, f32x4.eq(value, value));
    const alpha = v128.and(alphaOf(entry), known);
    if (v128.any_true(f32x4.gt(alpha, f32x4.splat(0)))) accumulate<T>(entry, alpha, x, y, z);
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
  march<T>();
  const background = f32x4(<f32>param(69), <f32>param(70), <f32>param(71), 0);
  store<u32>(out, pixel(rgba0, f32x4.extract_lane(transparency, 0), background));
  if (right) store<u32>(out + 4, pixel(rgba1, f32x4.extract_lane(transparency, 1), background));
  if (!below) return;
  const next = out + ((<usize>width) << 2);
  store<u32>(next, pixel(rgba2, f32x4.extract_lane(transparency, 2), background));
  if (right) store<u32>(next + 4, pixel(rgba3, f32x4.extract_lane(transparency, 3), background));
}
