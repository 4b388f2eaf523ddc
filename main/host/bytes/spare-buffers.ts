/** Nothing was read for so long: what is kept goes. */
const keptMs = 3000;
const roundedTo = 64 * 1024;
/** A buffer more than this many times too large stays for what it was made for. */
const looseMost = 4;

/**
 * Buffers that are used again. New memory for each slice of a series costs more than reading it: pages to be made, and the
 * garbage collector, which looks through everything for each few of them.
 */
export class SpareBuffers {
  readonly #kept: ArrayBuffer[] = [];
  readonly #keptMostBytes: number;
  #keptBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(keptMostBytes: number) {
    this.#keptMostBytes = keptMostBytes;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** `length` bytes with anything in them. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#kept.findIndex(
      ({ byteLength }) => byteLength >= length && byteLength <= length * looseMost + roundedTo,
    );
    const [found] = at < 0 ? [] : this.#kept.splice(at, 1);
    if (found) this.#keptBytes -= found.byteLength;
    return new Uint8Array(found ?? new ArrayBuffer(Math.ceil(length / roundedTo) * roundedTo), 0, length);
  }

  /** What `take` gave, when nobody looks at it any more. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    const { byteLength } = buffer;
    if (byteLength < roundedTo || this.#keptBytes + byteLength > this.#keptMostBytes) return;
    this.#kept.push(buffer);
    this.#keptBytes += byteLength;
    this.#timer ??= setTimeout(() => this.#drop(), keptMs).unref();
    this.#timer.refresh();
  }

  #drop(): void {
    this.#kept.length = 0;
    this.#keptBytes = 0;
    this.#timer = undefined;
  }
}
