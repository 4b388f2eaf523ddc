import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { BitReader } from './bit-reader.ts';
import {
  type BandRun,
  type BlockDecoder,
  progressiveAcFirst,
  progressiveAcRefine,
  progressiveDc,
  sequentialBlock,
} from './block-decoder.ts';
import type { JpegFrameHeader, JpegScan, JpegTables } from './header.ts';
import { inverseDct, naturalFromZigzag } from './idct.ts';
import { emptyPlanes, interleave, macroGrid } from './planes.ts';

const undecodable = (reason: string) => fail(problem('FRAME_UNDECODABLE', { reason }));

/** Decoder of DCT scans (baseline, extended sequential, progressive; 8 and 12 bits) of one frame. */
export class DctDecoder {
  readonly #header: JpegFrameHeader;
  readonly #grid;
  readonly #planes;
  /** Quantised coefficients per component; kept whole for progressive streams only. */
  readonly #coefficients: Int16Array[];
  readonly #single = new Int16Array(64);
  readonly #scratch = new Int32Array(64);
  readonly #quantisation: (Uint16Array | undefined)[] = [];
  #partial = false;

  constructor(header: JpegFrameHeader) {
    this.#header = header;
    this.#grid = macroGrid(header);
    this.#planes = emptyPlanes(header, this.#grid);
    const keep = header.process === 'progressive';
    this.#coefficients = keep ? this.#planes.map((plane) => new Int16Array(plane.samples.length)) : [];
  }

  /** Decodes one scan; returns the first byte after it. Damage inside makes the picture partial. */
  scan(bytes: Uint8Array, scan: JpegScan, tables: JpegTables): Result<number> {
    const decoder = this.#blockDecoder(scan);
    if (!decoder) return undecodable('scan parameters');
    const sequential = this.#header.process === 'sequential';
    for (const { index, dc, ac } of scan.components) {
      const table = tables.quantisation[this.#header.components[index]!.quantisation];
      this.#quantisation[index] ??= table;
      if (!this.#quantisation[index]) return undecodable('no quantisation table');
      const needsDc = scan.spectralStart === 0 && scan.approximationHigh === 0;
      if (needsDc && !tables.dc[dc]) return undecodable('no Huffman table');
      if ((sequential || scan.spectralStart > 0) && !tables.ac[ac]) return undecodable('no Huffman table');
    }
    const reader = new BitReader(bytes, scan.offset);
    this.#decodeScan(reader, scan, tables, decoder.decode, decoder.run);
    return ok(reader.position);
  }

  /** Interleaved samples; `partial` when bits were missing or made no sense. */
  finish(): { samples: Uint8Array | Uint16Array; partial: boolean } {
    if (this.#header.process === 'progressive') {
      this.#planes.forEach((plane, c) => {
        for (let block = 0; block < plane.blocksPerRow * plane.blocksPerColumn; block++) {
          this.#paint(c, block, this.#coefficients[c]!, 64 * block);
        }
      });
    }
    const missing = this.#planes.some((_, c) => !this.#quantisation[c]);
    return { samples: interleave(this.#header, this.#grid, this.#planes), partial: this.#partial || missing };
  }

  #blockDecoder(scan: JpegScan): { decode: BlockDecoder; run: BandRun } | null {
    const { spectralStart: start, spectralEnd: end, approximationHigh: high, approximationLow: low } = scan;
    const run: BandRun = { left: 0 };
    if (this.#header.process === 'sequential') return { decode: sequentialBlock, run };
    if (end > 63 || start > end || low > 13 || (high > 0 && high !== low + 1)) return null;
    if (start === 0) return end === 0 ? { decode: progressiveDc(high, low), run } : null;
    if (scan.components.length !== 1) return null;
    const decode =
      high === 0 ? progressiveAcFirst(start, end, low, run) : progressiveAcRefine(start, end, low, run);
    return { decode, run };
  }

  #decodeScan(
    reader: BitReader,
    scan: JpegScan,
    tables: JpegTables,
    decode: BlockDecoder,
    run: BandRun,
  ): void {
    const predictor = new Int32Array(this.#planes.length);
    const only = scan.components.length === 1 ? this.#planes[scan.components[0]!.index]! : null;
    const unitsPerRow = only ? Math.ceil(only.columns / 8) : this.#grid.macroColumns;
    const units = unitsPerRow * (only ? Math.ceil(only.rows / 8) : this.#grid.macroRows);
    for (let unit = 0; unit < units; unit++) {
      if (tables.restartInterval > 0 && unit > 0 && unit % tables.restartInterval === 0) {
        this.#partial ||= reader.exhausted;
        if (!reader.restart()) {
          this.#partial = true;
          return;
        }
        predictor.fill(0);
        run.left = 0;
      }
      const [x, y] = [unit % unitsPerRow, Math.floor(unit / unitsPerRow)];
      const fine = only
        ? this.#decodeBlock(reader, scan, 0, tables, decode, predictor, y * only.blocksPerRow + x)
        : this.#decodeMacro(reader, scan, tables, decode, predictor, x, y);
      if (!fine || reader.exhausted) {
        this.#partial = true;
        // A later restart interval may still be whole; without restarts the rest of the scan is lost.
        if (tables.restartInterval === 0) return;
        unit += tables.restartInterval - (unit % tables.restartInterval) - 1;
      }
    }
  }

  #decodeMacro(
    reader: BitReader,
    scan: JpegScan,
    tables: JpegTables,
    decode: BlockDecoder,
    predictor: Int32Array,
    x: number,
    y: number,
  ): boolean {
    for (let n = 0; n < scan.components.length; n++) {
      const plane = this.#planes[scan.components[n]!.index]!;
      for (let v = 0; v < plane.v; v++) {
        for (let h = 0; h < plane.h; h++) {
          const block = (y * plane.v + v) * plane.blocksPerRow + x * plane.h + h;
          if (!this.#decodeBlock(reader, scan, n, tables, decode, predictor, block)) return false;
        }
      }
    }
    return true;
  }

  #decodeBlock(
    reader: BitReader,
    scan: JpegScan,
    n: number,
    tables: JpegTables,
    decode: BlockDecoder,
    predictor: Int32Array,
    block: number,
  ): boolean {
    const { index, dc, ac } = scan.components[n]!;
    const kept = this.#coefficients[index];
    if (kept) return decode(reader, tables.dc[dc], tables.ac[ac], predictor, index, kept, 64 * block);
    const single = this.#single.fill(0);
    const fine = decode(reader, tables.dc[dc], tables.ac[ac], predictor, index, single, 0);
    this.#paint(index, block, single, 0);
    return fine;
  }

  /** Dequantises, transforms and writes one block into its plane. */
  #paint(component: number, block: number, coefficients: Int16Array, at: number): void {
    const plane = this.#planes[component]!;
    const quantisation = this.#quantisation[component];
    if (!quantisation) return;
    const scratch = this.#scratch;
    for (let k = 0; k < 64; k++) {
      const n = naturalFromZigzag[k]!;
      scratch[n] = coefficients[at + n]! * quantisation[k]!;
    }
    const row = Math.floor(block / plane.blocksPerRow);
    const to = row * 8 * plane.stride + (block % plane.blocksPerRow) * 8;
    inverseDct(scratch, plane.samples, to, plane.stride, this.#header.bitsPerSample);
  }
}
