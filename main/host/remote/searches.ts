/** Questions to other stations that are being answered, so that whoever asked one can stop it by the name it gave it. */
export class Searches {
  readonly #running = new Map<string, AbortController>();

  /** Runs a question that ends by itself after `mostMs`. One without a name cannot be stopped. */
  async run<T>(searchId: string, mostMs: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = AbortSignal.timeout(mostMs);
    if (searchId === '') return ask(late);
    const stop = new AbortController();
    this.#running.set(searchId, stop);
    try {
      return await ask(AbortSignal.any([stop.signal, late]));
    } finally {
      if (this.#running.get(searchId) === stop) this.#running.delete(searchId);
    }
  }

  stop(searchId: string): void {
    this.#running.get(searchId)?.abort();
  }
}
