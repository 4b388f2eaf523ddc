import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** All that can be given back, in 0.1 s or more, or nearly all in a third of that. */
export type Thoroughness = 'last-resort' | 'regular';
type Collect = (options: { readonly type: 'major'; readonly flavor: Thoroughness }) => void;

let collect: Collect | undefined;

/** Gives back what this thread has dropped: an engine left to itself keeps it until there is work again. */
export function collectGarbage(flavor: Thoroughness): void {
  // Only contexts that are made from now on have the function.
  setFlagsFromString('--expose-gc');
  collect ??= runInNewContext('gc') as Collect;
  collect({ type: 'major', flavor });
}

/** Calls to workers that leave enough behind; the rehearsal makes some 70. */
const worthCalls = 50;
const lookEveryMs = 1000;
const quietMs = 2000;

export interface Threads {
  /** Calls that workers have answered. */
  readonly answered: () => number;
  readonly collect: () => void;
}

/**
 * After work (an import, a night of receiving, the rehearsal) garbage is a third of what a host holds: it is given back once
 * nothing has been done for a while. The answer ends it.
 */
export function collectWhenQuiet(threads: Threads, quietForMs: () => number): () => void {
  let collectedAt = 0;
  let before = 0;
  const timer = setInterval(() => {
    const answered = threads.answered();
    const isQuiet = answered === before && quietForMs() >= quietMs;
    before = answered;
    if (!isQuiet || answered - collectedAt < worthCalls) return;
    collectedAt = answered;
    threads.collect();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
