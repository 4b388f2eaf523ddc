/**
 * Where a reader gets a file's bytes from, synchronously and at random.
 * `read` gives up to `length` bytes from `offset`; fewer only at the end of the file or when the source
 * delivers in pieces (callers ask again). The returned array may be overwritten by the next `read`.
 */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** A source over bytes already in memory. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
});

const nothing = new Uint8Array(0);
/** Ordinary headers fit the first read; longer ones are read in growing pieces. */
const firstChunkBytes = 8 * 1024;
const largestChunkBytes = 64 * 1024;

/**
 * A window over a source: the part of the file that is in memory now, moved on demand.
 * `bytes[0]` is the byte at file offset `start`.
 */
export class ByteWindow {
  bytes: Uint8Array = nothing;
  start = 0;
  readonly size: number;
  readonly #source: ByteSource;
  #chunk = firstChunkBytes;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /**
   * Makes `length` bytes from `offset` available and returns the index of the first in `bytes`,
   * or -1 when the file does not hold them. `chunk` is how much to read at least when a read is needed.
   */
  ensure(offset: number, length: number, chunk = 0): number {
    const index = offset - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return index;
    if (offset + length > this.size) return -1;
    return this.#load(offset, length, chunk);
  }

  /** A copy of the bytes, or undefined when the file does not hold them. */
  copy(offset: number, length: number): Uint8Array | undefined {
    const index = this.ensure(offset, length);
    return index < 0 ? undefined : this.bytes.slice(index, index + length);
  }

  #load(offset: number, length: number, chunk: number): number {
    const least = chunk > 0 ? chunk : this.#chunk;
    if (chunk === 0 && least < largestChunkBytes) this.#chunk = least * 2;
    const want = Math.min(this.size - offset, Math.max(length, least));
    let got = this.#source.read(offset, want);
    if (got.length < length) {
      const whole = new Uint8Array(want);
      let filled = 0;
      while (filled < length) {
        if (filled > 0) got = this.#source.read(offset + filled, want - filled);
        if (got.length === 0) return -1;
        whole.set(got, filled);
        filled += got.length;
      }
      got = whole.subarray(0, filled);
    }
    this.bytes = got;
    this.start = offset;
    return 0;
  }
}
