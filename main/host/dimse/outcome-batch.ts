import type { StoreOutcome } from './peer-protocol.ts';

/** Often enough for progress, seldom enough that a fast peer is not held up by telling of each object. */
const everyMs = 50;
const atMost = 64;

/** Outcomes of objects on their way to the host, several at once. */
export class OutcomeBatch {
  readonly #tell: (outcomes: readonly StoreOutcome[]) => void;
  #waiting: StoreOutcome[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (outcomes: readonly StoreOutcome[]) => void) {
    this.#tell = tell;
  }

  add(outcome: StoreOutcome): void {
    this.#waiting.push(outcome);
    if (this.#waiting.length >= atMost) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), everyMs);
  }

  /** What waits goes now: before the task answers. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const outcomes = this.#waiting;
    this.#waiting = [];
    if (outcomes.length > 0) this.#tell(outcomes);
  }
}
