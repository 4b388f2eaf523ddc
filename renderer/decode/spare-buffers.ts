const roundedTo = 1 << 16;

/**
 * Buffers that are used again: new memory for every slice of a series costs as much as reading it, and is held until the
 * garbage is collected (200 MB for a series of 200 MB).
 */
export class SpareBuffers {
  private readonly free: ArrayBuffer[] = [];
  private readonly keptMost: number;

  constructor(keptMost: number) {
    this.keptMost = keptMost;
  }

  take(leastBytes: number): ArrayBuffer {
    const at = this.free.findIndex((buffer) => buffer.byteLength >= leastBytes);
    // One that is too small goes: sizes change with the series that is read.
    const [found] = this.free.splice(Math.max(0, at), 1);
    return at >= 0 && found
      ? found
      : new ArrayBuffer(Math.max(1, Math.ceil(leastBytes / roundedTo)) * roundedTo);
  }

  give(buffer: ArrayBuffer): void {
    if (this.free.length < this.keptMost) this.free.push(buffer);
  }
}
