import { useId, useMemo } from 'react';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useWords } from '../use-words.ts';
import { interpolatedBands } from './interpolated-bands.ts';
import type { PlacedPlane } from './mpr-picture.ts';
import type { MprView } from './mpr-view.ts';
import './interpolated.css';

/** How far the hatching reaches into the picture, CSS pixels: told at its sides, the pixels stay to be read. */
const stripPx = 9;

/** Hatches the sides of a plane where it lies between acquired slices that are too far apart. */
export function InterpolatedLayer({
  view,
  name,
  stack,
  placed,
}: {
  readonly view: MprView;
  readonly name: PlaneName;
  readonly stack: OpenStack;
  readonly placed: PlacedPlane;
}) {
  const words = useWords();
  const id = useId();
  const { missing } = stack.group.verdict;
  const { slabMm } = view.state.planes[name];
  const bands = useMemo(
    () => interpolatedBands(view.geometry, missing, placed, slabMm),
    [view.geometry, missing, placed, slabMm],
  );
  if (bands.length === 0) return null;
  const gapImages = (after: number) => [after - 1, after].map((k) => imageNumber(stack, k));
  const { cssWidth: width, cssHeight: height } = placed.size;
  const inner = `M${stripPx} ${stripPx}V${height - stripPx}H${width - stripPx}V${stripPx}Z`;
  return (
    <svg className="marks filled" width={width} height={height} aria-hidden="true">
      <defs>
        <pattern
          id={`${id}h`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className="gap-back" />
          <rect width="2.5" height="6" className="gap-line" />
        </pattern>
        <clipPath id={`${id}c`}>
          <path clipRule="evenodd" d={`M0 0H${width}V${height}H0Z${inner}`} />
        </clipPath>
      </defs>
      <g clipPath={`url(#${id}c)`}>
        {bands.map(({ missing: gap, corners }) => (
          <polygon
            key={gap.after}
            data-gap={gap.after}
            data-tip={words('reading.gapTip', {
              mm: fixed(gap.gapMm, 1),
              from: Math.min(...gapImages(gap.after)),
              to: Math.max(...gapImages(gap.after)),
            })}
            fill={`url(#${id}h)`}
            points={corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
          />
        ))}
      </g>
    </svg>
  );
}
