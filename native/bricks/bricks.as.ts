// AssemblyScript. The smallest and largest value of each 8×8×8 brick with one voxel beyond it on the
// far side, so that every trilinear sample inside the brick lies within the two; and, for a transfer
// function, how many bricks away the nearest visible one is.

let hasNoData: bool = false;
let noData: f32 = 0;
let paddedFlag: usize = 0;

function brick<T>(voxels: usize, nx: i32, ny: i32, nz: i32, bi: i32, bj: i32, bk: i32, out: usize): void {
  const iEnd = min((bi << 3) + 9, nx);
  const jEnd = min((bj << 3) + 9, ny);
  const kEnd = min((bk << 3) + 9, nz);
  let least = f32(Infinity);
  let most = f32(-Infinity);
  for (let k = bk << 3; k < kEnd; k += 1) {
    for (let j = bj << 3; j < jEnd; j += 1) {
      const row = voxels + <usize>((k * ny + j) * nx) * sizeof<T>();
      for (let i = bi << 3; i < iEnd; i += 1) {
        const value = <f32>load<T>(row + <usize>i * sizeof<T>());
        if (hasNoData && value === noData) {
          store<i32>(paddedFlag, 1);
          continue;
        }
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
  }
  store<f32>(out, least);
  store<f32>(out + 4, most);
}

function least8<T>(a: v128, b: v128): v128 {
  return isSigned<T>() ? i16x8.min_s(a, b) : i16x8.min_u(a, b);
}

function most8<T>(a: v128, b: v128): v128 {
  return isSigned<T>() ? i16x8.max_s(a, b) : i16x8.max_u(a, b);
}

/** The same for a brick of 16-bit voxels that has all nine of each row: two loads hold a row. */
function shortBrick<T>(
  voxels: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  bi: i32,
  bj: i32,
  bk: i32,
  out: usize,
): void {
  const jEnd = min((bj << 3) + 9, ny);
  const kEnd = min((bk << 3) + 9, nz);
  const padding = i16x8.splat(<i16>(<i32>noData));
  const lowest = isSigned<T>() ? i16x8.splat(-32768) : i16x8.splat(0);
  const highest = isSigned<T>() ? i16x8.splat(32767) : i16x8.splat(-1);
  let least = highest;
  let most = lowest;
  let met = i16x8.splat(0);
  for (let k = bk << 3; k < kEnd; k += 1) {
    let row = voxels + (<usize>(k * ny + (bj << 3)) * <usize>nx + <usize>(bi << 3)) * 2;
    for (let j = bj << 3; j < jEnd; j += 1) {
      const a = v128.load(row);
      const b = v128.load(row, 2);
      row += (<usize>nx) << 1;
      if (!hasNoData) {
        least = least8<T>(least, least8<T>(a, b));
        most = most8<T>(most, most8<T>(a, b));
        continue;
      }
      const padA = i16x8.eq(a, padding);
      const padB = i16x8.eq(b, padding);
      met = v128.or(met, v128.or(padA, padB));
      least = least8<T>(least, least8<T>(v128.bitselect(highest, a, padA), v128.bitselect(highest, b, padB)));
      most = most8<T>(most, most8<T>(v128.bitselect(lowest, a, padA), v128.bitselect(lowest, b, padB)));
    }
  }
  // With padding in it a brick may hold nothing else: then it is looked at voxel by voxel.
  if (v128.any_true(met)) {
    brick<T>(voxels, nx, ny, nz, bi, bj, bk, out);
    return;
  }
  least = least8<T>(least, v128.shuffle<i16>(least, least, 4, 5, 6, 7, 0, 1, 2, 3));
  least = least8<T>(least, v128.shuffle<i16>(least, least, 2, 3, 0, 1, 6, 7, 4, 5));
  least = least8<T>(least, v128.shuffle<i16>(least, least, 1, 0, 3, 2, 5, 4, 7, 6));
  most = most8<T>(most, v128.shuffle<i16>(most, most, 4, 5, 6, 7, 0, 1, 2, 3));
  most = most8<T>(most, v128.shuffle<i16>(most, most, 2, 3, 0, 1, 6, 7, 4, 5));
  most = most8<T>(most, v128.shuffle<i16>(most, most, 1, 0, 3, 2, 5, 4, 7, 6));
  const low = <i32>i16x8.extract_lane_s(least, 0);
  const high = <i32>i16x8.extract_lane_s(most, 0);
  store<f32>(out, <f32>(isSigned<T>() ? low : low & 0xffff));
  store<f32>(out + 4, <f32>(isSigned<T>() ? high : high & 0xffff));
}

function layers<T>(voxels: usize, nx: i32, ny: i32, nz: i32, out: usize, from: i32, to: i32): void {
  const bx = (nx + 7) >> 3;
  const by = (ny + 7) >> 3;
  for (let k = from; k < to; k += 1)
    for (let j = 0; j < by; j += 1)
      for (let i = 0; i < bx; i += 1) {
        const at = out + ((<usize>((k * by + j) * bx + i)) << 3);
        if (sizeof<T>() === 2 && (i << 3) + 9 <= nx) shortBrick<T>(voxels, nx, ny, nz, i, j, k, at);
        else brick<T>(voxels, nx, ny, nz, i, j, k, at);
      }
}

/** Brick layers [from, to) along k: pairs of Float32 (least, most), stored values. Padding and NaN are left out. */
export function bricks(
  voxels: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  type: i32,
  out: usize,
  from: i32,
  to: i32,
  withNoData: bool,
  noDataValue: f32,
  padded: usize,
): void {
  paddedFlag = padded;
  hasNoData = withNoData;
  noData = noDataValue;
  if (type === 0) layers<i16>(voxels, nx, ny, nz, out, from, to);
  else if (type === 1) layers<u16>(voxels, nx, ny, nz, out, from, to);
  else layers<f32>(voxels, nx, ny, nz, out, from, to);
}

/** Bit of a brick's flag (mask/mask.as.ts). */
const allRemoved: u8 = 2;

let nBx: i32 = 0;
let nBy: i32 = 0;
let nBz: i32 = 0;

function stepFrom(out: usize, best: i32, i: i32, j: i32, k: i32): i32 {
  if (i < 0 || j < 0 || k < 0 || i >= nBx || j >= nBy || k >= nBz) return best;
  return min(best, <i32>load<u8>(out + <usize>((k * nBy + j) * nBx + i)) + 1);
}

/** The nearest of the 13 neighbours already passed, in raster order (`sign` 1) or against it (−1). */
function passed(out: usize, best: i32, i: i32, j: i32, k: i32, sign: i32): i32 {
  best = stepFrom(out, best, i - sign, j, k);
  for (let a = -1; a <= 1; a += 1) {
    best = stepFrom(out, best, i + a, j - sign, k);
    for (let b = -1; b <= 1; b += 1) best = stepFrom(out, best, i + a, j + b, k - sign);
  }
  return best;
}

/**
 * Chessboard distance (0 = visible) to the nearest brick in which the opacity table is not zero.
 * `ranks` holds for each of `size` table entries twice the number of visible ones before it, plus one
 * where it is visible itself (Int32). `removed`: the bricks' flags of masks, or 0.
 */
export function occupancy(
  pairs: usize,
  bx: i32,
  by: i32,
  bz: i32,
  ranks: usize,
  size: i32,
  lo: f32,
  scale: f32,
  out: usize,
  removed: usize,
): void {
  nBx = bx;
  nBy = by;
  nBz = bz;
  const last = <f32>(size - 1);
  const count = bx * by * bz;
  for (let b = 0; b < count; b += 1) {
    const least = load<f32>(pairs + ((<usize>b) << 3));
    const most = load<f32>(pairs + ((<usize>b) << 3) + 4);
    let visible = false;
    const isGone = removed !== 0 && (load<u8>(removed + <usize>b) & allRemoved) !== 0;
    if (least <= most && !isGone) {
      const first = <i32>min(max(floor((least - lo) * scale + <f32>0.5) - 1, <f32>0), last);
      const end = <i32>min(max(floor((most - lo) * scale + <f32>0.5) + 1, <f32>0), last);
      const rank = load<i32>(ranks + ((<usize>end) << 2));
      visible = (rank & 1) !== 0 || rank !== load<i32>(ranks + ((<usize>first) << 2));
    }
    store<u8>(out + <usize>b, visible ? 0 : 200);
  }
  for (let k = 0; k < bz; k += 1)
    for (let j = 0; j < by; j += 1) for (let i = 0; i < bx; i += 1) relax(out, i, j, k, 1);
  for (let k = bz - 1; k >= 0; k -= 1)
    for (let j = by - 1; j >= 0; j -= 1) for (let i = bx - 1; i >= 0; i -= 1) relax(out, i, j, k, -1);
}

function relax(out: usize, i: i32, j: i32, k: i32, sign: i32): void {
  const at = out + <usize>((k * nBy + j) * nBx + i);
  const old = <i32>load<u8>(at);
  if (old > 0) store<u8>(at, <u8>passed(out, old, i, j, k, sign));
}
