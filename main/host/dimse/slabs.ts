/** Bytes that go to the disk in one write. */
export const slabBytes = 256 * 1024;
/** Kept for the next data set; the rest is left to the collector. */
const mostKept = 16;

/**
 * Buffers that are used again and again: what a socket gives dies young, and memory stays flat however much comes
 * (reliability.md K1, K3).
 */
const free: Uint8Array[] = [];

export const takeSlab = (): Uint8Array => free.pop() ?? new Uint8Array(slabBytes);

export function giveSlab(slab: Uint8Array): void {
  if (free.length < mostKept) free.push(slab);
}
