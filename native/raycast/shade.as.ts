// AssemblyScript. Light at four points: a head light (Blinn-Phong, two-sided).
// Gradients are central differences over one voxel each way, taken to patient millimetres by the
// inverse transpose of patientFromIndex, so that a ball is round in any voxel. In the middle of a thin
// layer the gradient vanishes and its direction is noise: there the light of the surface just passed
// is kept, weighted by the strength of its gradient, which fades with depth. Where a ray comes into the
// box or through a clip plane amid tissue it meets a cut face: the noise behind it has no shape, so the
// face itself is lit. Haze that adds less than a grey level since the last look keeps the last light.
import { slopesAt, slopeX, slopeY, slopeZ, wholeOf } from './field.as';
import { keptAt, keptX, keptY, keptZ } from './layers.as';
import { entered, entryFacing, param, tIn, viewX, viewY, viewZ } from './rays.as';
import { decay, tableScale } from './transfer.as';

let ambient: v128 = i32x4(0, 0, 0, 0);
let diffuse: v128 = i32x4(0, 0, 0, 0);
let specular: v128 = i32x4(0, 0, 0, 0);
let power: i32 = 1;
/** Light that is lost with the way: where it begins, how much a millimetre takes, and what is left at last. */
let cueFrom: v128 = i32x4(0, 0, 0, 0);
let cuePerMm: v128 = i32x4(0, 0, 0, 0);
let cueLeast: v128 = i32x4(0, 0, 0, 0);
let isCued: bool = false;
/** A surface's weight halves over one millimetre. */
const fadePerMm: f32 = <f32>Math.LN2;
/** Strength of a cut face: above any gradient of noise, below what would hide a surface millimetres behind it. */
const cutStrength: f32 = 10000;
/** A cut face is matte: turned this much less to the light, it does not shine. */
const cutTurned: f32 = 0.85;
/** How strong, in places of the table over two voxels, a surface must be to count beside a mask's, and how much it then counts. */
const leastPlaces: f32 = 100;
const perPlaces: f32 = 1.0 / 300;
const mostOwn: f32 = 3;
/** Light that may be added before the surface is looked at again. */
const lookEvery: f32 = 0.01;
let stepMm: f32 = 1;
let fadePerStep: f32 = 1;
let lastSample: v128 = i32x4(0, 0, 0, 0);
/** How much each lane's surface faces the light, and the gradient that says so, carried along the ray. */
let carried: v128 = i32x4(0, 0, 0, 0);
let carriedStrength: v128 = i32x4(0, 0, 0, 0);
/** Light added to each lane since its surface was looked at. */
let unlooked: v128 = i32x4(0, 0, 0, 0);
let factors: usize = 0;
let lastFactor: v128 = i32x4(0, 0, 0, 0);
let factorScale: v128 = i32x4(0, 0, 0, 0);
let nxx: v128 = i32x4(0, 0, 0, 0);
let nxy: v128 = i32x4(0, 0, 0, 0);
let nxz: v128 = i32x4(0, 0, 0, 0);
let nyx: v128 = i32x4(0, 0, 0, 0);
let nyy: v128 = i32x4(0, 0, 0, 0);
let nyz: v128 = i32x4(0, 0, 0, 0);
let nzx: v128 = i32x4(0, 0, 0, 0);
let nzy: v128 = i32x4(0, 0, 0, 0);
let nzz: v128 = i32x4(0, 0, 0, 0);

/** Lanes whose stretch begins where a mask ends, and how much its face is turned to the light there. */
let bared: v128 = i32x4(0, 0, 0, 0);
let baredFacing: v128 = i32x4(0, 0, 0, 0);

/** Of the last look: how much the gradient faces the light, and its length (twice that per mm). */
let facing: v128 = i32x4(0, 0, 0, 0);
let strength: v128 = i32x4(0, 0, 0, 0);

/** Factor for the colour, and the white light added to it. */
export let colourFactor: v128 = i32x4(0, 0, 0, 0);
export let highlight: v128 = i32x4(0, 0, 0, 0);

function splatParam(slot: i32): v128 {
  return f32x4.splat(<f32>param(slot));
}

export function openShading(): void {
  ambient = splatParam(56);
  diffuse = splatParam(57);
  specular = splatParam(58);
  power = <i32>param(59);
  cueFrom = splatParam(137);
  cuePerMm = splatParam(138);
  cueLeast = splatParam(139);
  isCued = param(138) > 0;
  stepMm = <f32>param(44);
  fadePerStep = fadePerMm * stepMm;
  nxx = splatParam(35);
  nxy = splatParam(36);
  nxz = splatParam(37);
  nyx = splatParam(38);
  nyy = splatParam(39);
  nyz = splatParam(40);
  nzx = splatParam(41);
  nzy = splatParam(42);
  nzz = splatParam(43);
  factors = <usize>param(114);
  lastFactor = splatParam(115);
  factorScale = splatParam(116);
}

/** Integer power by squaring. */
function raised(base: v128): v128 {
  let result = f32x4.splat(1);
  let square = base;
  for (let n = power; n > 0; n >>= 1) {
    if (n & 1) result = f32x4.mul(result, square);
    square = f32x4.mul(square, square);
  }
  return result;
}

/** A new ray: nothing carried. */
export function forgetSurface(): void {
  carriedStrength = f32x4.splat(0);
  carried = f32x4.splat(0.6);
  unlooked = f32x4.splat(1);
  lastSample = f32x4.splat(-1e6);
}

/** Bytes 96 … 159 of a packet’s memory. */
export function saveSurface(at: usize): void {
  v128.store(at, carried, 96);
  v128.store(at, carriedStrength, 112);
  v128.store(at, unlooked, 128);
  v128.store(at, lastSample, 144);
}

export function loadSurface(at: usize): void {
  carried = v128.load(at, 96);
  carriedStrength = v128.load(at, 112);
  unlooked = v128.load(at, 128);
  lastSample = v128.load(at, 144);
}

/** A gradient in the patient. */
let patientX: v128 = i32x4(0, 0, 0, 0);
let patientY: v128 = i32x4(0, 0, 0, 0);
let patientZ: v128 = i32x4(0, 0, 0, 0);

function toPatient(x: v128, y: v128, z: v128): void {
  patientX = f32x4.add(f32x4.mul(nxx, x), f32x4.add(f32x4.mul(nxy, y), f32x4.mul(nxz, z)));
  patientY = f32x4.add(f32x4.mul(nyx, x), f32x4.add(f32x4.mul(nyy, y), f32x4.mul(nyz, z)));
  patientZ = f32x4.add(f32x4.mul(nzx, x), f32x4.add(f32x4.mul(nzy, y), f32x4.mul(nzz, z)));
}

function product(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return f32x4.add(f32x4.mul(ax, bx), f32x4.add(f32x4.mul(ay, by), f32x4.mul(az, bz)));
}

/** Sets `facing` and `strength` at the points. Written out: it is the most frequent of all. */
export function look<T>(x: v128, y: v128, z: v128): void {
  slopesAt<T>(x, y, z);
  const nx = f32x4.add(f32x4.mul(nxx, slopeX), f32x4.add(f32x4.mul(nxy, slopeY), f32x4.mul(nxz, slopeZ)));
  const ny = f32x4.add(f32x4.mul(nyx, slopeX), f32x4.add(f32x4.mul(nyy, slopeY), f32x4.mul(nyz, slopeZ)));
  const nz = f32x4.add(f32x4.mul(nzx, slopeX), f32x4.add(f32x4.mul(nzy, slopeY), f32x4.mul(nzz, slopeZ)));
  const square = f32x4.add(f32x4.mul(nx, nx), f32x4.add(f32x4.mul(ny, ny), f32x4.mul(nz, nz)));
  const along = f32x4.add(f32x4.mul(nx, viewX), f32x4.add(f32x4.mul(ny, viewY), f32x4.mul(nz, viewZ)));
  const real = f32x4.gt(square, f32x4.splat(1e-20));
  strength = v128.and(f32x4.sqrt(square), real);
  facing = v128.and(f32x4.pmin(f32x4.splat(1), f32x4.div(f32x4.abs(along), strength)), real);
}

/** One over a length; 0 where there is none. */
function perLength(square: v128): v128 {
  const real = f32x4.gt(square, f32x4.splat(1e-20));
  return v128.and(f32x4.div(f32x4.splat(1), f32x4.sqrt(square)), real);
}

/**
 * The lanes' next stretches begin where a mask ends, at these points: its face is lit, turned towards the
 * surface of the voxels where that is strong and lies the same way. Their surface is looked at again.
 */
export function bare<T>(x: v128, y: v128, z: v128, lanes: v128): void {
  keptAt(x, y, z);
  toPatient(keptX, keptY, keptZ);
  const mx = patientX;
  const my = patientY;
  const mz = patientZ;
  const perMask = perLength(product(mx, my, mz, mx, my, mz));
  slopesAt<T>(x, y, z);
  toPatient(slopeX, slopeY, slopeZ);
  const perOwn = perLength(product(patientX, patientY, patientZ, patientX, patientY, patientZ));
  const steepest = f32x4.max(f32x4.abs(slopeX), f32x4.max(f32x4.abs(slopeY), f32x4.abs(slopeZ)));
  const places = f32x4.mul(steepest, tableScale);
  const alike = f32x4.mul(
    f32x4.abs(product(mx, my, mz, patientX, patientY, patientZ)),
    f32x4.mul(perMask, perOwn),
  );
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const byAngle = f32x4.mul(f32x4.sub(alike, f32x4.splat(0.4)), f32x4.splat(2.5));
  const byPlaces = f32x4.mul(f32x4.sub(places, f32x4.splat(leastPlaces)), f32x4.splat(perPlaces));
  // NaN, of a gradient amid padding, counts as nothing.
  let own = f32x4.mul(
    f32x4.pmin(one, f32x4.pmax(zero, byAngle)),
    f32x4.pmin(one, f32x4.pmax(zero, byPlaces)),
  );
  own = v128.and(own, f32x4.eq(places, places));
  const cosine = f32x4.mul(f32x4.abs(product(mx, my, mz, viewX, viewY, viewZ)), perMask);
  const ownCosine = f32x4.mul(f32x4.abs(product(patientX, patientY, patientZ, viewX, viewY, viewZ)), perOwn);
  const most = f32x4.splat(mostOwn);
  const sum = f32x4.add(cosine, f32x4.mul(f32x4.mul(own, most), v128.and(ownCosine, f32x4.gt(own, zero))));
  const matte = f32x4.add(f32x4.splat(cutTurned), f32x4.mul(own, f32x4.splat(<f32>1 - cutTurned)));
  const turned = f32x4.div(sum, f32x4.add(one, f32x4.mul(own, most)));
  baredFacing = f32x4.pmin(one, f32x4.mul(turned, matte));
  bared = lanes;
  unlooked = v128.bitselect(one, unlooked, lanes);
}

/** The next stretches begin amid what they follow. */
export function cover(): void {
  bared = i32x4.splat(0);
}

/** Factor on the opacity by the gradient last looked at; NaN counts as none. */
export function gradientFactor(): v128 {
  const place = f32x4.nearest(f32x4.mul(strength, factorScale));
  const entry = wholeOf(f32x4.pmin(lastFactor, f32x4.pmax(f32x4.splat(0), place)));
  let a = v128.load32_zero(factors + ((<usize>i32x4.extract_lane(entry, 0)) << 2));
  a = v128.load32_lane(factors + ((<usize>i32x4.extract_lane(entry, 1)) << 2), a, 1);
  a = v128.load32_lane(factors + ((<usize>i32x4.extract_lane(entry, 2)) << 2), a, 2);
  return v128.load32_lane(factors + ((<usize>i32x4.extract_lane(entry, 3)) << 2), a, 3);
}

/** Lanes whose surface must be looked at before `light` more is added. */
export function mustLook(light: v128, seen: v128): v128 {
  unlooked = f32x4.add(unlooked, v128.and(light, seen));
  return v128.and(seen, f32x4.gt(unlooked, f32x4.splat(lookEvery)));
}

/**
 * Carries what was looked at on in `lanes`, at sample `k` of stretches that begin at `t`. What was there
 * before fades with the way gone, and what is seen counts by it, so that no step changes the light.
 */
export function carry(k: f32, t: v128, lanes: v128): void {
  const gone = f32x4.mul(f32x4.sub(f32x4.splat(k), lastSample), f32x4.splat(fadePerStep));
  const left = decay(gone);
  const kept = f32x4.mul(carriedStrength, left);
  const weight = f32x4.sub(f32x4.splat(1), f32x4.mul(left, left));
  // The first stretch of a ray; the quarter keeps rounding away from rays that come in on the lattice.
  const first = f32x4.lt(f32x4.sub(t, f32x4.splat(<f32>0.25 * stepMm)), tIn);
  const cut = v128.and(first, entered);
  let own = v128.bitselect(f32x4.mul(entryFacing, f32x4.splat(cutTurned)), facing, cut);
  own = v128.bitselect(baredFacing, own, bared);
  const isFace = v128.or(cut, bared);
  const ownStrength = v128.bitselect(f32x4.splat(cutStrength), f32x4.mul(strength, weight), isFace);
  const total = f32x4.add(ownStrength, kept);
  const changed = v128.and(lanes, f32x4.gt(total, f32x4.splat(1e-12)));
  const sum = f32x4.add(f32x4.mul(own, ownStrength), f32x4.mul(carried, kept));
  carried = v128.bitselect(f32x4.div(sum, total), carried, changed);
  carriedStrength = v128.bitselect(total, carriedStrength, lanes);
  lastSample = v128.bitselect(f32x4.splat(k), lastSample, lanes);
  unlooked = v128.andnot(unlooked, lanes);
}

/** Sets the light of what is carried, as it is at `t`. */
export function light(t: v128): void {
  colourFactor = f32x4.add(ambient, f32x4.mul(diffuse, carried));
  highlight = f32x4.mul(specular, raised(carried));
  if (!isCued) return;
  const one = f32x4.splat(1);
  const left = f32x4.sub(one, f32x4.mul(f32x4.sub(t, cueFrom), cuePerMm));
  const cue = f32x4.pmin(one, f32x4.pmax(cueLeast, left));
  colourFactor = f32x4.mul(colourFactor, cue);
  highlight = f32x4.mul(highlight, cue);
}
