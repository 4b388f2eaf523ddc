// AssemblyScript. One plane with a slab through the volume, by rows. For each row and each sample
// along the normal the columns inside the volume are found first, so that the inner loop does not
// test. Parameters are a block of doubles; its slots are those of `resliceSlots` in slots.ts.
import { sample4, setSampling, setVolume } from '../sample/sample.as';

const single = 0;
const mip = 1;
const minip = 2;
const mean = 3;
/** Index units; a plane lying exactly on the border counts as inside. */
const borderSlack: f64 = 1e-6;

let block: usize = 0;
let firstColumn: i32 = 0;
let endColumn: i32 = 0;

function param(slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

/** Narrows [firstColumn, endColumn) to where `at + column · step` stays within [lo, hi]. */
function narrow(at: f64, step: f64, lo: f64, hi: f64): void {
  lo -= borderSlack;
  hi += borderSlack;
  if (abs(step) < 1e-12) {
    if (at < lo || at > hi) endColumn = firstColumn;
    return;
  }
  const a = (lo - at) / step;
  const b = (hi - at) / step;
  firstColumn = max(firstColumn, <i32>ceil(max(min(a, b), -1.0)));
  endColumn = min(endColumn, <i32>floor(min(max(a, b), 1e6)) + 1);
}

function clearRow(acc: usize, weights: usize, width: i32, mode: i32): void {
  const start = mode === mip ? f32(-Infinity) : mode === minip ? f32(Infinity) : <f32>0;
  for (let c = 0; c < width; c += 4) {
    v128.store(acc + ((<usize>c) << 2), f32x4.splat(start));
    v128.store(weights + ((<usize>c) << 2), f32x4.splat(0));
  }
}

/** Adds one sample along the normal to columns [firstColumn, endColumn) of the row. */
function addSample<T>(acc: usize, weights: usize, mode: i32, weight: f32, x: f64, y: f64, z: f64): void {
  const dx = f32x4.splat(<f32>param(9));
  const dy = f32x4.splat(<f32>param(10));
  const dz = f32x4.splat(<f32>param(11));
  const x0 = f32x4.splat(<f32>x);
  const y0 = f32x4.splat(<f32>y);
  const z0 = f32x4.splat(<f32>z);
  const first = f32x4.splat(<f32>firstColumn);
  const end = f32x4.splat(<f32>endColumn);
  const w = f32x4.splat(weight);
  for (let c = firstColumn & ~3; c < endColumn; c += 4) {
    const column = f32x4.add(f32x4.splat(<f32>c), f32x4(0, 1, 2, 3));
    const value = sample4<T>(
      f32x4.add(x0, f32x4.mul(column, dx)),
      f32x4.add(y0, f32x4.mul(column, dy)),
      f32x4.add(z0, f32x4.mul(column, dz)),
    );
    const inside = v128.and(v128.and(f32x4.ge(column, first), f32x4.lt(column, end)), f32x4.eq(value, value));
    const here = acc + ((<usize>c) << 2);
    const there = weights + ((<usize>c) << 2);
    const old = v128.load(here);
    let next: v128;
    if (mode === mip) next = f32x4.max(old, value);
    else if (mode === minip) next = f32x4.min(old, value);
    else next = f32x4.add(old, f32x4.mul(w, value));
    v128.store(here, v128.bitselect(next, old, inside));
    v128.store(there, f32x4.add(v128.load(there), v128.and(w, inside)));
  }
}

function finishRow(acc: usize, weights: usize, out: usize, width: i32, mode: i32): void {
  const slope = <f32>param(24);
  const intercept = <f32>param(25);
  for (let c = 0; c < width; c += 1) {
    const at = (<usize>c) << 2;
    const weight = load<f32>(weights + at);
    let value = load<f32>(acc + at);
    if (weight === 0) value = f32(NaN);
    else if (mode === mean || mode === single) value /= weight;
    store<f32>(out + at, value * slope + intercept);
  }
}

function rows<T>(rowStart: i32, rowEnd: i32): void {
  const width = <i32>param(18);
  const mode = <i32>param(22);
  const samples = <usize>param(20);
  const count = <i32>param(21);
  const acc = <usize>param(29);
  const weights = acc + ((<usize>(width + 3) & ~3) << 2);
  for (let row = rowStart; row < rowEnd; row += 1) {
    clearRow(acc, weights, width, mode);
    for (let k = 0; k < count; k += 1) {
      const offset = <f64>load<f32>(samples + ((<usize>k) << 3));
      const weight = load<f32>(samples + ((<usize>k) << 3) + 4);
      const x = param(6) + row * param(12) + offset * param(15);
      const y = param(7) + row * param(13) + offset * param(16);
      const z = param(8) + row * param(14) + offset * param(17);
      firstColumn = 0;
      endColumn = width;
      narrow(x, param(9), param(30), param(33));
      narrow(y, param(10), param(31), param(34));
      narrow(z, param(11), param(32), param(35));
      if (firstColumn < endColumn) addSample<T>(acc, weights, mode, weight, x, y, z);
    }
    finishRow(acc, weights, <usize>param(28) + ((<usize>(row * width)) << 2), width, mode);
  }
}

/** Rows [rowStart, rowEnd) of the plane that the parameter block describes; Float32 out, NaN = no data. */
export function reslice(params: usize, rowStart: i32, rowEnd: i32): void {
  block = params;
  const type = <i32>param(4);
  setVolume(<usize>param(0), <i32>param(1), <i32>param(2), <i32>param(3), type === 2 ? 4 : 2);
  setSampling(param(23) === 0, param(26) !== 0, <f32>param(27));
  if (type === 0) rows<i16>(rowStart, rowEnd);
  else if (type === 1) rows<u16>(rowStart, rowEnd);
  else rows<f32>(rowStart, rowEnd);
}
