/** Deterministic numbers: everything random in the phantom comes from integer hashes of a seed. */

/** 32-bit finaliser of MurmurHash3: every input bit flips about half of the output bits. */
export function hash32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of numbers in [0, 1) for a seed. */
export function randomStream(seed: number): () => number {
  let counter = hash32(seed ^ 0x9e3779b9);
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    return hash32(counter) / 4294967296;
  };
}

/** Sum of four uniform bytes: mean 510, standard deviation √(4·(256²−1)/12) = 147.80. */
const byteSumMean = 510;
const byteSumSd = Math.sqrt((4 * (256 * 256 - 1)) / 12);

/** Nearly normal deviate (mean 0, SD 1, |value| ≤ 3.45) of one voxel; the same for each run. */
export function voxelNoise(seed: number, voxel: number): number {
  const h = hash32((voxel + Math.imul(seed, 0x27d4eb2f)) | 0);
  const sum = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24);
  return (sum - byteSumMean) / byteSumSd;
}
