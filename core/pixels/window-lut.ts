import { type ModalityTransform, modalityValue } from './modality.ts';
import type { SampleArray } from './types.ts';

/** Grey by stored value, for cells of 8 or 16 bits: `table[value & 0xffff]`. */
export type WindowLut = Uint8Array;

/**
 * One table from stored value to grey: modality transform, VOI and presentation in one step, so that painting
 * is a single look-up a pixel. Only the entries of `range` are filled.
 * @param grey of a modality value, 0 … 255 (`greyFunction`).
 */
export function buildWindowLut(
  range: { readonly min: number; readonly max: number },
  transform: ModalityTransform,
  grey: (value: number) => number,
): WindowLut {
  const table = new Uint8Array(65536);
  for (let stored = range.min; stored <= range.max; stored++) {
    table[stored & 0xffff] = Math.floor(grey(modalityValue(transform, stored)) + 0.5);
  }
  return table;
}

/** Opaque grey RGBA of every stored value (8- or 16-bit cells), as 32-bit words in little-endian order. */
export function paintGrey(stored: SampleArray, table: WindowLut, out: Uint32Array): void {
  for (let n = 0; n < stored.length; n++) out[n] = 0xff000000 | (table[stored[n]! & 0xffff]! * 0x010101);
}

/** The same for cells that no table can index (32-bit, float). */
export function paintGreyDirect(
  stored: SampleArray,
  transform: ModalityTransform,
  grey: (value: number) => number,
  out: Uint32Array,
): void {
  for (let n = 0; n < stored.length; n++) {
    const level = Math.floor(grey(modalityValue(transform, stored[n]!)) + 0.5);
    out[n] = 0xff000000 | ((Number.isNaN(level) ? 0 : level) * 0x010101);
  }
}
