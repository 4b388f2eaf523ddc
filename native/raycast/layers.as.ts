// AssemblyScript. What masks do to rays: removed voxels are left out by a smooth veil (removed where its
// trilinear value passes a half), tinted ones take the colour and opacity of their layer, mixed from the
// eight voxels around. Bricks' flags spare both where no mask is.
import { wholeOf } from './field.as';
import { brickOf, bytesAt, param } from './rays.as';

/** The veil counts 0 … 255; 128 and more lies on removed voxels. */
const half: f32 = 127.5;
const someShown: i32 = 4;
const flagOfRemoved: i32 = 2;

/** Whether the picture has removed voxels, and tinted ones. */
export let veiled: bool = false;
export let tinted: bool = false;

let veils: usize = 0;
let labels: usize = 0;
let flags: usize = 0;
/** 256 × (r, g, b, share), then 256 factors. */
let tints: usize = 0;
let factors: usize = 0;
let rowBytes: i32 = 0;
let sliceBytes: i32 = 0;
let nextRow: usize = 0;
let nextSlice: usize = 0;
let insideX: v128 = i32x4(0, 0, 0, 0);
let insideY: v128 = i32x4(0, 0, 0, 0);
let insideZ: v128 = i32x4(0, 0, 0, 0);

/** The largest single below the last place, so that the base corner has a neighbour. */
function insideOf(count: i32): v128 {
  const last = <f32>(count - 1);
  return f32x4.splat(count > 1 ? reinterpret<f32>(reinterpret<i32>(last) - 1) : 0);
}

export function openLayers(): void {
  const what = <i32>param(126);
  veiled = (what & 1) !== 0;
  tinted = (what & 2) !== 0;
  labels = <usize>param(122);
  veils = <usize>param(123);
  flags = <usize>param(124);
  tints = <usize>param(125);
  factors = tints + 4096;
  const nx = <i32>param(1);
  const ny = <i32>param(2);
  const nz = <i32>param(3);
  rowBytes = nx;
  sliceBytes = nx * ny;
  nextRow = ny > 1 ? <usize>rowBytes : 0;
  nextSlice = nz > 1 ? <usize>sliceBytes : 0;
  insideX = insideOf(nx);
  insideY = insideOf(ny);
  insideZ = insideOf(nz);
}

/** Lanes in whose bricks nothing is left. */
export function emptied(brick: v128): v128 {
  return i32x4.ne(v128.and(bytesAt(flags, brick), i32x4.splat(flagOfRemoved)), i32x4.splat(0));
}

function clamped(value: v128, last: v128): v128 {
  return f32x4.pmin(last, f32x4.pmax(f32x4.splat(0), value));
}

function pairs(p0: usize, p1: usize, p2: usize, p3: usize, share: v128): v128 {
  let pair = v128.load16_lane(p0, i32x4.splat(0), 0);
  pair = v128.load16_lane(p1, pair, 2);
  pair = v128.load16_lane(p2, pair, 4);
  pair = v128.load16_lane(p3, pair, 6);
  const near = f32x4.convert_i32x4_s(v128.and(pair, i32x4.splat(255)));
  const far = f32x4.convert_i32x4_s(i32x4.shr_u(pair, 8));
  return f32x4.add(near, f32x4.mul(share, f32x4.sub(far, near)));
}

function mixed(near: v128, far: v128, share: v128): v128 {
  return f32x4.add(near, f32x4.mul(share, f32x4.sub(far, near)));
}

/** The veil, trilinear, minus a half: removed where it is not negative. */
function veilAt(x: v128, y: v128, z: v128): v128 {
  x = clamped(x, insideX);
  y = clamped(y, insideY);
  z = clamped(z, insideZ);
  const i = f32x4.floor(x);
  const j = f32x4.floor(y);
  const k = f32x4.floor(z);
  const fx = f32x4.sub(x, i);
  const fy = f32x4.sub(y, j);
  const fz = f32x4.sub(z, k);
  const at = i32x4.add(
    wholeOf(i),
    i32x4.add(i32x4.mul(wholeOf(j), i32x4.splat(rowBytes)), i32x4.mul(wholeOf(k), i32x4.splat(sliceBytes))),
  );
  let a = veils + <usize>i32x4.extract_lane(at, 0);
  let b = veils + <usize>i32x4.extract_lane(at, 1);
  let c = veils + <usize>i32x4.extract_lane(at, 2);
  let d = veils + <usize>i32x4.extract_lane(at, 3);
  const r = nextRow;
  const near = mixed(pairs(a, b, c, d, fx), pairs(a + r, b + r, c + r, d + r, fx), fy);
  a += nextSlice;
  b += nextSlice;
  c += nextSlice;
  d += nextSlice;
  const far = mixed(pairs(a, b, c, d, fx), pairs(a + r, b + r, c + r, d + r, fx), fy);
  return f32x4.sub(mixed(near, far, fz), f32x4.splat(half));
}

/** Veil minus a half at points, −half where their bricks have none. */
export function veilOf(x: v128, y: v128, z: v128): v128 {
  const some = v128.and(bytesAt(flags, brickOf(x, y, z)), i32x4.splat(1));
  if (!v128.any_true(some)) return f32x4.splat(-half);
  return veilAt(x, y, z);
}

/** Veil one voxel before minus one voxel further: points to what is kept. */
export let keptX: v128 = i32x4(0, 0, 0, 0);
export let keptY: v128 = i32x4(0, 0, 0, 0);
export let keptZ: v128 = i32x4(0, 0, 0, 0);

export function keptAt(x: v128, y: v128, z: v128): void {
  const one = f32x4.splat(1);
  keptX = f32x4.sub(veilAt(f32x4.sub(x, one), y, z), veilAt(f32x4.add(x, one), y, z));
  keptY = f32x4.sub(veilAt(x, f32x4.sub(y, one), z), veilAt(x, f32x4.add(y, one), z));
  keptZ = f32x4.sub(veilAt(x, y, f32x4.sub(z, one)), veilAt(x, y, f32x4.add(z, one)));
}

/** Of each lane: the layers' (r, g, b) times their share, and that share. */
export let tint0: v128 = i32x4(0, 0, 0, 0);
export let tint1: v128 = i32x4(0, 0, 0, 0);
export let tint2: v128 = i32x4(0, 0, 0, 0);
export let tint3: v128 = i32x4(0, 0, 0, 0);
/** Factors on the opacity. */
export let tintFactor: v128 = i32x4(0, 0, 0, 0);
let laneFactor: f32 = 1;

/** Tint of one point by the eight voxels around it; sets `laneFactor`. */
function tintAt(x: f32, y: f32, z: f32): v128 {
  const i = floor(x);
  const j = floor(y);
  const k = floor(z);
  const fx = x - i;
  const fy = y - j;
  const fz = z - k;
  const base = labels + <usize>(<i32>i + <i32>j * rowBytes + <i32>k * sliceBytes);
  const label = <usize>load<u8>(base);
  const same = <i32>label * 257;
  if (
    <i32>load<u16>(base) === same &&
    <i32>load<u16>(base + nextRow) === same &&
    <i32>load<u16>(base + nextSlice) === same &&
    <i32>load<u16>(base + nextRow + nextSlice) === same
  ) {
    laneFactor = load<f32>(factors + (label << 2));
    return v128.load(tints + (label << 4));
  }
  let sum = f32x4.splat(0);
  laneFactor = 0;
  for (let corner = 0; corner < 4; corner += 1) {
    const row = base + (corner & 1 ? nextRow : 0) + (corner & 2 ? nextSlice : 0);
    const w = (corner & 1 ? fy : <f32>1 - fy) * (corner & 2 ? fz : <f32>1 - fz);
    if (w <= 0) continue;
    const near = <usize>load<u8>(row);
    sum = f32x4.add(sum, f32x4.mul(v128.load(tints + (near << 4)), f32x4.splat(w * (<f32>1 - fx))));
    laneFactor += load<f32>(factors + (near << 2)) * w * (<f32>1 - fx);
    if (fx <= 0) continue;
    const far = <usize>load<u8>(row + 1);
    sum = f32x4.add(sum, f32x4.mul(v128.load(tints + (far << 4)), f32x4.splat(w * fx)));
    laneFactor += load<f32>(factors + (far << 2)) * w * fx;
  }
  return sum;
}

/** Sets the tints of the lanes' points; false where none of them lies near a layer. */
export function tintsAt(x: v128, y: v128, z: v128, lanes: v128): bool {
  const flagged = v128.and(bytesAt(flags, brickOf(x, y, z)), i32x4.splat(someShown));
  const some = v128.and(i32x4.ne(flagged, i32x4.splat(0)), lanes);
  if (!v128.any_true(some)) return false;
  x = clamped(x, insideX);
  y = clamped(y, insideY);
  z = clamped(z, insideZ);
  const none = f32x4.splat(0);
  laneFactor = 1;
  tint0 = i32x4.extract_lane(some, 0)
    ? tintAt(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0), f32x4.extract_lane(z, 0))
    : none;
  const factor0 = laneFactor;
  laneFactor = 1;
  tint1 = i32x4.extract_lane(some, 1)
    ? tintAt(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1), f32x4.extract_lane(z, 1))
    : none;
  const factor1 = laneFactor;
  laneFactor = 1;
  tint2 = i32x4.extract_lane(some, 2)
    ? tintAt(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2), f32x4.extract_lane(z, 2))
    : none;
  const factor2 = laneFactor;
  laneFactor = 1;
  tint3 = i32x4.extract_lane(some, 3)
    ? tintAt(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3), f32x4.extract_lane(z, 3))
    : none;
  tintFactor = f32x4(factor0, factor1, factor2, laneFactor);
  return true;
}
