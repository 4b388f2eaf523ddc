import { applyPoint, cross, dot, invert } from '../../geometry/matrices.ts';
import type { PatientPoint, Vec3, VolumeGeometry } from '../../geometry/types.ts';
import { bitAt } from './bit-stream.ts';
import type { ReadFrame, ReadSegmentation } from './segmentation-read.ts';

/** A frame with its place; `n` is its number among all frames. */
export interface PlacedFrame extends ReadFrame {
  readonly n: number;
  readonly position: PatientPoint;
}

/** Parallel frames in the order of their places along their normal. */
interface Stack {
  readonly normal: Vec3;
  readonly frames: readonly PlacedFrame[];
  readonly along: Float64Array;
  readonly halfMm: number;
}

function stacksOf(frames: readonly PlacedFrame[]): Stack[] {
  const groups = new Map<string, PlacedFrame[]>();
  for (const frame of frames) {
    const key = [...frame.right, ...frame.down].map((x) => x.toFixed(3)).join();
    groups.set(key, [...(groups.get(key) ?? []), frame]);
  }
  return [...groups.values()].map((group) => {
    const normal = cross(group[0]!.right, group[0]!.down);
    const sorted = group.toSorted((a, b) => dot(normal, a.position) - dot(normal, b.position));
    const along = Float64Array.from(sorted, ({ position }) => dot(normal, position));
    const gaps = Array.from(along.subarray(1), (x, n) => x - along[n]!).filter((gap) => gap > 1e-3);
    const between = sorted[0]!.betweenMm || Math.min(...gaps, 10);
    return { normal, frames: sorted, along, halfMm: between / 2 };
  });
}

/** The frame nearest to a place along the normal, if the place lies within its thickness. */
function nearestFrame({ along, halfMm }: Stack, mm: number): number {
  let low = 0;
  let high = along.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (along[middle]! < mm) low = middle + 1;
    else high = middle;
  }
  const below = low > 0 ? mm - along[low - 1]! : Number.POSITIVE_INFINITY;
  const above = low < along.length ? along[low]! - mm : Number.POSITIVE_INFINITY;
  if (Math.min(below, above) > halfMm * 1.001 + 1e-6) return -1;
  return below < above ? low - 1 : low;
}

/** Indices of the volume that the stack can reach. */
function reachOf({ frames, halfMm, normal }: Stack, seg: ReadSegmentation, geometry: VolumeGeometry) {
  const inverse = invert(geometry.patientFromIndex)!;
  const low: [number, number, number] = [...geometry.size];
  const high: [number, number, number] = [-1, -1, -1];
  for (const { position, right, down, spacingMm } of [frames[0]!, frames.at(-1)!])
    for (const column of [-0.5, seg.columns - 0.5])
      for (const row of [-0.5, seg.rows - 0.5])
        for (const across of [-halfMm, halfMm]) {
          const corner = position.map(
            (x, n) =>
              x + right[n]! * column * spacingMm[0] + down[n]! * row * spacingMm[1] + normal[n]! * across,
          );
          applyPoint(inverse, [corner[0]!, corner[1]!, corner[2]!]).forEach((x, axis) => {
            low[axis] = Math.max(0, Math.min(low[axis]!, Math.floor(x)));
            high[axis] = Math.min(geometry.size[axis]! - 1, Math.max(high[axis]!, Math.ceil(x)));
          });
        }
  return { low, high };
}

/**
 * Voxels of one segment whose nearest pixel is set. Gives how many frames no voxel of the volume comes near.
 */
export function resampleFrames(
  seg: ReadSegmentation,
  frames: readonly PlacedFrame[],
  geometry: VolumeGeometry,
  out: Uint8Array,
): number {
  let missed = 0;
  for (const stack of stacksOf(frames)) {
    const used = new Uint8Array(stack.frames.length);
    const { low, high } = reachOf(stack, seg, geometry);
    for (let k = low[2]; k <= high[2]; k++)
      for (let j = low[1]; j <= high[1]; j++)
        resampleRow(seg, stack, geometry, [low[0], high[0], j, k], used, out);
    missed += used.filter((is) => is === 0).length;
  }
  return missed;
}

function resampleRow(
  seg: ReadSegmentation,
  stack: Stack,
  { size, patientFromIndex }: VolumeGeometry,
  [from, to, j, k]: readonly [number, number, number, number],
  used: Uint8Array,
  out: Uint8Array,
): void {
  const { columns, rows, bits } = seg;
  for (let i = from; i <= to; i++) {
    const p = applyPoint(patientFromIndex, [i, j, k]);
    const at = nearestFrame(stack, dot(stack.normal, p));
    if (at < 0) continue;
    const { position, right, down, spacingMm, n } = stack.frames[at]!;
    const way: Vec3 = [p[0] - position[0], p[1] - position[1], p[2] - position[2]];
    const column = Math.round(dot(way, right) / spacingMm[0]);
    const row = Math.round(dot(way, down) / spacingMm[1]);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    used[at] = 1;
    if (!bitAt(bits, n * columns * rows + row * columns + column)) continue;
    const voxel = i + size[0] * (j + size[1] * k);
    out[voxel >> 3]! |= 1 << (voxel & 7);
  }
}
