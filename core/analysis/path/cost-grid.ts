import type { Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';

/**
 * A part of a volume in coarse cells: the share of each cell that can be lumen, 0…1. Cells are whole blocks of
 * voxels along the index axes; a border of one closed cell lies around them.
 */
export interface CostGrid {
  /** Cells along i, j, k, border included. */
  readonly size: Vec3;
  /** Voxels in a cell along each axis. */
  readonly blocks: Vec3;
  /** Voxel index of the first voxel of cell (1, 1, 1). */
  readonly first: Vec3;
  /** Millimetres from cell to cell along each axis. */
  readonly cellMm: Vec3;
  readonly lumen: Float32Array;
}

/** How far a value is lumen, 0…1: rises from `low − ramp` to `low + ramp`, falls to `rest` beyond `high`. */
export interface Membership {
  readonly sign: 1 | -1;
  readonly low: number;
  readonly ramp: number;
  readonly high: number;
  /** What is left of voxels far brighter than lumen: calcium does not stop a path, bone is not liked. */
  readonly rest: number;
}

export function membershipOf({ sign, low, ramp, high, rest }: Membership, value: number): number {
  const turned = sign * value;
  if (!(turned > low - ramp)) return 0;
  if (turned < low + ramp) return (turned - low + ramp) / (2 * ramp);
  if (turned <= high) return 1;
  return Math.max(rest, 1 - (turned - high) / (2 * ramp));
}

/** Inclusive range of voxel indices. */
export interface IndexBox {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** The table of a 16-bit field by its low 16 bits; 255 = surely lumen. */
function lookup(field: ScalarField, membership: Membership): Uint8Array {
  const table = new Uint8Array(65_536);
  const isSigned = field.voxels instanceof Int16Array;
  const { slope, intercept } = field.rescale;
  for (let n = 0; n < 65_536; n++) {
    const stored = isSigned && n > 32_767 ? n - 65_536 : n;
    if (stored === field.noData) continue;
    table[n] = Math.round(255 * membershipOf(membership, slope * stored + intercept));
  }
  return table;
}

/** Averages blocks of `blocks` voxels within the box; blocks at its end may be smaller. */
export function makeCostGrid(
  field: ScalarField,
  box: IndexBox,
  blocks: Vec3,
  spacing: Vec3,
  membership: Membership,
): CostGrid {
  const cells = ([0, 1, 2] as const).map((a) => Math.ceil((box.high[a] - box.low[a] + 1) / blocks[a]));
  const size: Vec3 = [cells[0]! + 2, cells[1]! + 2, cells[2]! + 2];
  const lumen = new Float32Array(size[0] * size[1] * size[2]);
  const [nx, ny] = field.geometry.size;
  const width = box.high[0] - box.low[0] + 1;
  const { voxels } = field;
  const table = voxels instanceof Float32Array ? null : lookup(field, membership);
  const { slope, intercept } = field.rescale;
  for (let k = box.low[2]; k <= box.high[2]; k++) {
    const cellK = 1 + Math.floor((k - box.low[2]) / blocks[2]);
    for (let j = box.low[1]; j <= box.high[1]; j++) {
      const cellJ = 1 + Math.floor((j - box.low[1]) / blocks[1]);
      const row = 1 + size[0] * (cellJ + size[1] * cellK);
      const from = box.low[0] + nx * (j + ny * k);
      for (let i = 0, cell = row; i < width; cell++) {
        const end = Math.min(width, i + blocks[0]);
        let sum = 0;
        if (table) for (; i < end; i++) sum += table[voxels[from + i]! & 0xffff]!;
        else
          for (; i < end; i++) {
            const stored = voxels[from + i]!;
            if (stored !== field.noData) sum += 255 * membershipOf(membership, slope * stored + intercept);
          }
        lumen[cell]! += sum;
      }
    }
  }
  const grid: CostGrid = {
    size,
    blocks,
    first: box.low,
    cellMm: [blocks[0] * spacing[0], blocks[1] * spacing[1], blocks[2] * spacing[2]],
    lumen,
  };
  toShares(grid, box);
  return grid;
}

/** Sums to shares; the border repeats its neighbours so that derivatives at the edge are those of the inside. */
function toShares({ size, blocks, lumen }: CostGrid, box: IndexBox): void {
  const partOf = (axis: 0 | 1 | 2, cell: number): number =>
    Math.min(blocks[axis], box.high[axis] - box.low[axis] + 1 - (cell - 1) * blocks[axis]);
  const [sx, sy, sz] = size;
  for (let k = 1; k < sz - 1; k++)
    for (let j = 1; j < sy - 1; j++) {
      const row = sx * (j + sy * k);
      const scale = 1 / (255 * partOf(1, j) * partOf(2, k));
      for (let i = 1; i < sx - 1; i++) lumen[row + i]! *= scale / partOf(0, i);
      lumen[row] = lumen[row + 1]!;
      lumen[row + sx - 1] = lumen[row + sx - 2]!;
    }
  const plane = sx * sy;
  for (let k = 1; k < sz - 1; k++) {
    lumen.copyWithin(plane * k, plane * k + sx, plane * k + 2 * sx);
    lumen.copyWithin(plane * (k + 1) - sx, plane * (k + 1) - 2 * sx, plane * (k + 1) - sx);
  }
  lumen.copyWithin(0, plane, 2 * plane);
  lumen.copyWithin(plane * (sz - 1), plane * (sz - 2), plane * (sz - 1));
}

/** The cell that holds a voxel index, clamped to the cells inside the border. */
export function cellOf(grid: CostGrid, index: Vec3): number {
  const at = ([0, 1, 2] as const).map((a) =>
    Math.max(
      1,
      Math.min(grid.size[a] - 2, 1 + Math.floor((index[a] + 0.5 - grid.first[a]) / grid.blocks[a])),
    ),
  );
  return at[0]! + grid.size[0] * (at[1]! + grid.size[1] * at[2]!);
}

/** Voxel index (with fractions) of a cell's centre. */
export function indexOfCell(grid: CostGrid, cell: number): Vec3 {
  const [sx, sy] = grid.size;
  const at = [cell % sx, Math.floor(cell / sx) % sy, Math.floor(cell / (sx * sy))] as const;
  const centre = (a: 0 | 1 | 2): number =>
    grid.first[a] + (at[a] - 1) * grid.blocks[a] + (grid.blocks[a] - 1) / 2;
  return [centre(0), centre(1), centre(2)];
}

/** True for cells of the closed border. */
export function isBorder({ size }: CostGrid, cell: number): boolean {
  const [sx, sy, sz] = size;
  const i = cell % sx;
  const j = Math.floor(cell / sx) % sy;
  const k = Math.floor(cell / (sx * sy));
  return i === 0 || j === 0 || k === 0 || i === sx - 1 || j === sy - 1 || k === sz - 1;
}
