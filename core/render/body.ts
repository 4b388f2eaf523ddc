import type { Vec3 } from '../geometry/types.ts';
import type { BodyRule, Rescale } from './types.ts';

/** What counts as tissue, and how much of it in a row as the body: a table top or a blanket is thinner. */
const leastTissueHu = -500;
const bodyMm = 8;
/** A ray whose first centimetres are denser than air on average, tissue apart, starts within the body: in a cut lung. */
const leastInsideHu = -940;
const endMm = 16;
/** Apart from each other, samples that look for the body. */
const lookMm = 1.6;

/** The rule for stored values that are HU by `rescale`, for samples every `stepMm`; none where the slope is not positive. */
export function bodyRule(
  { slope, intercept }: Rescale,
  stepMm: number,
  [columnMm, rowMm]: Vec3,
): BodyRule | undefined {
  if (!(slope > 0)) return undefined;
  const strideOf = (everyMm: number): number => Math.max(1, Math.round(lookMm / everyMm));
  const count = (mm: number, everyMm: number): number =>
    Math.max(1, Math.ceil(mm / (everyMm * strideOf(everyMm))));
  return {
    stride: strideOf(stepMm),
    samples: count(bodyMm, stepMm),
    endSamples: count(endMm, stepMm),
    voxels: [count(bodyMm, columnMm), count(bodyMm, rowMm)],
    voxelStrides: [strideOf(columnMm), strideOf(rowMm)],
    leastTissue: (leastTissueHu - intercept) / slope,
    leastInside: (leastInsideHu - intercept) / slope,
  };
}

/** The first value of the body from one end on; `values.length` where there is none. */
function beginning(values: readonly number[], rule: BodyRule): number {
  let run = 0;
  let seen = 0;
  let sum = 0;
  for (const [n, value] of values.entries()) {
    run = value >= rule.leastTissue ? run + 1 : 0;
    if (run === rule.samples) return n - rule.samples + 1;
    if (!(value < rule.leastTissue) || seen === rule.endSamples) continue;
    sum += value;
    seen += 1;
    if (seen === rule.endSamples && sum >= rule.endSamples * rule.leastInside) return 0;
  }
  return values.length;
}

/** Ends that lie within an end slice's body (`isSurrounded`): nothing is looked for from there. */
export interface KnownEnds {
  readonly first: boolean;
  readonly last: boolean;
}

/** The first and last of a ray's values (NaN = no data) that lie within the body; all of them where it meets none. */
export function withinBody(
  values: readonly number[],
  rule: BodyRule,
  known: KnownEnds = { first: false, last: false },
): readonly [number, number] {
  const end = values.length - 1;
  const first = known.first ? 0 : beginning(values, rule);
  const behind = known.last ? 0 : beginning(values.toReversed(), rule);
  return first > end || behind > end ? [0, end] : [first, end - behind];
}

/** Whether from voxel (i, j) of a slice every way along its rows and columns meets the body. */
export function isSurrounded(
  valueAt: (i: number, j: number) => number,
  [columns, rows]: readonly [number, number],
  [i, j]: readonly [number, number],
  rule: BodyRule,
): boolean {
  const meets = (axis: 0 | 1, by: 1 | -1): boolean => {
    const at = [i, j];
    for (
      let run = 0;
      at[axis]! >= 0 && at[axis]! < [columns, rows][axis]!;
      at[axis]! += by * rule.voxelStrides[axis]
    ) {
      run = valueAt(at[0]!, at[1]!) >= rule.leastTissue ? run + 1 : 0;
      if (run === rule.voxels[axis]) return true;
    }
    return false;
  };
  return meets(0, 1) && meets(0, -1) && meets(1, 1) && meets(1, -1);
}
