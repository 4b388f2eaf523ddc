/** Smaller ones are cheap to make and would only crowd out the others. */
const leastBytes = 64 * 1024;

/**
 * Buffers of encoded frames that were decoded, for the next frames of the same size. New memory for every frame of a
 * series costs as much as reading it, and is held until the garbage is collected.
 */
export class FrameBuffers {
  private readonly capBytes: number;
  private readonly free: ArrayBuffer[] = [];
  private heldBytes = 0;

  constructor(capBytes: number) {
    this.capBytes = capBytes;
  }

  /** Exactly `sizeBytes`; what it holds is of no meaning. */
  take(sizeBytes: number): ArrayBuffer {
    const at = this.free.findLastIndex((buffer) => buffer.byteLength === sizeBytes);
    const [found] = at < 0 ? [] : this.free.splice(at, 1);
    this.heldBytes -= found?.byteLength ?? 0;
    return found ?? new ArrayBuffer(sizeBytes);
  }

  /** Only a buffer that nothing else looks at. Beyond the cap the oldest go. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength < leastBytes || buffer.byteLength > this.capBytes) return;
    this.free.push(buffer);
    this.heldBytes += buffer.byteLength;
    while (this.heldBytes > this.capBytes) this.heldBytes -= this.free.shift()?.byteLength ?? this.heldBytes;
  }
}

/** Of the page. */
export const frameBuffers = new FrameBuffers(32 * 2 ** 20);
