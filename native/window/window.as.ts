// AssemblyScript. Modality values to RGBA8 by a window function (PS3.3 C.11.2.1.2) or a table.
// NaN means no data and takes the background. Slots: `writeWindow` of kernels.ts.

const linear = 0;
const sigmoid = 1;

function grey(level: u32): u32 {
  return 0xff000000 | (level << 16) | (level << 8) | level;
}

/** Four pixels: clamp(value · gain + bias) rounded, spread to RGBA. */
function linear4(value: v128, gain: v128, bias: v128, background: v128): v128 {
  const level = f32x4.add(f32x4.mul(value, gain), bias);
  const clamped = f32x4.min(f32x4.max(level, f32x4.splat(0)), f32x4.splat(255));
  const i = i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(clamped, f32x4.splat(0.5))));
  const rgb = i32x4.mul(i, i32x4.splat(0x010101));
  const rgba = v128.or(rgb, i32x4.splat(<i32>0xff000000));
  return v128.bitselect(rgba, background, f32x4.eq(value, value));
}

function linearRun(from: usize, to: usize, count: i32, gain: f32, bias: f32, background: u32): void {
  const g = f32x4.splat(gain);
  const b = f32x4.splat(bias);
  const back = i32x4.splat(<i32>background);
  const bulk = count & ~3;
  for (let i = 0; i < bulk; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(to + at, linear4(v128.load(from + at), g, b, back));
  }
  for (let i = bulk; i < count; i += 1) {
    const at = (<usize>i) << 2;
    const one = linear4(f32x4.splat(load<f32>(from + at)), g, b, back);
    store<u32>(to + at, <u32>i32x4.extract_lane(one, 0));
  }
}

function sigmoidRun(
  from: usize,
  to: usize,
  count: i32,
  gain: f32,
  bias: f32,
  sign: f32,
  background: u32,
): void {
  for (let i = 0; i < count; i += 1) {
    const at = (<usize>i) << 2;
    const value = load<f32>(from + at);
    if (F32.isNaN(value)) {
      store<u32>(to + at, background);
      continue;
    }
    const level = <f32>(255.0 / (1.0 + Math.exp(<f64>(sign * (value * gain + bias)))));
    store<u32>(to + at, grey(<u32>floor(level + <f32>0.5)));
  }
}

function tableRun(
  from: usize,
  to: usize,
  count: i32,
  gain: f32,
  bias: f32,
  table: usize,
  last: f32,
  background: u32,
): void {
  for (let i = 0; i < count; i += 1) {
    const at = (<usize>i) << 2;
    const value = load<f32>(from + at);
    if (F32.isNaN(value)) {
      store<u32>(to + at, background);
      continue;
    }
    const entry = min(max(floor(value * gain + bias + <f32>0.5), <f32>0), last);
    store<u32>(to + at, load<u32>(table + ((<usize>entry) << 2)));
  }
}

/** A level times 1 − share + the colour's part of it, all of 255. */
function tintedLevel(level: u32, tint: u32, share: u32): u32 {
  return min((level * (255 - share + tint) + 127) / 255, 255);
}

function tintedWord(word: u32, tint: u32): u32 {
  const share = tint >> 24;
  const r = tintedLevel(word & 255, tint & 255, share);
  const g = tintedLevel((word >> 8) & 255, (tint >> 8) & 255, share);
  const b = tintedLevel((word >> 16) & 255, (tint >> 16) & 255, share);
  return 0xff000000 | (b << 16) | (g << 8) | r;
}

/** `count` Float32 values at `from` become RGBA8 at `to`; where tinted, `to` holds what tints them. */
export function window(params: usize, from: usize, to: usize, count: i32): void {
  if (load<f64>(params + 56) === 0) {
    plain(params, from, to, count);
    return;
  }
  let first = 0;
  for (let i = 0; i <= count; i += 1) {
    const at = (<usize>i) << 2;
    const tint = i < count ? load<u32>(to + at) : 1;
    if (tint === 0) continue;
    if (first < i) plain(params, from + ((<usize>first) << 2), to + ((<usize>first) << 2), i - first);
    first = i + 1;
    if (i === count) break;
    plain(params, from + at, to + at, 1);
    store<u32>(to + at, tintedWord(load<u32>(to + at), tint));
  }
}

function plain(params: usize, from: usize, to: usize, count: i32): void {
  const kind = <i32>load<f64>(params);
  const gain = <f32>load<f64>(params + 8);
  const bias = <f32>load<f64>(params + 16);
  const sign = <f32>load<f64>(params + 24);
  const background = <u32>load<f64>(params + 32);
  const table = <usize>load<f64>(params + 40);
  const last = <f32>load<f64>(params + 48);
  if (kind === linear) linearRun(from, to, count, gain, bias, background);
  else if (kind === sigmoid) sigmoidRun(from, to, count, gain, bias, sign, background);
  else tableRun(from, to, count, gain, bias, table, last, background);
}
