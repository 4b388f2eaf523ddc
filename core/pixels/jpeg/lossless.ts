import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { BitReader, type HuffmanTable } from './bit-reader.ts';
import type { JpegFrameHeader, JpegScan, JpegTables } from './header.ts';

const undecodable = (reason: string) => fail(problem('FRAME_UNDECODABLE', { reason }));

/** Decoder of lossless (predictive, Huffman) scans of one frame, 2 … 16 bits (T.81 Annex H). */
export class LosslessDecoder {
  readonly #header: JpegFrameHeader;
  readonly #samples: Uint8Array | Uint16Array;
  readonly #seen: boolean[] = [];
  #partial = false;

  constructor(header: JpegFrameHeader) {
    this.#header = header;
    const size = header.rows * header.columns * header.components.length;
    this.#samples = header.bitsPerSample > 8 ? new Uint16Array(size) : new Uint8Array(size);
  }

  /** Decodes one scan; returns the first byte after it. Missing or senseless bits make the picture partial. */
  scan(bytes: Uint8Array, scan: JpegScan, tables: JpegTables): Result<number> {
    if (this.#header.components.some((c) => c.h !== 1 || c.v !== 1) && this.#header.components.length > 1) {
      return undecodable('subsampled lossless');
    }
    if (scan.spectralStart > 7 || scan.approximationLow >= this.#header.bitsPerSample)
      return undecodable('predictor');
    const huffman = scan.components.map(({ dc }) => tables.dc[dc]);
    if (huffman.some((table) => !table)) return undecodable('no Huffman table');
    // T.81 H.1.1: a restart interval is a whole number of rows.
    if (tables.restartInterval % this.#header.columns !== 0) return undecodable('restart interval');
    const reader = new BitReader(bytes, scan.offset);
    for (const { index } of scan.components) this.#seen[index] = true;
    this.#decode(reader, scan, huffman as HuffmanTable[], tables.restartInterval / this.#header.columns);
    return ok(reader.position);
  }

  finish(): { samples: Uint8Array | Uint16Array; partial: boolean } {
    const missing = this.#header.components.some((_, c) => !this.#seen[c]);
    return { samples: this.#samples, partial: this.#partial || missing };
  }

  #decode(reader: BitReader, scan: JpegScan, huffman: readonly HuffmanTable[], rowsPerRestart: number): void {
    let firstRow = 0;
    for (let row = 0; row < this.#header.rows; row++) {
      if (rowsPerRestart > 0 && row > 0 && row % rowsPerRestart === 0) {
        if (reader.exhausted || !reader.restart()) {
          this.#partial = true;
          return;
        }
        firstRow = row;
      }
      if (!this.#decodeRow(reader, scan, huffman, row, row === firstRow) || reader.exhausted) {
        this.#partial = true;
        return;
      }
    }
  }

  /** One row; in the first row after a start or restart prediction begins anew (T.81 H.1.2.1). */
  #decodeRow(
    reader: BitReader,
    scan: JpegScan,
    huffman: readonly HuffmanTable[],
    row: number,
    first: boolean,
  ): boolean {
    const samples = this.#samples;
    const count = this.#header.components.length;
    const above = this.#header.columns * count;
    const shift = scan.approximationLow;
    let at = row * above;
    for (let column = 0; column < this.#header.columns; column++, at += count) {
      // The first row predicts from the left, the first column from above, the rest as the scan says.
      const rule = first ? (column === 0 ? 0 : 1) : column === 0 ? 2 : scan.spectralStart;
      for (let n = 0; n < huffman.length; n++) {
        const size = reader.symbol(huffman[n]!);
        if (size < 0 || size > 16) return false;
        const difference = size === 16 ? 32768 : size === 0 ? 0 : reader.takeSigned(size);
        const to = at + scan.components[n]!.index;
        let predicted: number;
        if (rule === 1) predicted = samples[to - count]! >> shift;
        else if (rule === 0) predicted = first ? 1 << (this.#header.bitsPerSample - shift - 1) : 0;
        else if (rule === 2) predicted = samples[to - above]! >> shift;
        else {
          const [a, b, c] = [samples[to - count]!, samples[to - above]!, samples[to - above - count]!];
          predicted = predict(rule, a >> shift, b >> shift, c >> shift);
        }
        samples[to] = ((predicted + difference) & 0xffff) << shift;
      }
    }
    return true;
  }
}

/** The predictors of T.81 table H.1; a = left, b = above, c = above left. */
function predict(rule: number, a: number, b: number, c: number): number {
  switch (rule) {
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}
