// AssemblyScript. One plane with a slab through the volume, by rows, four columns at once. For each
// row the columns are found that the volume can reach and those whose samples all lie well inside, so
// that the inner loop does not test. Parameters are a block of doubles (`writeReslice` of kernels.ts).
import { hasNoData, rowBytes, setSampling, setVolume, sliceBytes } from '../sample/sample.as';
import { columnAcc, columnWeight, isAligned, runColumns, setUpColumns, setUpRow } from './aligned.as';
import {
  acc,
  fixed,
  peaks,
  runPeaks,
  runPoints,
  runSamples,
  setUpFixed,
  touchRow,
  weights,
} from './fixed.as';
import { insidePackets, precise, setUpLanes, setUpScale, setUpTable } from './inside.as';

const mean = 3;
const single = 0;
const linear = 1;
const cubic = 2;
/** Index units; a plane lying exactly on the border counts as inside. */
const borderSlack: f64 = 1e-6;
/** Index units that points inside keep from the outermost voxel centres: more than rounding moves them. */
const insideMargin: f64 = 1e-4;

/** Voxels from column to column beyond which four columns would not fit the fixed-point coordinates. */
const widestStep: f64 = 8000;

let block: usize = 0;
let firstColumn: i32 = 0;
let endColumn: i32 = 0;
/** Offsets along the normal in mm that the four columns at hand can see. */
let leastMm: f64 = 0;
let mostMm: f64 = 0;

function param(slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

/** Narrows [firstColumn, endColumn) to where `at + column · step` stays within [lo, hi]; lo > hi: nowhere. */
function narrow(at: f64, step: f64, lo: f64, hi: f64): void {
  if (lo > hi) {
    endColumn = firstColumn;
    return;
  }
  if (abs(step) < 1e-12) {
    if (at < lo || at > hi) endColumn = firstColumn;
    return;
  }
  const a = (lo - at) / step;
  const b = (hi - at) / step;
  firstColumn = max(firstColumn, <i32>ceil(min(max(min(a, b), -1.0), 1e6)));
  endColumn = min(endColumn, <i32>floor(max(min(max(a, b), 1e6), -2.0)) + 1);
}

/** Narrows the columns along one axis: `inside` = every sample is, else = some sample may be. */
function narrowAxis(axis: i32, at: f64, inside: bool): void {
  const perMm = param(15 + axis);
  const samples = <usize>param(20);
  const count = <usize>param(21);
  const a = perMm * <f64>load<f32>(samples);
  const b = perMm * <f64>load<f32>(samples + ((count - 1) << 3));
  const least = min(a, b);
  const most = max(a, b);
  const lo = param(30 + axis);
  const hi = param(33 + axis);
  if (inside) {
    const last = param(1 + axis) - 1 - insideMargin;
    narrow(at, param(9 + axis), max(lo, insideMargin) - least, min(hi, last) - most);
  } else narrow(at, param(9 + axis), lo - most - borderSlack, hi - least + borderSlack);
}

function span(x: f64, y: f64, z: f64, inside: bool): void {
  firstColumn = 0;
  endColumn = <i32>param(18);
  narrowAxis(0, x, inside);
  narrowAxis(1, y, inside);
  narrowAxis(2, z, inside);
}

/** Narrows [leastMm, mostMm] to where one of four columns from coordinate `at` on is within the box. */
function clip(axis: i32, at: f64): void {
  const perMm = param(15 + axis);
  const reach = 3 * param(9 + axis);
  const lo = param(30 + axis) - borderSlack - max(at, at + reach);
  const hi = param(33 + axis) + borderSlack - min(at, at + reach);
  if (abs(perMm) < 1e-12) {
    if (lo > 0 || hi < 0) mostMm = leastMm - 1;
    return;
  }
  leastMm = max(leastMm, min(lo / perMm, hi / perMm));
  mostMm = min(mostMm, max(lo / perMm, hi / perMm));
}

function clearRow(out: usize, width: i32): void {
  const whole = width & ~3;
  for (let c = 0; c < whole; c += 4) v128.store(out + ((<usize>c) << 2), f32x4.splat(f32(NaN)));
  for (let c = whole; c < width; c += 1) store<f32>(out + ((<usize>c) << 2), f32(NaN));
}

/** What makes modality values of the numbers that samples give. */
function scaleOf<T>(): f32 {
  return <f32>(sizeof<T>() === 2 ? param(24) / 16384 : param(24));
}

function offsetOf<T>(): f32 {
  return <f32>(sizeof<T>() === 2 && !isSigned<T>() ? param(25) + 32768 * param(24) : param(25));
}

/** A projection and its weights to modality values; where no sample held data, NaN. */
function finish<T>(mode: i32, value: v128, weights: v128): v128 {
  if (mode === mean || mode === single) value = f32x4.div(value, weights);
  value = f32x4.add(f32x4.mul(value, f32x4.splat(scaleOf<T>())), f32x4.splat(offsetOf<T>()));
  return v128.bitselect(f32x4.splat(f32(NaN)), value, f32x4.eq(weights, f32x4.splat(0)));
}

function storeLanes(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  store<f32>(to, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(to + 4, f32x4.extract_lane(value, 1));
  if (count > 2) store<f32>(to + 8, f32x4.extract_lane(value, 2));
}

function lanes(step: f64): v128 {
  return i32x4(0, fixed(step), fixed(2 * step), fixed(3 * step));
}

/** Index coordinates of the row's column 0 in the plane itself. */
let rowX: f64 = 0;
let rowY: f64 = 0;
let rowZ: f64 = 0;

/** Asks for a row's memory at one offset along the normal beforehand where its points lie in a cache line each. */
function touch<T>(first: i32, end: i32, offset: f64): void {
  const acrossRows = abs(param(10));
  const acrossSlices = abs(param(11));
  if (first >= end || acrossRows + acrossSlices < 0.3) return;
  // The near corners came with the row before.
  let ahead: usize = 0;
  if (acrossSlices < acrossRows) ahead = param(14) > 0 ? <usize>sliceBytes : 0;
  else ahead = param(13) > 0 ? <usize>rowBytes : 0;
  touchRow<T>(
    i32x4.add(i32x4.splat(fixed(rowX + first * param(9) + offset * param(15))), lanes(param(9))),
    i32x4.add(i32x4.splat(fixed(rowY + first * param(10) + offset * param(16))), lanes(param(10))),
    i32x4.add(i32x4.splat(fixed(rowZ + first * param(11) + offset * param(17))), lanes(param(11))),
    i32x4.splat(fixed(4 * param(9))),
    i32x4.splat(fixed(4 * param(10))),
    i32x4.splat(fixed(4 * param(11))),
    (end - first) >> 2,
    ahead,
  );
}

/** Four columns from `c` on into `acc` and `weights`; `edge`: not all of their samples lie well inside. */
function packet<T>(c: i32, edge: bool): void {
  const interpolation = <i32>param(23);
  const samples = <usize>param(20);
  const x = rowX + c * param(9);
  const y = rowY + c * param(10);
  const z = rowZ + c * param(11);
  let from = 0;
  let to = <i32>param(21);
  if (edge) {
    leastMm = -1e9;
    mostMm = 1e9;
    clip(0, x);
    clip(1, y);
    clip(2, z);
    while (from < to && <f64>load<f32>(samples + ((<usize>from) << 3)) < leastMm - 1e-4) from += 1;
    while (from < to && <f64>load<f32>(samples + ((<usize>to - 1) << 3)) > mostMm + 1e-4) to -= 1;
  }
  const x4 = i32x4.add(i32x4.splat(fixed(x)), lanesX);
  const y4 = i32x4.add(i32x4.splat(fixed(y)), lanesY);
  const z4 = i32x4.add(i32x4.splat(fixed(z)), lanesZ);
  if (interpolation === linear) runSamples<T>(x4, y4, z4, from, to, edge);
  else runPoints<T>(interpolation === cubic, x4, y4, z4, from, to);
}

let lanesX: v128 = i32x4(0, 0, 0, 0);
let lanesY: v128 = i32x4(0, 0, 0, 0);
let lanesZ: v128 = i32x4(0, 0, 0, 0);

/** A row of a plane along the voxels' rows. Every sample sees the same columns: first … end. */
function alignedRow<T>(out: usize, width: i32, mode: i32): void {
  setUpRow(block, rowY, rowZ);
  for (let c = firstColumn & ~3; c < endColumn; c += 4) {
    let value: v128;
    if (runColumns<T>(c >> 2, mode)) {
      let best = columnAcc;
      if (peaks > 0) {
        const x = i32x4.add(i32x4.splat(fixed(rowX + c * param(9))), lanesX);
        runPeaks<T>(best, x, i32x4.splat(fixed(rowY)), i32x4.splat(fixed(rowZ)));
        best = acc;
      }
      value = finish<T>(mode, best, f32x4.splat(columnWeight));
    } else {
      packet<T>(c, true);
      value = finish<T>(mode, acc, weights);
    }
    const column = i32x4.add(i32x4.splat(c), i32x4(0, 1, 2, 3));
    const inside = v128.and(
      i32x4.ge_s(column, i32x4.splat(firstColumn)),
      i32x4.lt_s(column, i32x4.splat(endColumn)),
    );
    storeLanes(out + ((<usize>c) << 2), v128.bitselect(value, f32x4.splat(f32(NaN)), inside), width - c);
  }
}

/** Linear samples of 16-bit voxels: those well inside are drawn by inside.as.ts, which adds up rows in 16 bits. */
function isSimple<T>(): bool {
  return sizeof<T>() === 2 && <i32>param(23) === linear && rowBytes < 32768;
}

/** `packets` × 4 columns whose samples all lie well inside. */
function insideRow<T>(first: i32, packets: i32, out: usize): void {
  const mode = <i32>param(22);
  const isSum = mode === mean || mode === single;
  const from = out + ((<usize>first) << 2);
  setUpLanes(lanesX, lanesY, lanesZ);
  setUpTable(<usize>param(29), <i32>param(21), peaks, mode);
  setUpScale(isSum ? scaleOf<T>() / weightOfAll : scaleOf<T>(), offsetOf<T>());
  insidePackets<T>(
    precise(rowX + first * param(9)),
    precise(rowY + first * param(10)),
    precise(rowZ + first * param(11)),
    precise(4 * param(9)),
    precise(4 * param(10)),
    precise(4 * param(11)),
    from,
    from + ((<usize>packets) << 4),
  );
}

/** Of all samples of a slab. */
let weightOfAll: f32 = 1;
let aligned: bool = false;
let tooWide: bool = false;

/** Takes the steps and samples of the parameter block; the rows that follow have them in common. */
function setUpRows<T>(): void {
  tooWide = max(abs(param(9)), max(abs(param(10)), abs(param(11)))) > widestStep;
  aligned = sizeof<T>() === 2 && isAligned(block);
  if (aligned) setUpColumns(block, <usize>param(36));
  let sum: f32 = 0;
  for (let s = 0; s < <i32>param(21); s += 1) sum += load<f32>(<usize>param(20) + ((<usize>s) << 3) + 4);
  weightOfAll = sum;
  lanesX = lanes(param(9));
  lanesY = lanes(param(10));
  lanesZ = lanes(param(11));
}

/** The row whose column 0 lies at index coordinates (x, y, z), into `width` Float32 at `out`. */
function drawRow<T>(x: f64, y: f64, z: f64, out: usize): void {
  const width = <i32>param(18);
  const mode = <i32>param(22);
  const samples = <usize>param(20);
  const count = <i32>param(21);
  rowX = x;
  rowY = y;
  rowZ = z;
  span(rowX, rowY, rowZ, true);
  const firstInside = firstColumn;
  const endInside = endColumn;
  span(rowX, rowY, rowZ, false);
  clearRow(out, width);
  if (tooWide) return;
  if (aligned) {
    alignedRow<T>(out, width, mode);
    return;
  }
  // A slab's samples between its ends lie in the same or in neighbouring cache lines.
  touch<T>(firstInside, endInside, <f64>load<f32>(samples));
  if (count > 1) touch<T>(firstInside, endInside, <f64>load<f32>(samples + ((<usize>count - 1) << 3)));
  const inside = (firstInside + 3) & ~3;
  const packets = isSimple<T>() ? max((endInside - inside) >> 2, 0) : 0;
  const endOfPackets = inside + (packets << 2);
  if (packets > 0) insideRow<T>(inside, packets, out);
  for (let c = firstColumn & ~3; c < endColumn; c += 4) {
    const to = out + ((<usize>c) << 2);
    // Without padding no value is NaN; four that touch it were left.
    if (c >= inside && c < endOfPackets && (!hasNoData || load<f32>(to) <= f32(Infinity))) continue;
    packet<T>(c, c < firstInside || c + 4 > endInside);
    storeLanes(to, finish<T>(mode, acc, weights), width - c);
  }
}

/** Takes the volume and how it is sampled. */
export function setUpVolume(params: usize): void {
  block = params;
  const bytes = param(4) === 2 ? 4 : 2;
  setVolume(<usize>param(0), <i32>param(1), <i32>param(2), <i32>param(3), bytes);
  setSampling(param(23) === 0, param(26) !== 0, <f32>param(27));
}

/** One row by the block as it is now, which may change from row to row: a row of a curved plane. */
export function drawAlone<T>(out: usize): void {
  setUpFixed(block, <usize>param(29));
  setUpRows<T>();
  drawRow<T>(param(6), param(7), param(8), out);
}

function rows<T>(rowStart: i32, rowEnd: i32): void {
  setUpRows<T>();
  const rowBytesOut = (<usize>param(18)) << 2;
  for (let row = rowStart; row < rowEnd; row += 1) {
    const out = <usize>param(28) + <usize>row * rowBytesOut;
    drawRow<T>(param(6) + row * param(12), param(7) + row * param(13), param(8) + row * param(14), out);
  }
}

/** Rows [rowStart, rowEnd) of the plane that the parameter block describes; Float32 out, NaN = no data. */
export function reslice(params: usize, rowStart: i32, rowEnd: i32): void {
  setUpVolume(params);
  const type = <i32>param(4);
  setUpFixed(params, <usize>param(29));
  if (type === 0) rows<i16>(rowStart, rowEnd);
  else if (type === 1) rows<u16>(rowStart, rowEnd);
  else rows<f32>(rowStart, rowEnd);
}
