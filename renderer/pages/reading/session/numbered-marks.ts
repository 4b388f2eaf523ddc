import { useMemo } from 'react';
import type { Annotations } from '../../../../core/measure/annotations.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import { useReading } from '../use-words.ts';
import type { ReadingSession } from './reading-session.ts';
import type { ReadingState } from './reading-state.ts';

const keyOf = (sopInstanceUID: string, frame: number): string => `${sopInstanceUID} ${frame}`;
const numbersOf = new WeakMap<SeriesPlan, ReadonlyMap<string, number>>();

/** Numbers of the images of a series as corners say them; pictures of a mosaic share a frame, and have none here. */
function numbersIn(plan: SeriesPlan): ReadonlyMap<string, number> {
  const known = numbersOf.get(plan);
  if (known) return known;
  const numbers = new Map<string, number>();
  for (const group of plan.groups) {
    const stack = { count: group.frames.length, group };
    for (const [k, index] of group.frames.entries()) {
      const frame = plan.frames[index];
      const instance = frame && plan.instances[frame.instance];
      if (!frame || !instance || frame.tile) continue;
      const key = keyOf(instance.sopInstanceUID, frame.frame);
      if (!numbers.has(key)) numbers.set(key, imageNumber(stack, k));
    }
  }
  numbersOf.set(plan, numbers);
  return numbers;
}

function numbered(mark: Measurement, opened: ReadingState['opened']): Measurement {
  const { anchor } = mark;
  const status = opened[mark.seriesKey];
  if (anchor.kind !== 'image' || status?.kind !== 'open') return mark;
  const n = numbersIn(status.series.plan).get(keyOf(anchor.sopInstanceUID, anchor.frame));
  return n === undefined || n === mark.imageNumber ? mark : { ...mark, imageNumber: n };
}

/** Marks with the numbers that their images have now: more images of a series may have come since they were drawn. */
export function numberedMarks({
  annotations,
  opened,
}: Pick<ReadingState, 'annotations' | 'opened'>): Annotations {
  const items = annotations.items.map((mark) => numbered(mark, opened));
  return items.every((mark, n) => mark === annotations.items[n]) ? annotations : { ...annotations, items };
}

export function useMarks(session: ReadingSession): Annotations {
  const annotations = useReading(session, (s) => s.annotations);
  const opened = useReading(session, (s) => s.opened);
  return useMemo(() => numberedMarks({ annotations, opened }), [annotations, opened]);
}
