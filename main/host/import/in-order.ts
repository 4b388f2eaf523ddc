/**
 * Runs `work` on up to `width` items at once and gives the results in the items' order. Stops taking items once
 * the signal is aborted; what is under way is still given.
 */
export async function* inOrder<A, B>(
  items: AsyncIterable<A>,
  width: number,
  signal: AbortSignal,
  work: (item: A) => Promise<B>,
): AsyncGenerator<B> {
  const running: Promise<B>[] = [];
  for await (const item of items) {
    if (signal.aborted) break;
    const started = work(item);
    // A failure is reported where the result is awaited, in order.
    started.catch(() => undefined);
    running.push(started);
    if (running.length >= width) yield (await running.shift()) as B;
  }
  for (const result of running) yield await result;
}

/** Groups items until `isFull` says so; `nth` counts the groups before. */
export async function* inChunks<A>(
  items: AsyncIterable<A>,
  isFull: (chunk: readonly A[], nth: number) => boolean,
): AsyncGenerator<A[]> {
  let chunk: A[] = [];
  let nth = 0;
  for await (const item of items) {
    chunk.push(item);
    if (isFull(chunk, nth)) {
      yield chunk;
      chunk = [];
      nth += 1;
    }
  }
  if (chunk.length > 0) yield chunk;
}
