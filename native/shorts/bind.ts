import { kernelImports } from '../kernels.ts';

/** Stored cells to int16 values; see shorts.as.ts. */
export interface ShortsNumbers {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly intercept: number;
  readonly low: number;
  readonly high: number;
}

/** The first page is the compiler's. */
const at = 65536;
const pageBytes = 65536;
/** 512 MiB: no frame is larger. */
const pagesMost = 8192;

/**
 * The kernel in a memory of its own, which cells are copied into and values out of. Throws RangeError for frames beyond
 * 512 MiB.
 */
export function bindShorts(module: WebAssembly.Module) {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: pagesMost, shared: true });
  const { shorts } = new WebAssembly.Instance(module, kernelImports(memory)).exports;
  if (typeof shorts !== 'function') throw new TypeError('kernel shorts is missing');
  const run = shorts as (...numbers: number[]) => number;
  return (cells: Uint8Array, rule: ShortsNumbers, out: Int16Array): { min: number; max: number } => {
    const count = out.length;
    const missing = at + count * 2 + 16 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    new Uint8Array(memory.buffer, at, count * 2).set(cells.subarray(0, count * 2));
    const { bitsStored, highBit, signed, intercept, low, high } = rule;
    const range = run(at, count, 15 - highBit, 16 - bitsStored, signed ? 1 : 0, intercept, low, high);
    out.set(new Int16Array(memory.buffer, at, count));
    return { min: (range << 16) >> 16, max: range >> 16 };
  };
}
