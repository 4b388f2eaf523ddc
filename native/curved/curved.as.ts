// AssemblyScript. Rows of a curved plane with a slab: each row is a straight line through the volume and
// is drawn as a row of a plane is (reslice.as.ts), by steps of its own. The parameter block is that of a
// plane; `writeCurved` of kernels.ts adds the table of rows and the thickness.
import { drawAlone, setUpVolume } from '../reslice/reslice.as';

/** Doubles a row: column 0, step from column to column, way per mm through the slab, count of samples. */
const rowDoubles = 10;

function param(block: usize, slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

/** Samples at even distances over the whole thickness, both ends included, with trapezoid weights. */
function writeSamples(at: usize, count: i32, slabMm: f64): void {
  if (count < 2) {
    store<f32>(at, 0);
    store<f32>(at + 4, 1);
    return;
  }
  const apart = slabMm / <f64>(count - 1);
  for (let s = 0; s < count; s += 1) {
    const to = at + ((<usize>s) << 3);
    store<f32>(to, <f32>(<f64>s * apart - slabMm / 2));
    store<f32>(to + 4, <f32>(s === 0 || s === count - 1 ? apart / 2 : apart));
  }
}

function drawRows<T>(block: usize, count: i32, out: usize): void {
  const table = <usize>param(block, 37);
  const slabMm = param(block, 38);
  const samples = <usize>param(block, 20);
  const width = <i32>param(block, 18);
  let written = 0;
  for (let row = 0; row < count; row += 1) {
    const entry = table + <usize>(row * rowDoubles * 8);
    const to = out + ((<usize>(row * width)) << 2);
    if (F64.isNaN(load<f64>(entry))) {
      for (let c = 0; c < width; c += 1) store<f32>(to + ((<usize>c) << 2), f32(NaN));
      continue;
    }
    for (let n: usize = 0; n < 48; n += 8) store<f64>(block + 48 + n, load<f64>(entry + n));
    for (let n: usize = 0; n < 24; n += 8) store<f64>(block + 120 + n, load<f64>(entry + 48 + n));
    // Only a hint for what to have in the cache: where the next row lies.
    const isLast = row + 1 === count;
    store<f64>(block + 104, isLast ? 0 : load<f64>(entry + 88) - load<f64>(entry + 8));
    store<f64>(block + 112, isLast ? 0 : load<f64>(entry + 96) - load<f64>(entry + 16));
    const wanted = <i32>load<f64>(entry + 72);
    if (wanted !== written) writeSamples(samples, wanted, slabMm);
    written = wanted;
    store<f64>(block + 168, <f64>wanted);
    store<f64>(block + 312, wanted > 1 ? slabMm / <f64>(wanted - 1) : 0);
    drawAlone<T>(to);
  }
}

/** The first `count` rows of the table into Float32 from `out` on; NaN = no data. */
export function curved(params: usize, count: i32, out: usize): void {
  setUpVolume(params);
  const type = <i32>param(params, 4);
  if (type === 0) drawRows<i16>(params, count, out);
  else if (type === 1) drawRows<u16>(params, count, out);
  else drawRows<f32>(params, count, out);
}
