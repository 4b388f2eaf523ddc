import type { EventPayloads, HostEvent, Topic } from '../../core/contract/index.ts';

/** Events kept for clients that come back after a while. */
const keptEvents = 5000;

/** The one ordered event stream of a host. A client resumes from the last number it saw. */
export class EventStream {
  #seq = 0;
  readonly #kept: HostEvent[] = [];
  readonly #listeners = new Set<(event: HostEvent) => void>();

  emit<T extends Topic>(topic: T, payload: EventPayloads[T]): void {
    this.#seq += 1;
    const event = { seq: this.#seq, topic, payload } as HostEvent;
    this.#kept.push(event);
    if (this.#kept.length > keptEvents) this.#kept.splice(0, keptEvents / 10);
    for (const listener of [...this.#listeners]) listener(event);
  }

  subscribe(fromSeq: number, listener: (event: HostEvent) => void): () => void {
    for (const event of this.#kept) if (event.seq > fromSeq) listener(event);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): void {
    this.#listeners.clear();
  }
}
