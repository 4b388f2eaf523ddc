import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../app/client.ts';

/** Places along a thumbnail that show a slice of their own. */
const stepsAtMost = 24;

export interface Scrub {
  /** The slice under the pointer; null while there is none. */
  readonly address: string | null;
  /** Where the pointer is, 0…1 of the series; null when it is elsewhere. */
  readonly part: number | null;
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  onPointerLeave(): void;
}

/** Moving the pointer over a thumbnail runs through its series (pages.md). One slice is asked for at a time. */
export function useScrub(seriesKey: string, sizePx: number, count: number): Scrub {
  const [address, setAddress] = useState<string | null>(null);
  const [part, setPart] = useState<number | null>(null);
  const slices = useRef(new Map<number, string>());
  const wanted = useRef<number | null>(null);
  const isBusy = useRef(false);
  const steps = Math.min(stepsAtMost, count);

  useEffect(() => {
    const kept = slices.current;
    return () => {
      wanted.current = null;
      for (const slice of kept.values()) URL.revokeObjectURL(slice);
      kept.clear();
    };
  }, []);

  const load = useCallback(async () => {
    if (isBusy.current) return;
    isBusy.current = true;
    while (wanted.current !== null && !slices.current.has(wanted.current)) {
      const step = wanted.current;
      const at = ((step + 0.5) / steps).toFixed(4);
      const path = `/thumb/${encodeURIComponent(seriesKey)}?size=${sizePx}&at=${at}`;
      const response = await client()
        .fetchBytes(path)
        .catch(() => null);
      if (!response?.ok) break;
      slices.current.set(step, URL.createObjectURL(await response.blob()));
    }
    isBusy.current = false;
    const shown = wanted.current === null ? undefined : slices.current.get(wanted.current);
    if (shown !== undefined) setAddress(shown);
  }, [seriesKey, sizePx, steps]);

  const onPointerMove = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      if (steps < 2 || event.pointerType !== 'mouse') return;
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const step = Math.min(steps - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * steps)));
      if (wanted.current === step) return;
      wanted.current = step;
      setPart((step + 0.5) / steps);
      void load();
    },
    [steps, load],
  );
  const onPointerLeave = useCallback(() => {
    wanted.current = null;
    setAddress(null);
    setPart(null);
  }, []);
  return { address, part, onPointerMove, onPointerLeave };
}
