/** Limits for untrusted bytes (reliability.md, section C). */
export const limits = {
  fileBytes: 32 * 1024 ** 3,
  headerBytes: 512 * 1024 ** 2,
  valueBytes: 256 * 1024 ** 2,
  indexTextCharacters: 1024,
  /** Longest text value of which more than its first part is looked at. */
  textBytes: 64 * 1024,
  nesting: 64,
  elements: 2_000_000,
  itemsInSequence: 500_000,
  deflatedBytes: 4 * 1024 ** 3,
  deflatedFreeBytes: 256 * 1024 ** 2,
  deflatedRatio: 200,
  frames: 1_000_000,
  fragments: 4_000_000,
  framePixels: 2 ** 28,
  frameBytes: 1024 ** 3,
  lutEntries: 65_536,
  luts: 64,
} as const;
