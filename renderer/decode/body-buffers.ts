/**
 * Bodies of answers, read into buffers that are used again: new memory for every few slices of a series costs as much
 * as reading them, and is held until the garbage is collected (200 MB for a series of 200 MB).
 */
export class BodyBuffers {
  private readonly free: ArrayBuffer[] = [];
  private readonly keptMost: number;

  constructor(keptMost: number) {
    this.keptMost = keptMost;
  }

  /** All of the body; `expectedBytes` saves growing. Give the buffer back when nothing looks at it any more. */
  async read(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    expectedBytes: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader({ mode: 'byob' });
    let buffer = this.take(expectedBytes + 1);
    let length = 0;
    for (;;) {
      // A body's bytes are counted out to the last: an end is only told to a read that has room.
      if (length === buffer.byteLength) buffer = grown(buffer, length);
      const { value, done } = await reader.read(new Uint8Array(buffer, length, buffer.byteLength - length));
      if (value) buffer = value.buffer;
      if (done) return new Uint8Array(buffer, 0, length);
      length += value.byteLength;
    }
  }

  give(buffer: ArrayBuffer): void {
    if (this.free.length < this.keptMost) this.free.push(buffer);
  }

  private take(leastBytes: number): ArrayBuffer {
    const at = this.free.findIndex((buffer) => buffer.byteLength >= leastBytes);
    // One that is too small goes: sizes change with the series that is read.
    const [found] = this.free.splice(Math.max(0, at), 1);
    return at >= 0 && found ? found : new ArrayBuffer(leastBytes);
  }
}

function grown(buffer: ArrayBuffer, length: number): ArrayBuffer {
  const larger = new Uint8Array(Math.max(1 << 16, length * 2));
  larger.set(new Uint8Array(buffer, 0, length));
  return larger.buffer;
}
