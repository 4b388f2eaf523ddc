import type { Writable } from 'node:stream';

/** Text that waits for its reader at most; some 20,000 lines of `receive --json`. */
const heldBytes = 4 * 1024 * 1024;
/** How long an end waits for a reader that does not read. */
const endMs = 2000;

/** Lines for a program that may read them late, or never: whoever writes them goes on. */
export interface LineStream {
  write(line: string): void;
  /** Waits for what is still held, but not for long: then it is let go. */
  end(): Promise<void>;
}

/**
 * Lines into a stream that takes them in its own time. Beyond the bound they are left out, and once there is room again
 * one line says how many were (`leftOut`).
 */
export function lineStream(
  sink: Writable,
  leftOut: (lines: number) => string,
  limits: { readonly heldBytes: number; readonly endMs: number } = { heldBytes, endMs },
): LineStream {
  let dropped = 0;
  let isGone = false;
  // A reader that closed its end is no fault of ours.
  sink.on('error', () => {
    isGone = true;
  });
  const put = (line: string): void => {
    if (!isGone) sink.write(`${line}\n`);
  };
  const tellDropped = (): void => {
    if (dropped === 0) return;
    put(leftOut(dropped));
    dropped = 0;
  };
  sink.on('drain', tellDropped);
  return {
    write(line) {
      if (dropped > 0 || sink.writableLength + line.length > limits.heldBytes) dropped += 1;
      else put(line);
    },
    async end() {
      tellDropped();
      if (isGone) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, limits.endMs);
      sink.write('', () => resolve());
      await promise;
      clearTimeout(timer);
      if (sink.writableLength > 0) sink.destroy();
    },
  };
}
