// AssemblyScript. What every ray mode shares: the parameter block, four rays of a 2×2 packet, their
// clip to the box, and the distance to the end of an empty block of bricks. Lanes: (0,0) (1,0) (0,1)
// (1,1). A ray is origin + t · direction in index space with t in mm; slots as `writeRaycast` of kernels.ts.
import { wholeOf } from './field.as';

let block: usize = 0;

export let originX: v128 = i32x4(0, 0, 0, 0);
export let originY: v128 = i32x4(0, 0, 0, 0);
export let originZ: v128 = i32x4(0, 0, 0, 0);
export let directionX: v128 = i32x4(0, 0, 0, 0);
export let directionY: v128 = i32x4(0, 0, 0, 0);
export let directionZ: v128 = i32x4(0, 0, 0, 0);
/** Unit view direction in the patient, for the head light. */
export let viewX: v128 = i32x4(0, 0, 0, 0);
export let viewY: v128 = i32x4(0, 0, 0, 0);
export let viewZ: v128 = i32x4(0, 0, 0, 0);
export let tIn: v128 = i32x4(0, 0, 0, 0);
/** How much the face of the box through which a ray comes in faces the light; lanes that come in through one. */
export let entryFacing: v128 = i32x4(0, 0, 0, 0);
export let entered: v128 = i32x4(0, 0, 0, 0);
export let tOut: v128 = i32x4(0, 0, 0, 0);
/** The ends without clip planes, of the packet opened last. */
let boxIn: v128 = i32x4(0, 0, 0, 0);
let boxOut: v128 = i32x4(0, 0, 0, 0);
/** Samples of a lane lie at (k + jitter) · step: rings of equal depth become an even grain. */
export let jitter: v128 = i32x4(0, 0, 0, 0);

let inverseX: v128 = i32x4(0, 0, 0, 0);
let inverseY: v128 = i32x4(0, 0, 0, 0);
let inverseZ: v128 = i32x4(0, 0, 0, 0);
let lastX: f32 = 0;
let lastY: f32 = 0;
let lastZ: f32 = 0;
let bricksX: i32 = 0;
let bricksXY: i32 = 0;

export function openBlock(params: usize): void {
  block = params;
  lastX = <f32>(param(1) - 1);
  lastY = <f32>(param(2) - 1);
  lastZ = <f32>(param(3) - 1);
  bricksX = <i32>param(53);
  bricksXY = bricksX * <i32>param(54);
}

export function param(slot: i32): f64 {
  return load<f64>(block + ((<usize>slot) << 3));
}

function splatParam(slot: i32): v128 {
  return f32x4.splat(<f32>param(slot));
}

/** value(column, row) = p[slot] + column · p[slot + 3] + row · p[slot + 6], over the packet's lanes. */
function lanes(slot: i32, column: i32, row: i32): v128 {
  const u = param(slot + 3);
  const v = param(slot + 6);
  const at = param(slot) + <f64>column * u + <f64>row * v;
  return f32x4(<f32>at, <f32>(at + u), <f32>(at + v), <f32>(at + u + v));
}

/** A direction so small that its ray never crosses the axis gets a finite inverse. */
function safe(direction: v128): v128 {
  const tiny = f32x4.lt(f32x4.abs(direction), f32x4.splat(1e-12));
  return v128.bitselect(f32x4.splat(1e-12), direction, tiny);
}

/** |cos| between the view and the normal, in the patient, of the faces across index axis `axis`. */
function facingOf(axis: i32): v128 {
  const nx = param(35 + axis);
  const ny = param(38 + axis);
  const nz = param(41 + axis);
  const perLength = 1.0 / Math.sqrt(nx * nx + ny * ny + nz * nz);
  const x = f32x4.mul(viewX, f32x4.splat(<f32>(nx * perLength)));
  const y = f32x4.mul(viewY, f32x4.splat(<f32>(ny * perLength)));
  const z = f32x4.mul(viewZ, f32x4.splat(<f32>(nz * perLength)));
  return f32x4.min(f32x4.abs(f32x4.add(x, f32x4.add(y, z))), f32x4.splat(1));
}

/** Clips to the half-spaces a·x + b·y + c·z + d ≥ 0 (index coordinates in, signed mm out). */
function clipPlanes(): void {
  const count = <i32>param(79);
  for (let n = 0; n < count; n += 1) {
    const slot = 80 + 4 * n;
    const a = splatParam(slot);
    const b = splatParam(slot + 1);
    const c = splatParam(slot + 2);
    const at = f32x4.add(
      f32x4.add(f32x4.mul(a, originX), f32x4.mul(b, originY)),
      f32x4.add(f32x4.mul(c, originZ), splatParam(slot + 3)),
    );
    const rate = f32x4.add(
      f32x4.add(f32x4.mul(a, directionX), f32x4.mul(b, directionY)),
      f32x4.mul(c, directionZ),
    );
    const crossing = f32x4.div(f32x4.neg(at), rate);
    const still = f32x4.lt(f32x4.abs(rate), f32x4.splat(1e-7));
    const goesIn = v128.andnot(f32x4.gt(rate, f32x4.splat(0)), still);
    const goesOut = v128.andnot(f32x4.lt(rate, f32x4.splat(0)), still);
    const isLater = v128.and(goesIn, f32x4.gt(crossing, f32x4.sub(tIn, f32x4.splat(0.01))));
    entryFacing = v128.bitselect(f32x4.pmin(rate, f32x4.splat(1)), entryFacing, isLater);
    entered = v128.or(entered, isLater);
    tIn = v128.bitselect(f32x4.pmax(tIn, crossing), tIn, goesIn);
    tOut = v128.bitselect(f32x4.pmin(tOut, crossing), tOut, goesOut);
    const misses = v128.and(still, f32x4.lt(at, f32x4.splat(0)));
    tOut = v128.bitselect(f32x4.splat(-1), tOut, misses);
  }
}

function clipAxis(axis: i32, origin: v128, inverse: v128): void {
  const a = f32x4.mul(f32x4.sub(splatParam(62 + axis), origin), inverse);
  const b = f32x4.mul(f32x4.sub(splatParam(65 + axis), origin), inverse);
  const near = f32x4.min(a, b);
  // A picture whose t starts on the box itself comes in through its face too.
  const isLater = f32x4.gt(near, f32x4.sub(tIn, f32x4.splat(0.01)));
  entryFacing = v128.bitselect(facingOf(axis), entryFacing, isLater);
  entered = v128.or(entered, isLater);
  tIn = f32x4.max(tIn, near);
  tOut = f32x4.min(tOut, f32x4.max(a, b));
}

/** Interleaved gradient noise (Jimenez 2014): 0 … 1, even over any few neighbours. */
function noiseAt(column: f64, row: f64): f32 {
  const inner = 0.06711056 * column + 0.00583715 * row;
  const outer = 52.9829189 * (inner - floor(inner));
  return <f32>(outer - floor(outer));
}

function jitterOf(column: f64, row: f64): v128 {
  return f32x4(
    noiseAt(column, row),
    noiseAt(column + 1, row),
    noiseAt(column, row + 1),
    noiseAt(column + 1, row + 1),
  );
}

/** Sets up the packet whose first pixel is (column, row), clipped to the box; tIn > tOut = misses it. */
export function openPacket(column: i32, row: i32): void {
  originX = lanes(8, column, row);
  originY = lanes(9, column, row);
  originZ = lanes(10, column, row);
  directionX = lanes(17, column, row);
  directionY = lanes(18, column, row);
  directionZ = lanes(19, column, row);
  viewX = lanes(26, column, row);
  viewY = lanes(27, column, row);
  viewZ = lanes(28, column, row);
  const square = f32x4.add(
    f32x4.mul(viewX, viewX),
    f32x4.add(f32x4.mul(viewY, viewY), f32x4.mul(viewZ, viewZ)),
  );
  const perMm = f32x4.div(f32x4.splat(1), f32x4.sqrt(square));
  directionX = safe(f32x4.mul(directionX, perMm));
  directionY = safe(f32x4.mul(directionY, perMm));
  directionZ = safe(f32x4.mul(directionZ, perMm));
  viewX = f32x4.mul(viewX, perMm);
  viewY = f32x4.mul(viewY, perMm);
  viewZ = f32x4.mul(viewZ, perMm);
  inverseX = f32x4.div(f32x4.splat(1), directionX);
  inverseY = f32x4.div(f32x4.splat(1), directionY);
  inverseZ = f32x4.div(f32x4.splat(1), directionZ);
  tIn = splatParam(45);
  tOut = f32x4.splat(1e9);
  entered = i32x4.splat(0);
  clipAxis(0, originX, inverseX);
  clipAxis(1, originY, inverseY);
  clipAxis(2, originZ, inverseZ);
  boxIn = tIn;
  boxOut = tOut;
  clipPlanes();
  jitter = param(112) === 0 ? f32x4.splat(0) : jitterOf(<f64>column, <f64>row);
}

/** Bytes that a packet's rays take in memory. */
export const packetBytes: usize = 272;

/** Packets are set up once and gone through in turns. */
export function savePacket(at: usize): void {
  v128.store(at, originX, 0);
  v128.store(at, originY, 16);
  v128.store(at, originZ, 32);
  v128.store(at, directionX, 48);
  v128.store(at, directionY, 64);
  v128.store(at, directionZ, 80);
  v128.store(at, inverseX, 96);
  v128.store(at, inverseY, 112);
  v128.store(at, inverseZ, 128);
  v128.store(at, viewX, 144);
  v128.store(at, viewY, 160);
  v128.store(at, viewZ, 176);
  v128.store(at, tIn, 192);
  v128.store(at, tOut, 208);
  v128.store(at, jitter, 224);
  v128.store(at, entryFacing, 240);
  v128.store(at, entered, 256);
}

export function loadPacket(at: usize): void {
  originX = v128.load(at, 0);
  originY = v128.load(at, 16);
  originZ = v128.load(at, 32);
  directionX = v128.load(at, 48);
  directionY = v128.load(at, 64);
  directionZ = v128.load(at, 80);
  inverseX = v128.load(at, 96);
  inverseY = v128.load(at, 112);
  inverseZ = v128.load(at, 128);
  viewX = v128.load(at, 144);
  viewY = v128.load(at, 160);
  viewZ = v128.load(at, 176);
  tIn = v128.load(at, 192);
  tOut = v128.load(at, 208);
  jitter = v128.load(at, 224);
  entryFacing = v128.load(at, 240);
  entered = v128.load(at, 256);
}

/** Rays with the ends that they have without clip planes, and samples on whole steps; right after `openPacket`. */
export function unclip(): void {
  tIn = boxIn;
  tOut = boxOut;
  jitter = f32x4.splat(0);
}

/** The same rays from their other ends: t becomes `length` − t. */
export function turnBack(length: f32): void {
  const way = f32x4.splat(length);
  originX = f32x4.add(originX, f32x4.mul(way, directionX));
  originY = f32x4.add(originY, f32x4.mul(way, directionY));
  originZ = f32x4.add(originZ, f32x4.mul(way, directionZ));
  directionX = f32x4.neg(directionX);
  directionY = f32x4.neg(directionY);
  directionZ = f32x4.neg(directionZ);
  inverseX = f32x4.neg(inverseX);
  inverseY = f32x4.neg(inverseY);
  inverseZ = f32x4.neg(inverseZ);
  const end = tOut;
  tOut = f32x4.sub(way, tIn);
  tIn = f32x4.sub(way, end);
}

/** Draws the ends in, to no more than `first` … `last`. */
export function narrow(first: v128, last: v128): void {
  tIn = f32x4.max(tIn, first);
  tOut = f32x4.min(tOut, last);
}

/** The bytes `at` + each lane, as whole numbers. */
export function bytesAt(at: usize, lanes: v128): v128 {
  let bytes = v128.load8_lane(at + <usize>i32x4.extract_lane(lanes, 0), i32x4.splat(0), 0);
  bytes = v128.load8_lane(at + <usize>i32x4.extract_lane(lanes, 1), bytes, 4);
  bytes = v128.load8_lane(at + <usize>i32x4.extract_lane(lanes, 2), bytes, 8);
  return v128.load8_lane(at + <usize>i32x4.extract_lane(lanes, 3), bytes, 12);
}

export function leastLane(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

export function mostLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

function brickAxis(at: v128, last: f32): v128 {
  const inside = f32x4.pmin(f32x4.splat(last), f32x4.pmax(f32x4.splat(0), at));
  return i32x4.shr_s(wholeOf(f32x4.floor(inside)), 3);
}

/** Index of the brick that each lane's point lies in. */
export function brickOf(x: v128, y: v128, z: v128): v128 {
  const plane = i32x4.mul(brickAxis(z, lastZ), i32x4.splat(bricksXY));
  const line = i32x4.mul(brickAxis(y, lastY), i32x4.splat(bricksX));
  return i32x4.add(plane, i32x4.add(line, brickAxis(x, lastX)));
}

function axisExit(at: v128, origin: v128, direction: v128, inverse: v128, last: f32, reach: v128): v128 {
  const brick = brickAxis(at, last);
  const far = i32x4.shl(i32x4.add(brick, reach), 3);
  const near = i32x4.shl(i32x4.add(i32x4.sub(brick, reach), i32x4.splat(1)), 3);
  const forward = f32x4.gt(direction, f32x4.splat(0));
  const border = f32x4.convert_i32x4_s(v128.bitselect(far, near, forward));
  return f32x4.mul(f32x4.sub(border, origin), inverse);
}

/** The t at which each lane leaves the cube of bricks less than `reach` bricks away from its own. */
export function exitOf(x: v128, y: v128, z: v128, reach: v128): v128 {
  const ex = axisExit(x, originX, directionX, inverseX, lastX, reach);
  const ey = axisExit(y, originY, directionY, inverseY, lastY, reach);
  const ez = axisExit(z, originZ, directionZ, inverseZ, lastZ, reach);
  return f32x4.pmin(ex, f32x4.pmin(ey, ez));
}

/**
 * The next sample number after `k` when active lanes may jump to `exit`, lanes not yet in the box
 * wait for their entry, and finished lanes do not matter. A little early is harmless, late is not.
 */
export function jump(k: f32, exit: v128, active: v128, waiting: v128, perStep: f32): f32 {
  let target = v128.bitselect(exit, f32x4.splat(1e9), active);
  target = v128.bitselect(tIn, target, waiting);
  const at = f32x4.sub(f32x4.mul(target, f32x4.splat(perStep)), jitter);
  return max(k + <f32>1, ceil(leastLane(at) - <f32>0.02));
}
