// AssemblyScript. Colour and opacity at four points, lit by a head light (Blinn-Phong, two-sided).
// Gradients are central differences over one voxel each way, taken to patient millimetres by the
// inverse transpose of patientFromIndex, so that a ball is round in any voxel.
import { sample4 } from '../sample/sample.as';
import { param, viewX, viewY, viewZ } from './rays.as';

let ambient: v128 = i32x4(0, 0, 0, 0);
let diffuse: v128 = i32x4(0, 0, 0, 0);
let specular: v128 = i32x4(0, 0, 0, 0);
let power: i32 = 1;

/** Factor for the colour, and the white light added to it. */
export let colourFactor: v128 = i32x4(0, 0, 0, 0);
export let highlight: v128 = i32x4(0, 0, 0, 0);

export function openShading(): void {
  ambient = f32x4.splat(<f32>param(56));
  diffuse = f32x4.splat(<f32>param(57));
  specular = f32x4.splat(<f32>param(58));
  power = <i32>param(59);
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

export function shade<T>(x: v128, y: v128, z: v128): void {
  const one = f32x4.splat(1);
  const gx = f32x4.sub(sample4<T>(f32x4.add(x, one), y, z), sample4<T>(f32x4.sub(x, one), y, z));
  const gy = f32x4.sub(sample4<T>(x, f32x4.add(y, one), z), sample4<T>(x, f32x4.sub(y, one), z));
  const gz = f32x4.sub(sample4<T>(x, y, f32x4.add(z, one)), sample4<T>(x, y, f32x4.sub(z, one)));
  const nx = rowOf(35, gx, gy, gz);
  const ny = rowOf(38, gx, gy, gz);
  const nz = rowOf(41, gx, gy, gz);
  const square = f32x4.add(f32x4.mul(nx, nx), f32x4.add(f32x4.mul(ny, ny), f32x4.mul(nz, nz)));
  const along = f32x4.add(f32x4.mul(nx, viewX), f32x4.add(f32x4.mul(ny, viewY), f32x4.mul(nz, viewZ)));
  const lit = f32x4.div(f32x4.abs(along), f32x4.sqrt(square));
  const facing = v128.and(f32x4.min(lit, one), f32x4.gt(square, f32x4.splat(1e-20)));
  colourFactor = f32x4.add(ambient, f32x4.mul(diffuse, facing));
  highlight = f32x4.mul(specular, raised(facing));
}
