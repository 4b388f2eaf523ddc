import type { BitRows } from './bit-rows.ts';
import { type Runs, rowsOfRuns, runAt, runsOf } from './runs.ts';

/**
 * Which voxels hang together: by faces (6), by faces, edges and corners (26), or by faces within slices of
 * constant k or j only.
 */
export type Neighbours = 6 | 26 | 'planeK' | 'planeJ';

/** Connected parts of a mask, found by union-find over its runs. */
export interface Components {
  readonly runs: Runs;
  /** How many parts there are. */
  readonly count: number;
  /** Part of each run, from 0. */
  readonly partOfRun: Int32Array;
  /** Voxels of each part. */
  readonly sizes: Float64Array;
}

interface Link {
  readonly dj: number;
  readonly dk: number;
}

const linksOf: Readonly<Record<Neighbours, readonly Link[]>> = {
  6: [
    { dj: -1, dk: 0 },
    { dj: 0, dk: -1 },
  ],
  26: [
    { dj: -1, dk: 0 },
    { dj: -1, dk: -1 },
    { dj: 0, dk: -1 },
    { dj: 1, dk: -1 },
  ],
  planeK: [{ dj: -1, dk: 0 }],
  planeJ: [{ dj: 0, dk: -1 }],
};

function rootOf(parent: Int32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}

/** Joins runs of two rows that overlap; `reach` is 1 where corners count. */
function joinRows(runs: Runs, parent: Int32Array, a: number, b: number, reach: number): void {
  const { from, end, rowStart } = runs;
  let p = rowStart[a]!;
  let q = rowStart[b]!;
  const lastP = rowStart[a + 1]!;
  const lastQ = rowStart[b + 1]!;
  while (p < lastP && q < lastQ) {
    if (from[p]! < end[q]! + reach && from[q]! < end[p]! + reach) {
      const one = rootOf(parent, p);
      const other = rootOf(parent, q);
      if (one < other) parent[other] = one;
      else parent[one] = other;
    }
    if (end[p]! < end[q]!) p++;
    else q++;
  }
}

export function componentsOf(mask: BitRows, neighbours: Neighbours): Components {
  return componentsOfRuns(runsOf(mask), neighbours);
}

export function componentsOfRuns(runs: Runs, neighbours: Neighbours): Components {
  const { size, count, from, end } = runs;
  const [, rows, slices] = size;
  const parent = new Int32Array(count);
  for (let run = 0; run < count; run++) parent[run] = run;
  const reach = neighbours === 26 ? 1 : 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (const { dj, dk } of linksOf[neighbours]) {
        const toJ = j + dj;
        const toK = k + dk;
        if (toJ < 0 || toJ >= rows || toK < 0) continue;
        joinRows(runs, parent, j + rows * k, toJ + rows * toK, reach);
      }
  // A root is the first run of its part, so parts are numbered before they are asked for.
  const partOfRun = new Int32Array(count);
  let parts = 0;
  for (let run = 0; run < count; run++) {
    const root = rootOf(parent, run);
    partOfRun[run] = root === run ? parts++ : partOfRun[root]!;
  }
  const sizes = new Float64Array(parts);
  for (let run = 0; run < count; run++) sizes[partOfRun[run]!]! += end[run]! - from[run]!;
  return { runs, count: parts, partOfRun, sizes };
}

/** The voxels of the parts that `keep` names. */
export const rowsOfParts = (components: Components, keep: (part: number) => boolean): BitRows =>
  rowsOfRuns(components.runs, (run) => keep(components.partOfRun[run]!));

/** The part that holds a voxel, or −1. */
export function partAt({ runs, partOfRun }: Components, i: number, j: number, k: number): number {
  const run = runAt(runs, i, j, k);
  return run < 0 ? -1 : partOfRun[run]!;
}

/** The part with the most voxels, or −1. */
export function largestPart({ sizes }: Components): number {
  let best = -1;
  for (let part = 0; part < sizes.length; part++) if (best < 0 || sizes[part]! > sizes[best]!) best = part;
  return best;
}

/** 1 for each part that touches one of the faces of the volume across the given axes. */
export function partsAtFaces(
  { runs, partOfRun, count }: Components,
  axes: readonly [boolean, boolean, boolean],
): Uint8Array {
  const out = new Uint8Array(count);
  const { size, from, end, rowStart } = runs;
  for (let row = 0; row < rowStart.length - 1; row++) {
    const j = row % size[1];
    const k = (row - j) / size[1];
    const all = (axes[1] && (j === 0 || j === size[1] - 1)) || (axes[2] && (k === 0 || k === size[2] - 1));
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++)
      if (all || (axes[0] && (from[run] === 0 || end[run] === size[0]))) out[partOfRun[run]!] = 1;
  }
  return out;
}
