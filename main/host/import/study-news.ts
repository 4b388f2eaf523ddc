import type { EventStream } from '../events.ts';

/** Lists re-query at each piece of news: twice a second is enough while files arrive. */
const newsEveryMs = 500;

/** Gathers changed studies of a running import into few events. */
export class StudyNews {
  readonly #events: EventStream;
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(events: EventStream) {
    this.#events = events;
  }

  changed(studyKeys: readonly string[]): void {
    for (const key of studyKeys) this.#changed.add(key);
    if (this.#changed.size > 0) this.#timer ??= setTimeout(() => this.#send(), newsEveryMs);
  }

  finish(studyKeys: readonly string[]): void {
    for (const key of studyKeys) this.#changed.add(key);
    if (this.#timer) clearTimeout(this.#timer);
    this.#send();
  }

  #send(): void {
    this.#timer = null;
    if (this.#changed.size === 0) return;
    const studyKeys = this.#changed.size > 200 ? [] : [...this.#changed];
    this.#changed.clear();
    this.#events.emit('studies', { studyKeys });
  }
}
