/** Odd, so that the places go through all columns and rows. */
const sampleMost = 2 ** 18 - 5;

/** Values from evenly spread places of a volume, ascending, without those that are no data. */
export function sortedSample(
  voxels: Int16Array | Float32Array,
  isNoData: (value: number) => boolean,
  most = sampleMost,
): Float32Array {
  const count = Math.min(voxels.length, most);
  const step = voxels.length / count;
  const sample = Float32Array.from({ length: count }, (_, n) => voxels[Math.floor((n + 0.5) * step)]!);
  return sample.filter((value) => !isNoData(value)).sort();
}
