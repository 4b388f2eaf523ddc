/** Bytes that grow, with lengths that are filled in behind what they count. Big endian, as PS3.8 has it. */
export class ByteBuilder {
  #bytes = new Uint8Array(512);
  #size = 0;

  #room(count: number): number {
    const at = this.#size;
    const size = at + count;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#size = size;
    return at;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }

  zeros(count: number): void {
    const at = this.#room(count);
    this.#bytes.fill(0, at, this.#size);
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
  }

  /** One byte a character; what does not fit one becomes "?". */
  text(value: string): void {
    const at = this.#room(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      this.#bytes[at + i] = code > 0xff ? 0x3f : code;
    }
  }

  /** Runs `fill`, then writes how many bytes it added into 2 bytes before them. */
  counted16(fill: () => void): void {
    const at = this.#room(2);
    fill();
    const count = this.#size - at - 2;
    if (count > 0xffff) throw new Error('An item of a PDU holds at most 65535 bytes');
    this.#bytes[at] = count >>> 8;
    this.#bytes[at + 1] = count;
  }

  /** Same with 4 bytes. */
  counted32(fill: () => void): void {
    const at = this.#room(4);
    fill();
    new DataView(this.#bytes.buffer).setUint32(at, this.#size - at - 4);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }
}
