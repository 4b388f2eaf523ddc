import { type CostGrid, isBorder } from './cost-grid.ts';

/** Dijkstra's algorithm towards one goal (A*), over 26 neighbours with lengths in mm. */
export interface CheapestPath {
  /** From start to goal. */
  readonly cells: readonly number[];
  readonly cost: number;
}

/** A binary heap of cells by key; a cell may be in it more than once. */
class Heap {
  private keys = new Float64Array(4096);
  private cells = new Int32Array(4096);
  private count = 0;

  push(key: number, cell: number): void {
    if (this.count === this.keys.length) {
      const keys = new Float64Array(2 * this.count);
      const cells = new Int32Array(2 * this.count);
      keys.set(this.keys);
      cells.set(this.cells);
      [this.keys, this.cells] = [keys, cells];
    }
    const { keys, cells } = this;
    let n = this.count++;
    while (n > 0) {
      const up = (n - 1) >> 1;
      if (keys[up]! <= key) break;
      keys[n] = keys[up]!;
      cells[n] = cells[up]!;
      n = up;
    }
    keys[n] = key;
    cells[n] = cell;
  }

  /** The cell with the least key, −1 when empty. */
  pop(): number {
    if (this.count === 0) return -1;
    const { keys, cells } = this;
    const top = cells[0]!;
    const last = --this.count;
    const key = keys[last]!;
    const cell = cells[last]!;
    let n = 0;
    for (;;) {
      let down = 2 * n + 1;
      if (down >= last) break;
      if (down + 1 < last && keys[down + 1]! < keys[down]!) down += 1;
      if (keys[down]! >= key) break;
      keys[n] = keys[down]!;
      cells[n] = cells[down]!;
      n = down;
    }
    keys[n] = key;
    cells[n] = cell;
    return top;
  }
}

interface Neighbours {
  readonly offsets: Int32Array;
  readonly lengthsMm: Float64Array;
}

function neighboursOf({ size, cellMm }: CostGrid): Neighbours {
  const steps = [-1, 0, 1];
  const all = steps
    .flatMap((k) => steps.flatMap((j) => steps.map((i) => [i, j, k] as const)))
    .filter(([i, j, k]) => i !== 0 || j !== 0 || k !== 0);
  return {
    offsets: Int32Array.from(all, ([i, j, k]) => i + size[0] * (j + size[1] * k)),
    lengthsMm: Float64Array.from(all, ([i, j, k]) => Math.hypot(i * cellMm[0], j * cellMm[1], k * cellMm[2])),
  };
}

/** Straight distance from every cell to the goal in mm. */
function distanceTo({ size, cellMm }: CostGrid, goal: number): (cell: number) => number {
  const [sx, sy] = size;
  const plane = sx * sy;
  const [gi, gj, gk] = [goal % sx, Math.floor(goal / sx) % sy, Math.floor(goal / plane)];
  return (cell) => {
    const k = Math.floor(cell / plane);
    const rest = cell - k * plane;
    const j = Math.floor(rest / sx);
    const i = rest - j * sx;
    const [x, y, z] = [(i - gi) * cellMm[0], (j - gj) * cellMm[1], (k - gk) * cellMm[2]];
    return Math.sqrt(x * x + y * y + z * z);
  };
}

/**
 * `costPerMm` is asked once a cell and is at least `leastCostPerMm`; cells of the border are closed. `goesOn` is
 * asked now and then. Null: stopped, or no way.
 */
export function cheapestPath(
  grid: CostGrid,
  start: number,
  goal: number,
  costPerMm: (cell: number) => number,
  leastCostPerMm: number,
  goesOn: () => boolean = () => true,
): CheapestPath | null {
  const count = grid.lumen.length;
  const costs = new Float32Array(count).fill(-1);
  const reached = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const cameBy = new Int8Array(count).fill(-1);
  const isDone = new Uint8Array(count);
  const { offsets, lengthsMm } = neighboursOf(grid);
  const awayMm = distanceTo(grid, goal);
  const heap = new Heap();
  const costOf = (cell: number): number => {
    const known = costs[cell]!;
    if (known >= 0) return known;
    const cost = isBorder(grid, cell) ? Number.POSITIVE_INFINITY : costPerMm(cell);
    costs[cell] = cost;
    return cost;
  };
  reached[start] = 0;
  heap.push(0, start);
  for (let taken = 1; ; taken++) {
    const cell = heap.pop();
    if (cell < 0 || (taken % 8192 === 0 && !goesOn())) return null;
    if (cell === goal) break;
    if (isDone[cell]) continue;
    isDone[cell] = 1;
    const here = costOf(cell);
    const soFar = reached[cell]!;
    for (let n = 0; n < 26; n++) {
      const next = cell + offsets[n]!;
      if (isDone[next]) continue;
      const cost = soFar + 0.5 * lengthsMm[n]! * (here + costOf(next));
      if (cost >= reached[next]!) continue;
      reached[next] = cost;
      cameBy[next] = n;
      heap.push(cost + leastCostPerMm * awayMm(next), next);
    }
  }
  const cells = [goal];
  for (let cell = goal; cell !== start; cells.push(cell)) cell -= offsets[cameBy[cell]!]!;
  return { cells: cells.reverse(), cost: reached[goal]! };
}
