import type { ByteWindow } from './byte-source.ts';
import type { Flags } from './flags.ts';
import { limits } from './limits.ts';

/** How a walk over fragments ended. */
export interface FragmentWalk {
  /** First byte after the pixel data element. */
  readonly end: number;
  readonly tooMany: boolean;
}

/** Small reads: between item headers the bytes are skipped. */
const headerChunkBytes = 256;

/**
 * Walks the items of encapsulated pixel data from `start` (after the element's header): offset table first, then
 * fragments (PS3.5 A.4). Only item headers are read. Flags PIXEL_UNTERMINATED, PIXEL_TRUNCATED, DELIMITER_LENGTH.
 */
export function walkFragments(
  window: ByteWindow,
  start: number,
  flags: Flags,
  onItem: (offset: number, length: number) => void,
): FragmentWalk {
  let at = start;
  let count = 0;
  // Items are little endian (PS3.5 A.4); who put them into a big endian data set may have turned them as well.
  let isBig = false;
  for (;;) {
    const index = window.ensure(at, 8, headerChunkBytes);
    if (index < 0) {
      flags.add('PIXEL_UNTERMINATED');
      return { end: window.size, tooMany: false };
    }
    const { bytes } = window;
    if (count === 0) isBig = bytes[index] === 0xff && bytes[index + 1] === 0xfe;
    // The place of the lower byte in each pair, and of the lowest in a length.
    const [low, lowest] = isBig ? [1, 3] : [0, 0];
    const isDelimiter =
      bytes[index + low] === 0xfe && bytes[index + 1 - low] === 0xff && bytes[index + 3 - low] === 0xe0;
    const element = bytes[index + 2 + low]!;
    const at4 = index + 4;
    const length =
      bytes[at4 + lowest]! +
      bytes[at4 + (lowest ^ 1)]! * 256 +
      bytes[at4 + (lowest ^ 2)]! * 65536 +
      bytes[at4 + (lowest ^ 3)]! * 16777216;
    if (isDelimiter && element === 0xdd) {
      if (length !== 0) flags.add('DELIMITER_LENGTH');
      return { end: at + 8, tooMany: false };
    }
    if (!isDelimiter || element !== 0) {
      flags.add('PIXEL_UNTERMINATED');
      return { end: at, tooMany: false };
    }
    if (++count > limits.fragments + 1) return { end: at, tooMany: true };
    if (at + 8 + length > window.size) {
      flags.add('PIXEL_TRUNCATED');
      onItem(at + 8, window.size - at - 8);
      return { end: window.size, tooMany: false };
    }
    onItem(at + 8, length);
    at += 8 + length;
  }
}
