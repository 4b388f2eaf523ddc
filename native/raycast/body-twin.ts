import type { BodyRule } from '../types.ts';

/** Number of the first value of the body from one end on; Infinity where there is none. */
function edgeOf(
  values: readonly number[],
  { samples, endSamples, leastTissue, leastInside }: BodyRule,
): number {
  const isTissue = values.map((value) => value >= leastTissue);
  const run = values.findIndex(
    (_, n) => n + samples <= values.length && isTissue.slice(n, n + samples).every(Boolean),
  );
  const others = [...values.keys()].filter((n) => values[n]! < leastTissue).slice(0, endSamples);
  const mean = others.reduce((sum, n) => sum + values[n]!, 0) / endSamples;
  const isCut = others.length === endSamples && mean >= leastInside;
  // Whichever of the two shows first.
  if (isCut && (run < 0 || others.at(-1)! < run + samples - 1)) return 0;
  return run < 0 ? Number.POSITIVE_INFINITY : run;
}

/** Numbers of the first and last value within the body; `known`: ends that are within it anyway. */
export function bodyTwin(
  values: readonly number[],
  rule: BodyRule,
  known: readonly [boolean, boolean],
): readonly [number, number] {
  const last = values.length - 1;
  const first = known[0] ? 0 : edgeOf(values, rule);
  const behind = known[1] ? 0 : edgeOf(values.toReversed(), rule);
  return Number.isFinite(first + behind) ? [first, last - behind] : [0, last];
}

/** Whether from (i, j) of a slice each way along its rows and columns meets the body. */
export function surroundedTwin(
  valueAt: (i: number, j: number) => number,
  size: readonly [number, number],
  from: readonly [number, number],
  { voxels, voxelStrides, leastTissue }: BodyRule,
): boolean {
  return ([0, 1] as const).every((axis) =>
    [1, -1].every((sign) => {
      const by = sign * voxelStrides[axis];
      const way: boolean[] = [];
      for (let at = from[axis]; at >= 0 && at < size[axis]; at += by)
        way.push((axis === 0 ? valueAt(at, from[1]) : valueAt(from[0], at)) >= leastTissue);
      return way.map(Number).join('').includes('1'.repeat(voxels[axis]));
    }),
  );
}
