import { type Problem, problem } from '../base/problem.ts';
import type { VolumeScene } from './types.ts';

/** Smallest and largest modality value of a volume. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * Whether a shaded picture of a volume is empty wherever it is looked from: every value of it lies where the transfer
 * function is transparent. Percentiles follow the values, and projections show them all.
 */
export function showsNothing({ mode, transfer, shiftHu, fusion }: VolumeScene, range: Range): boolean {
  if (mode !== 'composite' || transfer.unit !== 'modality' || fusion) return false;
  const points = transfer.opacity;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return true;
  const ends = [
    { ...first, value: Number.NEGATIVE_INFINITY },
    ...points,
    { ...last, value: Number.POSITIVE_INFINITY },
  ];
  const [min, max] = [range.min - shiftHu, range.max - shiftHu];
  return !ends.some((point, n) => {
    const next = ends[n + 1];
    const isSeen = next !== undefined && (point.opacity > 0 || next.opacity > 0);
    return isSeen && point.value < max && next.value > min;
  });
}

const short = (value: number): number => Number(value.toPrecision(4));

/** PRESET_SHOWS_NOTHING where that is so: black must not be taken for air. */
export const emptyPicture = (scene: VolumeScene, range: Range): Problem | null =>
  showsNothing(scene, range)
    ? problem('PRESET_SHOWS_NOTHING', { min: short(range.min), max: short(range.max) })
    : null;
