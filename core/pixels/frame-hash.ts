import type { DecodedFrame } from './types.ts';

/**
 * The bytes of a frame in the hash convention of shared/data/README.md: samples interleaved, little endian, no
 * pad byte; one-bit pixels as one byte each; uncompressed 4:2:2 as stored. Frames are hashed one after another.
 * `cells` gives the manifest's `sha256`, `masked` its `sha256Masked`.
 */
export function frameHashBytes(frame: DecodedFrame, which: 'cells' | 'masked'): Uint8Array {
  const { buffer, byteOffset, byteLength } =
    which === 'masked' ? (frame.cleared ?? frame.masked) : frame.cells;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
