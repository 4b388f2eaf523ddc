const everyMs = 10_000;
/** In a row: one alone may be a machine that slept, or was too busy to look. */
const mostMissed = 3;

/**
 * Asks a thread for a sign of life, and tells once when none came for half a minute: it hangs, and would hold its
 * peers for ever. Answers how to stop.
 */
export function watchPulse(ask: () => Promise<unknown>, onDead: () => void): () => void {
  let isAsked = false;
  let missed = 0;
  const timer = setInterval(() => {
    if (isAsked) {
      missed += 1;
      if (missed < mostMissed) return;
      clearInterval(timer);
      onDead();
      return;
    }
    isAsked = true;
    missed = 0;
    const answered = (): void => {
      isAsked = false;
    };
    // One that ended is somebody else's concern.
    ask().then(answered, answered);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
