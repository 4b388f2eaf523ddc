// AssemblyScript. Stored 16-bit cells to int16 modality values in place, with their range: the twin of `shiftShorts`
// (core/pixels/native-shorts.ts). Eight cells at once.

/** What stands for "no data". */
const none: i32 = -32768;

let lowest: v128 = i16x8.splat(32767);
let highest: v128 = i16x8.splat(-32768);

/** Four stored values (32 bits) to modality values; those within [low, high] become "no data". */
function four(stored: v128, intercept: v128, low: v128, high: v128): v128 {
  const padded = v128.and(i32x4.ge_s(stored, low), i32x4.le_s(stored, high));
  return v128.bitselect(i32x4.splat(none), i32x4.add(stored, intercept), padded);
}

function eight(cells: v128, left: i32, right: i32, signed: bool, add: v128, low: v128, high: v128): v128 {
  const shifted = i16x8.shl(cells, left);
  let near: v128;
  let far: v128;
  if (signed) {
    const stored = i16x8.shr_s(shifted, right);
    near = i32x4.extend_low_i16x8_s(stored);
    far = i32x4.extend_high_i16x8_s(stored);
  } else {
    const stored = i16x8.shr_u(shifted, right);
    near = i32x4.extend_low_i16x8_u(stored);
    far = i32x4.extend_high_i16x8_u(stored);
  }
  // Values beyond 16 bits stop at their ends.
  return i16x8.narrow_i32x4_s(four(near, add, low, high), four(far, add, low, high));
}

/**
 * `count` cells at `at`. `left` and `right`: shifts within 16 bits that leave the stored value. Answers the smallest value
 * that is data in the low and the largest in the high 16 bits; smallest > largest when none is.
 */
export function shorts(
  at: usize,
  count: i32,
  left: i32,
  right: i32,
  signed: bool,
  intercept: i32,
  low: i32,
  high: i32,
): i32 {
  const add = i32x4.splat(intercept);
  const from = i32x4.splat(low);
  const to = i32x4.splat(high);
  lowest = i16x8.splat(32767);
  highest = i16x8.splat(<i16>none);
  const end = at + ((<usize>count) << 1);
  for (; at + 16 <= end; at += 16) {
    const values = eight(v128.load(at), left, right, signed, add, from, to);
    v128.store(at, values);
    count8(values);
  }
  if (at < end) {
    // Fewer than eight are left: the lanes behind them are "no data", which does not count.
    const values = eight(v128.load(at), left, right, signed, add, from, to);
    const here = i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>((end - at) >> 1)));
    v128.store(at, values);
    count8(v128.bitselect(values, i16x8.splat(<i16>none), here));
  }
  return (most(highest) << 16) | ((-1 - most(v128.not(lowest))) & 0xffff);
}

function count8(values: v128): void {
  const nothing = i16x8.eq(values, i16x8.splat(<i16>none));
  highest = i16x8.max_s(highest, values);
  lowest = i16x8.min_s(lowest, v128.bitselect(i16x8.splat(32767), values, nothing));
}

/** The largest lane. */
function most(values: v128): i32 {
  let at = i16x8.max_s(values, v128.shuffle<i64>(values, values, 1, 0));
  at = i16x8.max_s(at, v128.shuffle<i32>(at, at, 1, 0, 3, 2));
  at = i16x8.max_s(at, v128.shuffle<i16>(at, at, 1, 0, 3, 2, 5, 4, 7, 6));
  return <i32>i16x8.extract_lane_s(at, 0);
}
