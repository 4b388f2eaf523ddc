// AssemblyScript. Trilinear over the voxels that hold data, their weights made to sum to one; NaN
// where less than half of the weight does. Padding must not bleed into its neighbours (L20).
import { hasNoData, noData, voxels } from '../sample/sample.as';

let sum: v128 = i32x4(0, 0, 0, 0);
let held: v128 = i32x4(0, 0, 0, 0);

/** One corner of each of four cells, as stored. */
function corner<T>(at: v128, beyond: usize): v128 {
  const base = voxels + beyond;
  return f32x4(
    <f32>load<T>(base + <usize>(<u32>i32x4.extract_lane(at, 0))),
    <f32>load<T>(base + <usize>(<u32>i32x4.extract_lane(at, 1))),
    <f32>load<T>(base + <usize>(<u32>i32x4.extract_lane(at, 2))),
    <f32>load<T>(base + <usize>(<u32>i32x4.extract_lane(at, 3))),
  );
}

function add<T>(at: v128, beyond: usize, weight: v128): void {
  const value = corner<T>(at, beyond);
  let here = v128.and(f32x4.eq(value, value), f32x4.gt(weight, f32x4.splat(0)));
  if (hasNoData) here = v128.and(here, f32x4.ne(value, f32x4.splat(noData)));
  held = f32x4.add(held, v128.and(weight, here));
  sum = f32x4.add(sum, v128.and(f32x4.mul(weight, value), here));
}

function addPair<T>(at: v128, beyond: usize, fx: v128, weight: v128): void {
  add<T>(at, beyond, f32x4.mul(f32x4.sub(f32x4.splat(1), fx), weight));
  add<T>(at, beyond + sizeof<T>(), f32x4.mul(fx, weight));
}

/**
 * Four cells at byte offsets `at` from the first voxel, shares `fx`, `fy`, `fz` of the far corners.
 * Scaled as `runSamples` keeps values of this type.
 */
export function heldLinear4<T>(
  at: v128,
  fx: v128,
  fy: v128,
  fz: v128,
  nextRow: usize,
  nextSlice: usize,
): v128 {
  const one = f32x4.splat(1);
  const near = f32x4.sub(one, fz);
  const above = f32x4.sub(one, fy);
  sum = f32x4.splat(0);
  held = f32x4.splat(0);
  addPair<T>(at, 0, fx, f32x4.mul(above, near));
  addPair<T>(at, nextRow, fx, f32x4.mul(fy, near));
  addPair<T>(at, nextSlice, fx, f32x4.mul(above, fz));
  addPair<T>(at, nextSlice + nextRow, fx, f32x4.mul(fy, fz));
  let value = f32x4.div(sum, held);
  if (sizeof<T>() === 2) {
    if (!isSigned<T>()) value = f32x4.sub(value, f32x4.splat(32768));
    value = f32x4.mul(value, f32x4.splat(16384));
  }
  // Half of the weight must count as half however the products were rounded.
  return v128.bitselect(value, f32x4.splat(f32(NaN)), f32x4.ge(held, f32x4.splat(<f32>0.49999)));
}
