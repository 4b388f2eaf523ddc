import { availableParallelism } from 'node:os';
import { WorkerClient } from '../worker-rpc.ts';
import type { CopyOperations } from './copy-operations.ts';

/** A few copy workers: while one waits for the disk, another hashes. Started when first needed. */
export class CopyPool {
  readonly #size: number;
  readonly #idle: WorkerClient<CopyOperations>[] = [];
  readonly #all: WorkerClient<CopyOperations>[] = [];
  readonly #waiting: ((worker: WorkerClient<CopyOperations>) => void)[] = [];

  constructor(size = Math.min(4, availableParallelism() + 1)) {
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Starts the workers ahead of the first job. */
  warm(): void {
    while (this.#all.length < this.#size) this.#idle.push(this.#make());
  }

  #make(): WorkerClient<CopyOperations> {
    const made = new WorkerClient<CopyOperations>('copy', null);
    this.#all.push(made);
    return made;
  }

  /** Runs one piece of work on a worker of its own. */
  async use<T>(work: (worker: WorkerClient<CopyOperations>) => Promise<T>): Promise<T> {
    const worker = await this.#take();
    try {
      return await work(worker);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  #take(): Promise<WorkerClient<CopyOperations>> {
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    if (this.#all.length < this.#size) return Promise.resolve(this.#make());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }
}
