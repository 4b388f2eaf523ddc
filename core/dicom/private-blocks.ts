import type { ByteWindow } from './byte-source.ts';
import { type Flags, tagText } from './flags.ts';
import { latin1, trimmedEnd } from './values.ts';

interface Element {
  readonly offset: number;
  readonly length: number;
}

/** Watches private elements of the top level: each needs a creator that reserved its block (PS3.5 7.8.1). */
export class PrivateBlocks {
  readonly #flags: Flags;
  /** Element numbers of the creators seen in the group at hand. */
  readonly #reserved: number[] = [];
  #group = 0;

  constructor(flags: Flags) {
    this.#flags = flags;
  }

  check(tag: number, element: Element, window: ByteWindow): void {
    const group = Math.floor(tag / 65_536);
    if (group % 2 === 0) return;
    const number = tag % 65_536;
    if (group < 8 || group === 0xffff) {
      this.#flags.add('PRIVATE_INVALID', { tag: tagText(tag) });
      return;
    }
    if (group !== this.#group) {
      this.#group = group;
      this.#reserved.length = 0;
    }
    if (number >= 0x10 && number <= 0xff) {
      const length = Math.min(element.length, 64);
      const index = window.ensure(element.offset, length);
      const end = trimmedEnd(window.bytes, Math.max(0, index), index + length);
      const isNamed = index >= 0 && latin1(window.bytes, index, end).trim() !== '';
      if (!isNamed || this.#reserved.includes(number))
        this.#flags.add('PRIVATE_INVALID', { tag: tagText(tag) });
      this.#reserved.push(number);
    } else if (number >= 0x1000 && !this.#reserved.includes(number >> 8)) {
      this.#flags.add('PRIVATE_INVALID', { tag: tagText(tag) });
    }
  }
}
