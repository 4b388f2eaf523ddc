import type { ValueRange } from '../../../../core/analysis/mask/threshold.ts';
import { valueOfUnit } from '../../../../core/scene/body-percentile.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';

/** Less than this in 1 mm is not seen. */
const leastOpacity = 0.02;
/** Part of a projection's window, from its dark end, that is not seen. */
const darkShare = 0.25;

/** The values that a 3D picture shows; what hangs together in them is what a click means. */
export function seenRange(
  { mode, transfer, shiftHu, window }: VolumeScene,
  valueAtPercent: (percentile: number) => number,
): ValueRange {
  if (mode !== 'composite') {
    if (window.kind === 'table') return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const low = window.centre - window.width / 2 + darkShare * window.width;
    return mode === 'minip'
      ? { low: Number.NEGATIVE_INFINITY, high: low + (1 - 2 * darkShare) * window.width }
      : { low, high: Number.POSITIVE_INFINITY };
  }
  const modalityOf = valueOfUnit(transfer.unit, valueAtPercent);
  const points = transfer.opacity.map(({ value, opacity }) => ({
    value: modalityOf(value) + shiftHu,
    opacity,
  }));
  const low = edgeOf(points) ?? Number.NEGATIVE_INFINITY;
  const high = edgeOf(points.toReversed()) ?? Number.POSITIVE_INFINITY;
  return low <= high ? { low, high } : { low: high, high: low };
}

/** Where the opacity first reaches what is seen; undefined where it does so from the first point on. */
function edgeOf(points: readonly { readonly value: number; readonly opacity: number }[]): number | undefined {
  const first = points.findIndex(({ opacity }) => opacity > leastOpacity);
  const b = points[first];
  const a = points[first - 1];
  if (!a || !b) return undefined;
  return a.value + ((leastOpacity - a.opacity) / (b.opacity - a.opacity)) * (b.value - a.value);
}
