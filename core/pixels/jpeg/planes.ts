import type { JpegFrameHeader } from './header.ts';

/** Decoded samples of one component, padded to whole MCUs. */
export interface Plane {
  /** Samples that belong to the picture (T.81 A.1.1). */
  readonly columns: number;
  readonly rows: number;
  readonly blocksPerRow: number;
  readonly blocksPerColumn: number;
  readonly stride: number;
  readonly samples: Uint8Array | Uint16Array;
  readonly h: number;
  readonly v: number;
}

export interface MacroGrid {
  readonly hMax: number;
  readonly vMax: number;
  readonly macroColumns: number;
  readonly macroRows: number;
}

export function macroGrid(header: JpegFrameHeader): MacroGrid {
  const hMax = Math.max(...header.components.map((c) => c.h));
  const vMax = Math.max(...header.components.map((c) => c.v));
  return {
    hMax,
    vMax,
    macroColumns: Math.ceil(header.columns / (8 * hMax)),
    macroRows: Math.ceil(header.rows / (8 * vMax)),
  };
}

export function emptyPlanes(header: JpegFrameHeader, grid: MacroGrid): Plane[] {
  return header.components.map(({ h, v }) => {
    const blocksPerRow = grid.macroColumns * h;
    const blocksPerColumn = grid.macroRows * v;
    const size = 64 * blocksPerRow * blocksPerColumn;
    return {
      columns: Math.ceil((header.columns * h) / grid.hMax),
      rows: Math.ceil((header.rows * v) / grid.vMax),
      blocksPerRow,
      blocksPerColumn,
      stride: 8 * blocksPerRow,
      samples: header.bitsPerSample > 8 ? new Uint16Array(size) : new Uint8Array(size),
      h,
      v,
    };
  });
}

/**
 * Brings all components to full size and interleaves them. Chroma halved in width, or in width and height, is
 * interpolated with the triangle filter of the common decoders (1/4, 3/4), other ratios are repeated; so the
 * components equal those of dcmtk and GDCM bit for bit.
 */
export function interleave(
  header: JpegFrameHeader,
  grid: MacroGrid,
  planes: readonly Plane[],
): Uint8Array | Uint16Array {
  const { rows, columns } = header;
  const samples = planes.length;
  const size = rows * columns * samples;
  const out = header.bitsPerSample > 8 ? new Uint16Array(size) : new Uint8Array(size);
  const line = new Uint16Array(columns + 2);
  planes.forEach((plane, c) => {
    const write = rowWriter(plane, grid);
    for (let row = 0; row < rows; row++) {
      let to = row * columns * samples + c;
      write(row, line, columns);
      for (let column = 0; column < columns; column++, to += samples) out[to] = line[column]!;
    }
  });
  return out;
}

type RowWriter = (row: number, line: Uint16Array, columns: number) => void;

function rowWriter(plane: Plane, grid: MacroGrid): RowWriter {
  const { samples, stride } = plane;
  const [x, y] = [grid.hMax / plane.h, grid.vMax / plane.v];
  const smooth = plane.columns > 2;
  if (x === 2 && y === 1 && smooth)
    return (row, line) => widenRow(samples, row * stride, plane.columns, line);
  if (x === 2 && y === 2 && smooth) {
    const sums = new Int32Array(plane.columns);
    return (row, line) => {
      const near = row >> 1;
      const other = Math.min(Math.max(row & 1 ? near + 1 : near - 1, 0), plane.rows - 1);
      for (let n = 0; n < sums.length; n++)
        sums[n] = 3 * samples[near * stride + n]! + samples[other * stride + n]!;
      widenSums(sums, line);
    };
  }
  return (row, line, columns) => {
    const from = Math.floor(row / y) * stride;
    for (let column = 0; column < columns; column++) line[column] = samples[from + Math.floor(column / x)]!;
  };
}

function widenRow(samples: Uint8Array | Uint16Array, from: number, count: number, line: Uint16Array): void {
  const last = count - 1;
  line[0] = samples[from]!;
  line[1] = (3 * samples[from]! + samples[from + 1]! + 2) >> 2;
  for (let n = 1; n < last; n++) {
    const centre = 3 * samples[from + n]!;
    line[2 * n] = (centre + samples[from + n - 1]! + 1) >> 2;
    line[2 * n + 1] = (centre + samples[from + n + 1]! + 2) >> 2;
  }
  line[2 * last] = (3 * samples[from + last]! + samples[from + last - 1]! + 1) >> 2;
  line[2 * last + 1] = samples[from + last]!;
}

function widenSums(sums: Int32Array, line: Uint16Array): void {
  const last = sums.length - 1;
  line[0] = (4 * sums[0]! + 8) >> 4;
  line[1] = (3 * sums[0]! + sums[1]! + 7) >> 4;
  for (let n = 1; n < last; n++) {
    const centre = 3 * sums[n]!;
    line[2 * n] = (centre + sums[n - 1]! + 8) >> 4;
    line[2 * n + 1] = (centre + sums[n + 1]! + 7) >> 4;
  }
  line[2 * last] = (3 * sums[last]! + sums[last - 1]! + 8) >> 4;
  line[2 * last + 1] = (4 * sums[last]! + 7) >> 4;
}
