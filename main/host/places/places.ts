import { rm } from 'node:fs/promises';
import type { Store } from '../store/store.ts';

export interface Place {
  readonly scope: string;
  readonly label: string;
  readonly paths: readonly string[];
  /** Folders of ours with what was uploaded or taken out of archives; removed when the place is closed. */
  readonly scratch: readonly string[];
}

/** Folders and discs opened without importing. They live as long as the host, or until closed. */
export class Places {
  readonly #open = new Map<string, Place>();
  readonly #store: Store;
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  nextScope(): string {
    this.#last += 1;
    return `p${this.#last}`;
  }

  add(place: Place): void {
    this.#open.set(place.scope, place);
  }

  get count(): number {
    return this.#open.size;
  }

  find(scope: string): Place | undefined {
    return this.#open.get(scope);
  }

  async close(scope: string): Promise<boolean> {
    const place = this.#open.get(scope);
    if (!place) return false;
    this.#open.delete(scope);
    const index = await this.#store.openedPlaces();
    await index?.call('removeScope', { scope });
    for (const path of place.scratch) await rm(path, { recursive: true, force: true });
    return true;
  }
}
