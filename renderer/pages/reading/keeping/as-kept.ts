import type { ReadingState } from '../session/reading-state.ts';
import { withSnapshot } from '../session/snapshot.ts';
import type { KeptState } from './kept-state.ts';

/** What of a kept reading comes back before its series are open: all but planes and 3D. */
export const stacksAsKept = (
  state: ReadingState,
  { now, accepted, panels }: KeptState,
): Partial<ReadingState> => ({
  ...withSnapshot(state, { ...now, mode: 'stack', mpr: null }),
  accepted,
  ...panels,
});
