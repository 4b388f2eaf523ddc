// AssemblyScript. Trilinear and nearest sampling of four points at once, without gather: the two
// neighbours along x are one load per lane. Coordinates are clamped to the volume, so that any lane
// is safe to read; whoever calls decides which lanes lie inside. One instance per thread, so the
// volume's description is kept in globals.

export let voxels: usize = 0;
export let rowBytes: i32 = 0;
export let sliceBytes: i32 = 0;
/** Bytes to the next row or slice; 0 where there is only one. */
let nextRow: usize = 0;
let nextSlice: usize = 0;
export let lastX: f32 = 0;
export let lastY: f32 = 0;
export let lastZ: f32 = 0;
let baseX: f32 = 0;
let baseY: f32 = 0;
let baseZ: f32 = 0;
let oneColumn: bool = false;
export let hasNoData: bool = false;
export let noData: f32 = 0;
export let nearest: bool = false;
/** Lanes of the last linear sample that touched padding. */
let touched: v128 = i32x4(0, 0, 0, 0);

export function setVolume(at: usize, nx: i32, ny: i32, nz: i32, bytesPerVoxel: i32): void {
  voxels = at;
  rowBytes = nx * bytesPerVoxel;
  sliceBytes = rowBytes * ny;
  nextRow = ny > 1 ? <usize>rowBytes : 0;
  nextSlice = nz > 1 ? <usize>sliceBytes : 0;
  lastX = <f32>(nx - 1);
  lastY = <f32>(ny - 1);
  lastZ = <f32>(nz - 1);
  baseX = <f32>max(nx - 2, 0);
  baseY = <f32>max(ny - 2, 0);
  baseZ = <f32>max(nz - 2, 0);
  oneColumn = nx === 1;
}

export function setSampling(nearestNeighbour: bool, withNoData: bool, noDataValue: f32): void {
  nearest = nearestNeighbour;
  hasNoData = withNoData;
  noData = noDataValue;
}

function clampLanes(value: v128, last: f32): v128 {
  return f32x4.min(f32x4.max(value, f32x4.splat(0)), f32x4.splat(last));
}

export function mix(lo: v128, hi: v128, share: v128): v128 {
  return f32x4.add(lo, f32x4.mul(share, f32x4.sub(hi, lo)));
}

function pairs16<T>(pair: v128, fx: v128): v128 {
  if (isSigned<T>()) {
    const lo = f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(pair, 16), 16));
    const hi = f32x4.convert_i32x4_s(i32x4.shr_s(pair, 16));
    return mix(lo, hi, fx);
  }
  const lo = f32x4.convert_i32x4_s(v128.and(pair, i32x4.splat(0xffff)));
  const hi = f32x4.convert_i32x4_s(i32x4.shr_u(pair, 16));
  return mix(lo, hi, fx);
}

function load16<T>(p0: usize, p1: usize, p2: usize, p3: usize, fx: v128): v128 {
  let pair = v128.load32_zero(p0);
  pair = v128.load32_lane(p1, pair, 1);
  pair = v128.load32_lane(p2, pair, 2);
  pair = v128.load32_lane(p3, pair, 3);
  if (hasNoData) touched = v128.or(touched, i16x8.eq(pair, i16x8.splat(<i16>(<i32>noData))));
  return pairs16<T>(pair, fx);
}

function load32(p0: usize, p1: usize, p2: usize, p3: usize, fx: v128): v128 {
  const first = v128.load64_lane(p1, v128.load64_zero(p0), 1);
  const second = v128.load64_lane(p3, v128.load64_zero(p2), 1);
  const lo = v128.shuffle<f32>(first, second, 0, 2, 4, 6);
  const hi = oneColumn ? lo : v128.shuffle<f32>(first, second, 1, 3, 5, 7);
  if (hasNoData) {
    const padding = f32x4.splat(noData);
    touched = v128.or(touched, v128.or(f32x4.eq(lo, padding), f32x4.eq(hi, padding)));
  }
  return mix(lo, hi, fx);
}

function loadRow<T>(p0: usize, p1: usize, p2: usize, p3: usize, fx: v128): v128 {
  if (sizeof<T>() === 2) return load16<T>(p0, p1, p2, p3, fx);
  return load32(p0, p1, p2, p3, fx);
}

/** Four trilinear samples at index coordinates (integer = voxel centre), clamped to the volume. */
export function linear4<T>(x: v128, y: v128, z: v128): v128 {
  x = clampLanes(x, lastX);
  y = clampLanes(y, lastY);
  z = clampLanes(z, lastZ);
  const i = i32x4.trunc_sat_f32x4_s(f32x4.min(x, f32x4.splat(baseX)));
  const j = i32x4.trunc_sat_f32x4_s(f32x4.min(y, f32x4.splat(baseY)));
  const k = i32x4.trunc_sat_f32x4_s(f32x4.min(z, f32x4.splat(baseZ)));
  const fx = f32x4.sub(x, f32x4.convert_i32x4_s(i));
  const fy = f32x4.sub(y, f32x4.convert_i32x4_s(j));
  const fz = f32x4.sub(z, f32x4.convert_i32x4_s(k));
  const at = i32x4.add(
    i32x4.shl(i, sizeof<T>() === 2 ? 1 : 2),
    i32x4.add(i32x4.mul(j, i32x4.splat(rowBytes)), i32x4.mul(k, i32x4.splat(sliceBytes))),
  );
  let p0 = voxels + <usize>i32x4.extract_lane(at, 0);
  let p1 = voxels + <usize>i32x4.extract_lane(at, 1);
  let p2 = voxels + <usize>i32x4.extract_lane(at, 2);
  let p3 = voxels + <usize>i32x4.extract_lane(at, 3);
  const near = mix(
    loadRow<T>(p0, p1, p2, p3, fx),
    loadRow<T>(p0 + nextRow, p1 + nextRow, p2 + nextRow, p3 + nextRow, fx),
    fy,
  );
  p0 += nextSlice;
  p1 += nextSlice;
  p2 += nextSlice;
  p3 += nextSlice;
  const far = mix(
    loadRow<T>(p0, p1, p2, p3, fx),
    loadRow<T>(p0 + nextRow, p1 + nextRow, p2 + nextRow, p3 + nextRow, fx),
    fy,
  );
  return mix(near, far, fz);
}

function voxel<T>(i: i32, j: i32, k: i32): f32 {
  const at = voxels + <usize>(i * <i32>sizeof<T>() + j * rowBytes + k * sliceBytes);
  const value = <f32>load<T>(at);
  return hasNoData && value === noData ? f32(NaN) : value;
}

function nearest1<T>(x: f32, y: f32, z: f32): f32 {
  const i = <i32>floor(min(max(x, <f32>0), lastX) + <f32>0.5);
  const j = <i32>floor(min(max(y, <f32>0), lastY) + <f32>0.5);
  const k = <i32>floor(min(max(z, <f32>0), lastZ) + <f32>0.5);
  return voxel<T>(i, j, k);
}

/**
 * Trilinear over the voxels that hold data, their weights made to sum to one; NaN where less than
 * half of the weight does. Padding must not bleed into its neighbours (L20).
 */
function valid1<T>(x: f32, y: f32, z: f32): f32 {
  x = min(max(x, <f32>0), lastX);
  y = min(max(y, <f32>0), lastY);
  z = min(max(z, <f32>0), lastZ);
  const i = <i32>min(x, baseX);
  const j = <i32>min(y, baseY);
  const k = <i32>min(z, baseZ);
  let sum: f32 = 0;
  let weights: f32 = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    const a = corner & 1;
    const b = (corner >> 1) & 1;
    const c = corner >> 2;
    const wx = a ? x - <f32>i : <f32>1 - (x - <f32>i);
    const wy = b ? y - <f32>j : <f32>1 - (y - <f32>j);
    const wz = c ? z - <f32>k : <f32>1 - (z - <f32>k);
    const w = wx * wy * wz;
    if (w <= 0) continue;
    const value = voxel<T>(i + a, j + b, k + c);
    if (F32.isNaN(value)) continue;
    sum += w * value;
    weights += w;
  }
  return weights >= <f32>0.5 ? sum / weights : f32(NaN);
}

function nearest4<T>(x: v128, y: v128, z: v128): v128 {
  return f32x4(
    nearest1<T>(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0), f32x4.extract_lane(z, 0)),
    nearest1<T>(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1), f32x4.extract_lane(z, 1)),
    nearest1<T>(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2), f32x4.extract_lane(z, 2)),
    nearest1<T>(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3), f32x4.extract_lane(z, 3)),
  );
}

function valid4<T>(x: v128, y: v128, z: v128): v128 {
  return f32x4(
    valid1<T>(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0), f32x4.extract_lane(z, 0)),
    valid1<T>(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1), f32x4.extract_lane(z, 1)),
    valid1<T>(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2), f32x4.extract_lane(z, 2)),
    valid1<T>(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3), f32x4.extract_lane(z, 3)),
  );
}

/** Four samples by the sampling in force; NaN lanes hold no data. */
export function sample4<T>(x: v128, y: v128, z: v128): v128 {
  if (nearest) return nearest4<T>(x, y, z);
  if (hasNoData) touched = i32x4.splat(0);
  const value = linear4<T>(x, y, z);
  // Padding and NaN are rare: only then are the corners weighed one by one.
  if (hasNoData && v128.any_true(touched)) return valid4<T>(x, y, z);
  if (isFloat<T>() && v128.any_true(f32x4.ne(value, value))) return valid4<T>(x, y, z);
  return value;
}
