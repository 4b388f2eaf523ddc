import { availableParallelism } from 'node:os';
import { WorkerClient } from '../worker-rpc.ts';
import type { CopyOperations } from './copy-operations.ts';

/** Batches given to one worker at once: while one is synced, the next is hashed. */
const depth = 2;

interface Slot {
  readonly worker: WorkerClient<CopyOperations>;
  running: number;
}

/** A few copy workers, started when first needed. */
export class CopyPool {
  readonly #size: number;
  readonly #slots: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];

  constructor(size = Math.min(4, availableParallelism())) {
    this.#size = size;
  }

  /** Pieces of work that run at once. */
  get width(): number {
    return this.#size * depth;
  }

  /** Starts the workers ahead of the first job. */
  warm(): void {
    while (this.#slots.length < this.#size) this.#make();
  }

  #make(): Slot {
    const slot: Slot = { worker: new WorkerClient<CopyOperations>('copy', null), running: 0 };
    this.#slots.push(slot);
    return slot;
  }

  /** Runs one piece of work on the worker that has least to do. */
  async use<T>(work: (worker: WorkerClient<CopyOperations>) => Promise<T>): Promise<T> {
    const slot = await this.#take();
    try {
      return await work(slot.worker);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else slot.running -= 1;
    }
  }

  #take(): Slot | Promise<Slot> {
    let best = this.#slots.find(({ running }) => running === 0);
    if (!best && this.#slots.length < this.#size) best = this.#make();
    best ??= this.#slots.find(({ running }) => running < depth);
    if (!best) return new Promise((resolve) => this.#waiting.push(resolve));
    best.running += 1;
    return best;
  }

  async close(): Promise<void> {
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()));
  }
}
