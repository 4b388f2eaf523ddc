/** Time between two looks at what has arrived. Without a graphics card one change of the window costs 50 ms of two processors. */
const everyMs = 400;

/**
 * Tells all who show that slices of a stack arrive at the same moments, so that planes, bars and counts change in one
 * picture of the window: at once for the first slice and for the last, and now and then between them.
 */
export class ArrivalClock {
  private readonly isWhole: () => boolean;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private toldMs = Number.NEGATIVE_INFINITY;

  constructor(isWhole: () => boolean) {
    this.isWhole = isWhole;
  }

  /** Answers the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something has arrived. */
  note(): void {
    const waitMs = this.isWhole() ? 0 : this.toldMs + everyMs - performance.now();
    if (waitMs <= 0) this.tell();
    else this.timer ??= setTimeout(() => this.tell(), waitMs);
  }

  /** Nobody is told any more. */
  end(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.toldMs = performance.now();
    for (const listener of [...this.listeners]) listener();
  }
}
