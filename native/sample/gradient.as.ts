// AssemblyScript. Central differences over one voxel each way of the trilinear field, at four points, by six samples each:
// the general way, for what field.as.ts cannot read row by row.
import { sample4 } from './sample.as';

export let gradientX: v128 = i32x4(0, 0, 0, 0);
export let gradientY: v128 = i32x4(0, 0, 0, 0);
export let gradientZ: v128 = i32x4(0, 0, 0, 0);

/** Sets gradientX, Y, Z: value one voxel further minus value one voxel before, at index coordinates. */
export function gradient4<T>(x: v128, y: v128, z: v128): void {
  const one = f32x4.splat(1);
  gradientX = f32x4.sub(sample4<T>(f32x4.add(x, one), y, z), sample4<T>(f32x4.sub(x, one), y, z));
  gradientY = f32x4.sub(sample4<T>(x, f32x4.add(y, one), z), sample4<T>(x, f32x4.sub(y, one), z));
  gradientZ = f32x4.sub(sample4<T>(x, y, f32x4.add(z, one)), sample4<T>(x, y, f32x4.sub(z, one)));
}
