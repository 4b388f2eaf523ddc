// AssemblyScript. Colour and opacity at four points, lit by a head light (Blinn-Phong, two-sided).
// Gradients are central differences over one voxel each way, taken to patient millimetres by the
// inverse transpose of patientFromIndex, so that a ball is round in any voxel. In the middle of a thin
// layer the gradient vanishes and its direction is noise: there the light of the surface just passed
// is kept, weighted by the strength of its gradient, which fades with depth. Where a ray comes into the
// box amid tissue it meets a cut face: the noise behind it has no shape, so the face itself is lit.
import { gradient4, gradientX, gradientY, gradientZ } from '../sample/gradient.as';
import { entered, entryFacing, param, tIn, viewX, viewY, viewZ } from './rays.as';

let ambient: v128 = i32x4(0, 0, 0, 0);
let diffuse: v128 = i32x4(0, 0, 0, 0);
let specular: v128 = i32x4(0, 0, 0, 0);
let power: i32 = 1;
/** Share of a surface's weight left after one millimetre, and after one step. */
const leftPerMm: f32 = 0.5;
/** Strength of a cut face: above any gradient of noise, below what would hide a surface millimetres behind it. */
const cutStrength: f32 = 10000;
/** A cut face is matte: turned this much less to the light, it does not shine. */
const cutTurned: f32 = 0.85;
let stepMm: f32 = 1;
let leftPerStep: f32 = 1;
let lastSample: f32 = 0;
/** How much each lane's surface faces the light, and the gradient that says so, carried along the ray. */
let carried: v128 = i32x4(0, 0, 0, 0);
let carriedStrength: v128 = i32x4(0, 0, 0, 0);

/** Factor for the colour, and the white light added to it. */
export let colourFactor: v128 = i32x4(0, 0, 0, 0);
export let highlight: v128 = i32x4(0, 0, 0, 0);

export function openShading(): void {
  ambient = f32x4.splat(<f32>param(56));
  diffuse = f32x4.splat(<f32>param(57));
  specular = f32x4.splat(<f32>param(58));
  power = <i32>param(59);
  stepMm = <f32>param(44);
  leftPerStep = Mathf.pow(leftPerMm, stepMm);
}

function rowOf(slot: i32, gx: v128, gy: v128, gz: v128): v128 {
  const a = f32x4.mul(f32x4.splat(<f32>param(slot)), gx);
  const b = f32x4.mul(f32x4.splat(<f32>param(slot + 1)), gy);
  const c = f32x4.mul(f32x4.splat(<f32>param(slot + 2)), gz);
  return f32x4.add(a, f32x4.add(b, c));
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
  carried = carriedStrength;
  lastSample = -1e6;
}

/** What is left of the carried weight at sample `k`. */
function faded(k: f32): v128 {
  const gap = k - lastSample;
  lastSample = k;
  const left = gap === 1 ? leftPerStep : Mathf.pow(leftPerMm, gap * stepMm);
  return f32x4.mul(carriedStrength, f32x4.splat(left));
}

/** Light at the points of sample `k`; only lanes in `seen` carry on what they saw. */
export function shade<T>(x: v128, y: v128, z: v128, k: f32, seen: v128): void {
  const one = f32x4.splat(1);
  gradient4<T>(x, y, z);
  const nx = rowOf(35, gradientX, gradientY, gradientZ);
  const ny = rowOf(38, gradientX, gradientY, gradientZ);
  const nz = rowOf(41, gradientX, gradientY, gradientZ);
  const square = f32x4.add(f32x4.mul(nx, nx), f32x4.add(f32x4.mul(ny, ny), f32x4.mul(nz, nz)));
  const along = f32x4.add(f32x4.mul(nx, viewX), f32x4.add(f32x4.mul(ny, viewY), f32x4.mul(nz, viewZ)));
  const length = f32x4.sqrt(square);
  const real = f32x4.gt(square, f32x4.splat(1e-20));
  const own = v128.and(f32x4.min(f32x4.div(f32x4.abs(along), length), one), real);
  // The first sample of a ray; the quarter keeps rounding away from rays that come in on the lattice.
  const first = f32x4.lt(f32x4.splat((k - <f32>1.25) * stepMm), tIn);
  const cut = v128.and(first, entered);
  const facing = v128.bitselect(f32x4.mul(entryFacing, f32x4.splat(cutTurned)), own, cut);
  const strength = v128.bitselect(f32x4.splat(cutStrength), length, cut);
  const kept = faded(k);
  const total = f32x4.max(f32x4.add(strength, kept), f32x4.splat(1e-20));
  const mixed = f32x4.div(f32x4.add(f32x4.mul(facing, strength), f32x4.mul(carried, kept)), total);
  carried = v128.bitselect(mixed, carried, seen);
  carriedStrength = v128.bitselect(f32x4.max(kept, strength), kept, seen);
  colourFactor = f32x4.add(ambient, f32x4.mul(diffuse, mixed));
  highlight = f32x4.mul(specular, raised(mixed));
}
