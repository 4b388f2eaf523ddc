import type { BitReader, HuffmanTable } from './bit-reader.ts';
import { naturalFromZigzag } from './idct.ts';

/**
 * Decodes one 8×8 block of a scan into `block` (64 quantised coefficients, row-major, at `at`).
 * `predictor[0]` is the component's running DC value. Returns false when the bits make no sense.
 */
export type BlockDecoder = (
  reader: BitReader,
  dc: HuffmanTable | undefined,
  ac: HuffmanTable | undefined,
  predictor: Int32Array,
  slot: number,
  block: Int16Array,
  at: number,
) => boolean;

/** Baseline and extended sequential (T.81 F.2.2). */
export const sequentialBlock: BlockDecoder = (reader, dc, ac, predictor, slot, block, at) => {
  const size = reader.symbol(dc!);
  if (size < 0 || size > 15) return false;
  if (size > 0) predictor[slot] = predictor[slot]! + reader.takeSigned(size);
  block[at] = predictor[slot]!;
  for (let k = 1; k < 64; k++) {
    const symbol = reader.symbol(ac!);
    if (symbol < 0) return false;
    const bits = symbol & 15;
    if (bits === 0) {
      if (symbol !== 0xf0) break;
      k += 15;
      continue;
    }
    k += symbol >> 4;
    if (k > 63) return false;
    block[at + naturalFromZigzag[k]!] = reader.takeSigned(bits);
  }
  return true;
};

/** Progressive: first pass and refinement of DC (T.81 G.1.2.1). */
export function progressiveDc(high: number, low: number): BlockDecoder {
  if (high > 0) {
    return (reader, _dc, _ac, _predictor, _slot, block, at) => {
      if (reader.take(1)) block[at] = block[at]! | (1 << low);
      return true;
    };
  }
  return (reader, dc, _ac, predictor, slot, block, at) => {
    const size = reader.symbol(dc!);
    if (size < 0 || size > 15) return false;
    if (size > 0) predictor[slot] = predictor[slot]! + reader.takeSigned(size);
    block[at] = predictor[slot]! << low;
    return true;
  };
}

/** End-of-band run of a progressive AC scan; belongs to the scan and is reset at restarts. */
export interface BandRun {
  left: number;
}

/** Progressive: first pass of one AC band (T.81 G.1.2.2). */
export function progressiveAcFirst(start: number, end: number, low: number, run: BandRun): BlockDecoder {
  return (reader, _dc, ac, _predictor, _slot, block, at) => {
    if (run.left > 0) {
      run.left -= 1;
      return true;
    }
    for (let k = start; k <= end; k++) {
      const symbol = reader.symbol(ac!);
      if (symbol < 0) return false;
      const [zeros, bits] = [symbol >> 4, symbol & 15];
      if (bits === 0) {
        if (zeros < 15) {
          run.left = (1 << zeros) - 1 + reader.take(zeros);
          break;
        }
        k += 15;
        continue;
      }
      k += zeros;
      if (k > 63) return false;
      block[at + naturalFromZigzag[k]!] = reader.takeSigned(bits) << low;
    }
    return true;
  };
}

/** Progressive: refinement of one AC band (T.81 G.1.2.3). */
export function progressiveAcRefine(start: number, end: number, low: number, run: BandRun): BlockDecoder {
  const plus = 1 << low;
  const refine = (reader: BitReader, block: Int16Array, n: number): void => {
    const value = block[n]!;
    if (reader.take(1) && (value & plus) === 0) block[n] = value >= 0 ? value + plus : value - plus;
  };
  return (reader, _dc, ac, _predictor, _slot, block, at) => {
    let k = start;
    if (run.left === 0) {
      for (; k <= end; k++) {
        const symbol = reader.symbol(ac!);
        if (symbol < 0) return false;
        let zeros = symbol >> 4;
        const bits = symbol & 15;
        let fresh = 0;
        if (bits > 1) return false;
        if (bits === 1) fresh = reader.take(1) ? plus : -plus;
        else if (zeros < 15) {
          run.left = (1 << zeros) + reader.take(zeros);
          break;
        }
        for (; k <= end; k++) {
          const n = at + naturalFromZigzag[k]!;
          if (block[n] !== 0) refine(reader, block, n);
          else if (zeros-- === 0) {
            if (fresh !== 0) block[n] = fresh;
            break;
          }
        }
      }
    }
    if (run.left > 0) {
      for (; k <= end; k++) {
        const n = at + naturalFromZigzag[k]!;
        if (block[n] !== 0) refine(reader, block, n);
      }
      run.left -= 1;
    }
    return true;
  };
}
