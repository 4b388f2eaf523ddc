import type { ByteWindow } from './byte-source.ts';
import type { ByteRange } from './types.ts';

const nothing = new Uint8Array(0);

/** Fragments as if their bytes stood end to end; only a chunk of them is in memory. */
export class JoinedBytes {
  readonly size: number;
  /** How often `indexOf` was called: what a walk costs. */
  searches = 0;
  readonly #window: ByteWindow;
  readonly #fragments: readonly ByteRange[];
  /** Place of each fragment's first byte among the joined ones. */
  readonly #starts: readonly number[];
  #chunk: Uint8Array = nothing;
  #chunkStart = 0;
  #last = 0;
  readonly #chunkBytes: number;

  constructor(window: ByteWindow, fragments: readonly ByteRange[], chunkBytes = 64 * 1024) {
    let size = 0;
    this.#starts = fragments.map(({ length }) => {
      size += length;
      return size - length;
    });
    this.size = size;
    this.#window = window;
    this.#chunkBytes = chunkBytes;
    this.#fragments = fragments;
  }

  /** The byte at a place; -1 behind the last one. */
  at(place: number): number {
    const index = place - this.#chunkStart;
    if (index >= 0 && index < this.#chunk.length) return this.#chunk[index]!;
    return this.#load(place) ? this.#chunk[0]! : -1;
  }

  u16(place: number): number {
    return this.at(place) * 256 + this.at(place + 1);
  }

  u32(place: number): number {
    return this.u16(place) * 65_536 + this.u16(place + 2);
  }

  /** The first place from `from` on that holds `byte`; `size` when none does. */
  indexOf(byte: number, from: number): number {
    this.searches += 1;
    for (let place = from; place < this.size; ) {
      if (this.at(place) < 0) return this.size;
      const found = this.#chunk.indexOf(byte, place - this.#chunkStart);
      if (found >= 0) return this.#chunkStart + found;
      place = this.#chunkStart + this.#chunk.length;
    }
    return this.size;
  }

  /** Where the bytes from one place up to another lie in the file. */
  ranges(from: number, to: number): readonly ByteRange[] {
    const ranges: ByteRange[] = [];
    for (let n = this.#fragmentAt(from); n < this.#fragments.length && this.#starts[n]! < to; n++) {
      const { offset, length } = this.#fragments[n]!;
      const start = this.#starts[n]!;
      const [first, end] = [Math.max(from, start), Math.min(to, start + length)];
      if (first < end) ranges.push({ offset: offset + first - start, length: end - first });
    }
    return ranges;
  }

  /** The fragment with a place. Places are asked for in rising order, but for a few steps back. */
  #fragmentAt(place: number): number {
    while (this.#last > 0 && this.#starts[this.#last]! > place) this.#last -= 1;
    while (this.#starts[this.#last]! + this.#fragments[this.#last]!.length <= place) this.#last += 1;
    return this.#last;
  }

  #load(place: number): boolean {
    if (place < 0 || place >= this.size) return false;
    const fragment = this.#fragmentAt(place);
    const start = this.#starts[fragment]!;
    const { offset, length } = this.#fragments[fragment]!;
    const wanted = Math.min(this.#chunkBytes, start + length - place);
    const index = this.#window.ensure(offset + place - start, wanted, wanted);
    if (index < 0) return false;
    this.#chunk = this.#window.bytes.slice(index, index + wanted);
    this.#chunkStart = place;
    return true;
  }
}
