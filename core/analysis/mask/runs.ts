import type { Vec3 } from '../../geometry/types.ts';
import { type BitRows, emptyRows, setRun } from './bit-rows.ts';

/** A mask as runs of voxels along i, row by row. */
export interface Runs {
  readonly size: Vec3;
  readonly count: number;
  /** First voxel and one past the last. */
  readonly from: Int32Array;
  readonly end: Int32Array;
  /** Runs of row r = j + ny · k are `rowStart[r]` to `rowStart[r + 1]`. */
  readonly rowStart: Int32Array;
}

export function runsOf({ size, words, data }: BitRows): Runs {
  const rowCount = size[1] * size[2];
  const rowStart = new Int32Array(rowCount + 1);
  let from = new Int32Array(1 << 16);
  let end = new Int32Array(1 << 16);
  let count = 0;
  for (let row = 0, at = 0; row < rowCount; row++) {
    rowStart[row] = count;
    if (count + size[0] / 2 + 1 > from.length) {
      from = grown(from);
      end = grown(end);
    }
    let carry = 0;
    for (let w = 0; w < words; w++, at++) {
      const word = data[at]!;
      let turns = word ^ ((word << 1) | carry);
      carry = word >>> 31;
      while (turns !== 0) {
        const bit = 31 - Math.clz32(turns & -turns);
        turns &= turns - 1;
        if ((word >>> bit) & 1) from[count] = w * 32 + bit;
        else end[count++] = w * 32 + bit;
      }
    }
    // Bits after a row's end are zero, so a run is still open only where the row fills its words.
    if (carry === 1) end[count++] = size[0];
  }
  rowStart[rowCount] = count;
  return { size, count, from, end, rowStart };
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(array.length * 2 + 65536);
  out.set(array);
  return out;
}

/** The voxels of those runs for which `keep` holds. */
export function rowsOfRuns(runs: Runs, keep: (run: number, row: number) => boolean): BitRows {
  const out = emptyRows(runs.size);
  const { from, end, rowStart } = runs;
  for (let row = 0; row < rowStart.length - 1; row++)
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++)
      if (keep(run, row)) setRun(out.data, row * out.words, from[run]!, end[run]!);
  return out;
}

/** The run that holds a voxel, or −1. */
export function runAt({ size, from, end, rowStart }: Runs, i: number, j: number, k: number): number {
  const row = j + size[1] * k;
  let low = rowStart[row]!;
  let high = rowStart[row + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (i < from[middle]!) high = middle - 1;
    else if (i >= end[middle]!) low = middle + 1;
    else return middle;
  }
  return -1;
}
