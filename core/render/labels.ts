import type { Vec3 } from '../geometry/types.ts';
import { hasRole, type SceneLayer, tintsOf } from '../scene/layers.ts';
import type { CurvedScene, SliceScene } from '../scene/types.ts';
import { curvedRequest } from './curved.ts';
import { type RowRenderer, resliceRequest } from './slice.ts';
import type { IndexBox, Kernels, LabelMemory, MaskRequest, MemoryLayout, VolumeInfo } from './types.ts';

/** Voxels [lo, hi). */
export interface VoxelBox {
  readonly lo: Vec3;
  readonly hi: Vec3;
}

/** One bit a voxel: voxel n = i + nx·(j + ny·k) is `bits[n >> 3] >> (n & 7) & 1` (`VoxelMask` of core/analysis). */
export interface PackedVoxels {
  readonly size: Vec3;
  readonly bits: Uint8Array;
}

export interface LabelledMask {
  readonly mask: PackedVoxels;
  /** 1…255 */
  readonly index: number;
}

const byteOf = (bits: Uint8Array, at: number): number => bits[at] ?? 0;

function layOver(labels: Uint8Array, { mask, index }: LabelledMask): void {
  const { bits } = mask;
  const bytes = Math.ceil(labels.length / 8);
  let at = 0;
  while (at < bytes) {
    const byte = byteOf(bits, at);
    const n = at * 8;
    at += 1;
    if (byte === 0) continue;
    if (byte !== 255) {
      for (let bit = 0; bit < 8 && n + bit < labels.length; bit += 1)
        if ((byte >> bit) & 1) labels[n + bit] = index;
      continue;
    }
    while (bits[at] === 255) at += 1;
    labels.fill(index, n, at * 8);
  }
}

function layOverBox(labels: Uint8Array, { mask, index }: LabelledMask, { lo, hi }: VoxelBox): void {
  const { bits, size } = mask;
  for (let k = lo[2]; k < hi[2]; k += 1)
    for (let j = lo[1]; j < hi[1]; j += 1) {
      const row = size[0] * (j + size[1] * k);
      for (let n = row + lo[0]; n < row + hi[0]; n += 1)
        if ((byteOf(bits, n >> 3) >> (n & 7)) & 1) labels[n] = index;
    }
}

/**
 * Masks as one label a voxel: a mask lies over those before it in the list, so removed ones belong last.
 * With `into` and `box` only these voxels are made anew.
 * @throws RangeError for masks of another size
 */
export function composeLabels(
  masks: readonly LabelledMask[],
  size: Vec3,
  into: Uint8Array = new Uint8Array(size[0] * size[1] * size[2]),
  box: VoxelBox = { lo: [0, 0, 0], hi: size },
): Uint8Array {
  if (masks.some(({ mask }) => mask.size.some((n, axis) => n !== size[axis])))
    throw new RangeError('mask of another volume');
  const isWhole = box.lo.every((n) => n === 0) && box.hi.every((n, axis) => n === size[axis]);
  if (isWhole) {
    into.fill(0);
    for (const mask of masks) layOver(into, mask);
    return into;
  }
  for (let k = box.lo[2]; k < box.hi[2]; k += 1)
    for (let j = box.lo[1]; j < box.hi[1]; j += 1) {
      const row = size[0] * (j + size[1] * k);
      into.fill(0, row + box.lo[0], row + box.hi[0]);
    }
  for (const mask of masks) layOverBox(into, mask, box);
  return into;
}

/** Bricks [lo, hi) whose veil or flags the voxels of a box have a part in. */
export function bricksOfBox(box: VoxelBox, brickCounts: Vec3): IndexBox {
  const axes = [0, 1, 2] as const;
  const lo = axes.map((axis) => Math.max(0, Math.ceil((box.lo[axis] - 9) / 8)));
  const hi = axes.map((axis) => Math.min(brickCounts[axis], Math.floor(box.hi[axis] / 8) + 1));
  return { lo: lo as unknown as Vec3, hi: hi as unknown as Vec3 };
}

const nowhere: LabelMemory = { labels: 0, veil: 0, flags: 0, picture: 0, pages: 0 };

/** The masks of a 3D scene as the ray caster takes them; undefined where they change nothing. */
export function maskRequest(
  layout: MemoryLayout,
  layers: readonly SceneLayer[] | undefined,
): MaskRequest | undefined {
  const removes = hasRole(layers, 'removed');
  const tints = hasRole(layers, 'shown');
  if (!layers || (!removes && !tints)) return undefined;
  return { memory: layout.labels ?? nowhere, removes, tints, table: tintsOf(layers) };
}

/** Labels of the middle of a plane or curved plane, row by row, one byte a pixel from `out` on. */
export function renderLabels(
  kernels: Kernels,
  volume: VolumeInfo,
  scene: SliceScene | CurvedScene,
  out: number,
): RowRenderer {
  const memory = volume.layout.labels;
  if (!memory) throw new Error('labels without memory');
  const { width } = scene;
  const { size } = volume.geometry;
  const rowOf = scene.kind === 'slice' ? planeRow(volume, scene) : curvedRow(volume, scene);
  return (rowStart, rowEnd) => {
    for (let row = rowStart; row < rowEnd; row += 1)
      kernels.labelRow({ memory, size, ...rowOf(row), width, out: out + row * width });
  };
}

type Row = (row: number) => { readonly at: Vec3; readonly step: Vec3 };

function planeRow(volume: VolumeInfo, scene: SliceScene): Row {
  const { origin, columnStep, rowStep } = resliceRequest(volume, scene);
  const along = (row: number, axis: number): number => origin[axis]! + row * rowStep[axis]!;
  return (row) => ({ at: [along(row, 0), along(row, 1), along(row, 2)], step: columnStep });
}

function curvedRow(volume: VolumeInfo, scene: CurvedScene): Row {
  const { rows } = curvedRequest(volume, scene);
  return (row) => {
    const n = row * 10;
    return {
      at: [rows[n]!, rows[n + 1]!, rows[n + 2]!],
      step: [rows[n + 3]!, rows[n + 4]!, rows[n + 5]!],
    };
  };
}
