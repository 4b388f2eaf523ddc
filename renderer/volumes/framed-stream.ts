/** One frame of a `/pixels` answer: its index in the plan and its encoded fragments. */
export interface FramedFrame {
  readonly frame: number;
  /** Views into the answer's bytes. */
  readonly fragments: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Takes the framed stream of `/pixels/<planId>` (core/contract) apart: for each frame u32 LE index, u32 LE fragment
 * count, u32 LE length per fragment, then the bytes. What follows a frame that is not whole is not answered.
 */
export function* framedFrames(bytes: Uint8Array<ArrayBuffer>): Generator<FramedFrame> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 8 <= bytes.length) {
    const frame = view.getUint32(at, true);
    const count = view.getUint32(at + 4, true);
    const table = at + 8;
    let from = table + count * 4;
    if (from > bytes.length) return;
    const fragments: Uint8Array<ArrayBuffer>[] = [];
    for (let n = 0; n < count; n += 1) {
      const to = from + view.getUint32(table + n * 4, true);
      if (to > bytes.length) return;
      fragments.push(bytes.subarray(from, to));
      from = to;
    }
    yield { frame, fragments };
    at = from;
  }
}
