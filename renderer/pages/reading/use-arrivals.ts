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

/** Redraws, at most every `everyMs`, while frames of a stack arrive; once more at the end. */
export function useStackArrivals(stack: OpenStack | undefined, everyMs: number): number {
  const [count, next] = useReducer((n: number) => n + 1, 0);
  const drawnWith = useMemo(() => stack && arrivedOf(stack), [stack]);
  useEffect(() => {
    if (!stack) return;
    // What arrived between drawing and here told nobody; it may have been the last.
    if (arrivedOf(stack) !== drawnWith) next();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let toldMs = Number.NEGATIVE_INFINITY;
    const tell = (): void => {
      clearTimeout(timer);
      timer = undefined;
      toldMs = performance.now();
      next();
    };
    const end = stack.loader.subscribe(() => {
      // Nobody waits to see the first, nor what is whole.
      if (stack.isWhole || performance.now() - toldMs >= everyMs) tell();
      else timer ??= setTimeout(tell, everyMs);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [stack, everyMs, drawnWith]);
  return count;
}
