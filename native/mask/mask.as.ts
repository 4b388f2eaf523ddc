// AssemblyScript. Masks as one label a voxel: what rays need of them (a smooth veil of what is removed,
// and a flag for each brick), and the labels of a picture's row.

const edge = 8;
/** A brick's voxels with one before and two after. */
const wide = 11;
const wideSlice = wide * wide;
const afterX = 1344;
const afterY = 2160;

const removed: u8 = 1;
const shown: u8 = 2;

/** What a flag says. */
const someRemoved: u8 = 1;
const allRemoved: u8 = 2;
const someShown: u8 = 4;

let labels: usize = 0;
let nx: i32 = 0;
let ny: i32 = 0;
let nz: i32 = 0;
let roles: usize = 0;
let veils: usize = 0;
let scratch: usize = 0;

function at(i: i32, j: i32, k: i32): usize {
  return <usize>(k * ny + j) * <usize>nx + <usize>i;
}

function clamped(value: i32, count: i32): i32 {
  return min(max(value, 0), count - 1);
}

/** Whether all labels of a brick and around it are the same. */
function isUniform(i0: i32, j0: i32, k0: i32): bool {
  const first = max(i0 - 1, 0);
  const count = min(i0 + edge + 2, nx) - first;
  const jEnd = min(j0 + edge + 2, ny);
  const kEnd = min(k0 + edge + 2, nz);
  const label = i8x16.splat(load<u8>(labels + at(i0, j0, k0)));
  const lane = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const within = i8x16.lt_s(lane, i8x16.splat(<i8>count));
  for (let k = max(k0 - 1, 0); k < kEnd; k += 1) {
    let other = i8x16.splat(0);
    for (let j = max(j0 - 1, 0); j < jEnd; j += 1)
      other = v128.or(other, i8x16.ne(v128.load(labels + at(first, j, k)), label));
    if (v128.any_true(v128.and(other, within))) return false;
  }
  return true;
}

function fill(i0: i32, j0: i32, k0: i32, value: u8): void {
  const count = min(i0 + edge, nx) - i0;
  for (let k = k0; k < min(k0 + edge, nz); k += 1)
    for (let j = j0; j < min(j0 + edge, ny); j += 1) memory.fill(veils + at(i0, j, k), value, count);
}

/** Whether each voxel of a brick and around it is removed, into the scratch; answers the brick's flag. */
function gather(i0: i32, j0: i32, k0: i32): u8 {
  let around = 0;
  let within = 0;
  let seen: u8 = 0;
  let to = scratch;
  for (let k = -1; k < edge + 2; k += 1)
    for (let j = -1; j < edge + 2; j += 1) {
      const row = labels + at(0, clamped(j0 + j, ny), clamped(k0 + k, nz));
      const isCore = k >= 0 && k <= edge && j >= 0 && j <= edge;
      for (let i = -1; i < edge + 2; i += 1) {
        const role = load<u8>(roles + <usize>load<u8>(row + <usize>clamped(i0 + i, nx)));
        const isRemoved = role === removed ? 1 : 0;
        store<u8>(to, <u8>isRemoved);
        to += 1;
        around += isRemoved;
        if (!isCore || i < 0 || i > edge) continue;
        within += isRemoved;
        if (role === shown) seen = someShown;
      }
    }
  const all = within === (edge + 1) * (edge + 1) * (edge + 1);
  return seen | (around > 0 ? someRemoved : 0) | (all ? allRemoved : 0);
}

/** 1 2 1 along one axis: three places `step` bytes apart, the middle one twice. */
function smooth(from: usize, step: usize): u8 {
  return load<u8>(from) + 2 * load<u8>(from + step) + load<u8>(from + 2 * step);
}

/** The share of removed voxels by 1 2 1 along each axis, but never on the other side of a half than the voxel. */
function soften(i0: i32, j0: i32, k0: i32): void {
  const x = scratch + afterX;
  for (let k = 0; k < edge + 2; k += 1)
    for (let j = 0; j < edge + 2; j += 1)
      for (let i = 0; i < edge; i += 1)
        store<u8>(
          x + <usize>((k * 10 + j) * 8 + i),
          smooth(scratch + <usize>(k * wideSlice + j * wide + i), 1),
        );
  const y = scratch + afterY;
  for (let k = 0; k < edge + 2; k += 1)
    for (let j = 0; j < edge; j += 1)
      for (let i = 0; i < edge; i += 1)
        store<u8>(y + <usize>((k * 8 + j) * 8 + i), smooth(x + <usize>((k * 10 + j) * 8 + i), 8));
  const iEnd = min(edge, nx - i0);
  const jEnd = min(edge, ny - j0);
  const kEnd = min(edge, nz - k0);
  for (let k = 0; k < kEnd; k += 1)
    for (let j = 0; j < jEnd; j += 1) {
      const row = veils + at(i0, j0 + j, k0 + k);
      for (let i = 0; i < iEnd; i += 1) {
        const sum = <i32>smooth(y + <usize>((k * 8 + j) * 8 + i), 64);
        const share = (sum * 255 + 32) >> 6;
        const self = load<u8>(scratch + <usize>((k + 1) * wideSlice + (j + 1) * wide + i + 1));
        store<u8>(row + <usize>i, <u8>(self ? max(share, 128) : min(share, 127)));
      }
    }
}

function brick(i: i32, j: i32, k: i32, flag: usize): void {
  const i0 = i << 3;
  const j0 = j << 3;
  const k0 = k << 3;
  const wasClear = (load<u8>(flag) & (someRemoved | allRemoved)) === 0;
  if (isUniform(i0, j0, k0)) {
    const role = load<u8>(roles + <usize>load<u8>(labels + at(i0, j0, k0)));
    store<u8>(flag, role === removed ? someRemoved | allRemoved : role === shown ? someShown : 0);
    // Memory that is zero already stays untouched.
    if (role === removed) fill(i0, j0, k0, 255);
    else if (!wasClear) fill(i0, j0, k0, 0);
    return;
  }
  const now = gather(i0, j0, k0);
  store<u8>(flag, now);
  if ((now & someRemoved) !== 0) soften(i0, j0, k0);
  else if (!wasClear) fill(i0, j0, k0, 0);
}

/** Veil and flags of brick layers [from, to) along k, of bricks [iFrom, iTo) × [jFrom, jTo). */
export function veil(
  labelsAt: usize,
  sizeX: i32,
  sizeY: i32,
  sizeZ: i32,
  rolesAt: usize,
  veilAt: usize,
  flagsAt: usize,
  scratchAt: usize,
  iFrom: i32,
  iTo: i32,
  jFrom: i32,
  jTo: i32,
  from: i32,
  to: i32,
): void {
  labels = labelsAt;
  nx = sizeX;
  ny = sizeY;
  nz = sizeZ;
  roles = rolesAt;
  veils = veilAt;
  scratch = scratchAt;
  const bx = (nx + 7) >> 3;
  const by = (ny + 7) >> 3;
  for (let k = from; k < to; k += 1)
    for (let j = jFrom; j < jTo; j += 1)
      for (let i = iFrom; i < iTo; i += 1) brick(i, j, k, flagsAt + <usize>((k * by + j) * bx + i));
}

/** The labels nearest to `width` points from (x, y, z) on, by (dx, dy, dz) apart; 0 outside the volume. */
export function labelRow(
  labelsAt: usize,
  sizeX: i32,
  sizeY: i32,
  sizeZ: i32,
  x: f64,
  y: f64,
  z: f64,
  dx: f64,
  dy: f64,
  dz: f64,
  width: i32,
  out: usize,
): void {
  labels = labelsAt;
  nx = sizeX;
  ny = sizeY;
  nz = sizeZ;
  for (let c = 0; c < width; c += 1) {
    const i = floor(x + c * dx + 0.5);
    const j = floor(y + c * dy + 0.5);
    const k = floor(z + c * dz + 0.5);
    // NaN is outside too.
    const isInside = i >= 0 && j >= 0 && k >= 0 && i < <f64>nx && j < <f64>ny && k < <f64>nz;
    store<u8>(out + <usize>c, isInside ? load<u8>(labels + at(<i32>i, <i32>j, <i32>k)) : 0);
  }
}
