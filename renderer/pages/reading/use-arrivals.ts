import { useEffect, useMemo, useReducer } from 'react';
import type { OpenStack } from '../../volumes/open-stack.ts';

/** Redraws when the state of frame k of a stack changes. Answers a number that counts the changes. */
export function useFrameArrival(stack: OpenStack | undefined, k: number): number {
  const [count, next] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (!stack) return;
    return stack.loader.subscribe((arrived) => {
      if (arrived === k) next();
    });
  }, [stack, k]);
  return count;
}

const arrivedOf = (stack: OpenStack): string => `${stack.loader.store.settled} ${stack.isWhole}`;

/** Redraws while frames of a stack arrive, with all others that show it, and once more at the end. */
export function useStackArrivals(stack: OpenStack | undefined): number {
  const [count, next] = useReducer((n: number) => n + 1, 0);
  const drawnWith = useMemo(() => stack && arrivedOf(stack), [stack]);
  useEffect(() => {
    if (!stack) return;
    // What arrived between drawing and here told nobody; it may have been the last.
    if (arrivedOf(stack) !== drawnWith) next();
    return stack.arrivals.subscribe(next);
  }, [stack, drawnWith]);
  return count;
}
