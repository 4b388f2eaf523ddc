const slots = 2048;

/** A fixed table from tag to value, quicker than a Map where every element of every file is looked up. */
export class TagTable<T> {
  /** Tags as 32-bit integers; 0 marks a free slot, and (0000,0000) is never a key. */
  readonly #keys = new Int32Array(slots);
  readonly #values: (T | undefined)[] = new Array<T | undefined>(slots).fill(undefined);

  constructor(rows: Iterable<readonly [number, T]>) {
    let count = 0;
    for (const [tag, value] of rows) {
      if (++count > slots / 2) throw new Error('TagTable is too small');
      let slot = place(tag | 0);
      while (this.#keys[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#keys[slot] = tag | 0;
      this.#values[slot] = value;
    }
  }

  get(tag: number): T | undefined {
    const key = tag | 0;
    for (let slot = place(key); ; slot = (slot + 1) & (slots - 1)) {
      const found = this.#keys[slot];
      if (found === key) return this.#values[slot];
      if (found === 0) return undefined;
    }
  }
}

const place = (key: number): number => (key ^ (key >>> 13)) & (slots - 1);
