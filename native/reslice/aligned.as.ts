// AssemblyScript. Planes whose rows of pixels run along the voxels' rows, as axial and coronal ones do:
// what a column reads is then the same in every row and sample. Four columns at most two voxels apart
// lie within eight voxels: one load and one shuffle fetch their neighbours. 16-bit voxels, linear.
import { hasNoData, noData, rowBytes, sliceBytes, voxels } from '../sample/sample.as';
import { fixed, numberBits } from './fixed.as';

const mip = 1;
const minip = 2;
/** Bytes of a packet of four columns: shuffle, shares, offset of its first voxel. */
const packetBytes = 48;
/** Bytes of a row's sample: four rows of voxels, two shares, weight (a MIP's: its number), how many rows count. */
const entryBytes = 32;
/** Index units by which a row may leave its direction altogether. */
const drift: f64 = 1e-5;
/** Voxels from column to column, so that four columns and their neighbours are within eight voxels. */
const farthest: f64 = 1.99;

/** Results of `runColumns`. */
export let columnAcc: v128 = i32x4(0, 0, 0, 0);
export let columnWeight: f32 = 0;

let packets: usize = 0;
let entries: usize = 0;
let entryCount: i32 = 0;

function param(block: usize, slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

/** Whether the plane is one that this file draws. */
export function isAligned(block: usize): bool {
  const width = param(block, 18);
  const samples = <usize>param(block, 20);
  const end = samples + ((<usize>param(block, 21) - 1) << 3);
  const reach = max(abs(<f64>load<f32>(samples)), abs(<f64>load<f32>(end)));
  return (
    param(block, 4) !== 2 &&
    param(block, 23) === 1 &&
    abs(param(block, 9)) < farthest &&
    abs(param(block, 10)) * width < drift &&
    abs(param(block, 11)) * width < drift &&
    abs(param(block, 12)) * param(block, 19) < drift &&
    abs(param(block, 15)) * reach < drift
  );
}

/** What the packets were written for. */
let writtenX: f64 = 0;
let writtenStep: f64 = 0;
let writtenWidth: i32 = 0;
let writtenLast: i32 = 0;

/** Writes what each packet of columns reads to `at`, once for all bands; samples of a row follow. */
export function setUpColumns(block: usize, at: usize): void {
  const width = <i32>param(block, 18);
  const last = <i32>param(block, 1) - 1;
  const x0 = param(block, 6);
  const step = param(block, 9);
  packets = at;
  entries = at + <usize>((width + 3) >> 2) * packetBytes;
  if (x0 === writtenX && step === writtenStep && width === writtenWidth && last === writtenLast) return;
  writtenX = x0;
  writtenStep = step;
  writtenWidth = width;
  writtenLast = last;
  let to = at;
  for (let c = 0; c < width; c += 4) {
    const head = min(max(fixed(x0 + c * step) + 2, 0), last << 16) >> 16;
    const tail = min(max(fixed(x0 + (c + 3) * step) + 2, 0), last << 16) >> 16;
    const first = min(min(head, tail), max(last - 1, 0));
    for (let lane = 0; lane < 4; lane += 1) {
      const x = min(max(fixed(x0 + (c + lane) * step) + 2, 0), last << 16);
      const i = min(x >> 16, max(last - 1, 0));
      const f = (x - (i << 16)) >> 2;
      store<i32>(to + ((<usize>lane) << 2), 0x03020100 + 0x02020202 * (i - first));
      store<i32>(to + 16 + ((<usize>lane) << 2), (f << 16) - f + 16384);
    }
    store<i32>(to + 32, first << 1);
    to += packetBytes;
  }
}

/** Finds the samples of a row in the box and the rows of voxels that each mixes. */
export function setUpRow(block: usize, rowY: f64, rowZ: f64): void {
  const samples = <usize>param(block, 20);
  const count = <i32>param(block, 21);
  const lastJ = <i32>param(block, 2) - 1;
  const lastK = <i32>param(block, 3) - 1;
  const how = <i32>param(block, 22);
  const isExtreme = how === mip || how === minip;
  let to = entries;
  columnWeight = 0;
  for (let s = 0; s < count; s += 1) {
    const offset = <f64>load<f32>(samples + ((<usize>s) << 3));
    let y = fixed(rowY + offset * param(block, 16));
    let z = fixed(rowZ + offset * param(block, 17));
    if (y < fixed(param(block, 31)) - 2 || y > fixed(param(block, 34)) + 2) continue;
    if (z < fixed(param(block, 32)) - 2 || z > fixed(param(block, 35)) + 2) continue;
    y = min(max(y, 0), lastJ << 16);
    z = min(max(z, 0), lastK << 16);
    const fy = y & 0xffff;
    const fz = z & 0xffff;
    const a = voxels + <usize>(<u32>((y >> 16) * rowBytes)) + <usize>(<u32>((z >> 16) * sliceBytes));
    const row: usize = fy ? rowBytes : 0;
    const slice: usize = fz ? sliceBytes : 0;
    // Where one share is nothing, two rows are mixed by the other.
    store<usize>(to, a);
    store<usize>(to + 4, fy ? a + row : a + slice);
    store<usize>(to + 8, a + slice);
    store<usize>(to + 12, a + slice + row);
    store<f32>(to + 16, <f32>(fy ? fy : fz) / <f32>65536);
    store<f32>(to + 20, <f32>fz / <f32>65536);
    const weight = load<f32>(samples + ((<usize>s) << 3) + 4);
    if (numberBits) store<i32>(to + 24, s);
    else store<f32>(to + 24, isExtreme ? 0 : weight);
    store<i32>(to + 28, fy && fz ? 4 : fy || fz ? 2 : 1);
    columnWeight += weight;
    to += entryBytes;
  }
  entryCount = <i32>((to - entries) / entryBytes);
}

let doubtful: v128 = i32x4(0, 0, 0, 0);

function columns<T>(at: usize, shuffle: v128, share: v128, padding: v128): v128 {
  let pair = v128.swizzle(v128.load(at), shuffle);
  if (hasNoData) doubtful = v128.or(doubtful, i16x8.eq(pair, padding));
  if (!isSigned<T>()) pair = v128.xor(pair, i16x8.splat(-32768));
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(pair, share));
}

function mix(lo: v128, hi: v128, share: v128): v128 {
  return f32x4.add(lo, f32x4.mul(share, f32x4.sub(hi, lo)));
}

/**
 * All of the row's samples at packet `index` into `columnAcc`, scaled by 16,384; of a MIP or MinIP with `numberBits` the
 * best sample's number in its last bits. False where a voxel holds no data, which this file leaves to others.
 */
export function runColumns<T>(index: i32, how: i32): bool {
  const packet = packets + <usize>index * packetBytes;
  const shuffle = v128.load(packet);
  const share = v128.load(packet, 16);
  const first = <usize>load<i32>(packet, 32);
  const padding = i16x8.splat(<i16>(<i32>noData));
  let best = f32x4.splat(how === mip ? f32(-Infinity) : how === minip ? f32(Infinity) : <f32>0);
  const kept = i32x4.splat(~numberBits);
  doubtful = i32x4.splat(0);
  const end = entries + <usize>entryCount * entryBytes;
  for (let entry = entries; entry < end; entry += entryBytes) {
    const rows = load<i32>(entry, 28);
    let value = columns<T>(load<usize>(entry) + first, shuffle, share, padding);
    if (rows > 1) {
      const other = columns<T>(load<usize>(entry, 4) + first, shuffle, share, padding);
      value = mix(value, other, v128.load32_splat(entry, 16));
      if (rows > 2) {
        const far = mix(
          columns<T>(load<usize>(entry, 8) + first, shuffle, share, padding),
          columns<T>(load<usize>(entry, 12) + first, shuffle, share, padding),
          v128.load32_splat(entry, 16),
        );
        value = mix(value, far, v128.load32_splat(entry, 20));
      }
    }
    if (how === mip) best = f32x4.pmax(best, v128.or(v128.and(value, kept), v128.load32_splat(entry, 24)));
    else if (how === minip)
      best = f32x4.pmin(best, v128.or(v128.and(value, kept), v128.load32_splat(entry, 24)));
    else best = f32x4.add(best, f32x4.mul(v128.load32_splat(entry, 24), value));
  }
  columnAcc = best;
  return !v128.any_true(doubtful);
}
