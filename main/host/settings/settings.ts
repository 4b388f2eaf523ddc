import * as v from 'valibot';
import { type Settings, settingsSchema } from '../../../core/contract/settings.ts';
import type { EventStream } from '../events.ts';
import type { Store } from '../store/store.ts';

/** Everything a person can set, in one row. What no longer fits its schema falls back to its default, key by key. */
export class SettingsService {
  readonly #store: Store;
  readonly #events: EventStream;
  #current: Settings;

  private constructor(store: Store, events: EventStream, current: Settings) {
    this.#store = store;
    this.#events = events;
    this.#current = current;
  }

  static async load(store: Store, events: EventStream): Promise<SettingsService> {
    const text = await store.read.call('settings', null);
    return new SettingsService(store, events, readSettings(text));
  }

  get(): Settings {
    return this.#current;
  }

  /** After the index was filled from files. */
  async reload(): Promise<void> {
    this.#current = readSettings(await this.#store.read.call('settings', null));
    this.#events.emit('settings', this.#current);
  }

  async set(changes: Partial<Settings>): Promise<Settings> {
    this.#current = { ...this.#current, ...changes };
    await this.#store.write.call('saveSettings', { text: JSON.stringify(this.#current) });
    this.#events.emit('settings', this.#current);
    return this.#current;
  }
}

export function readSettings(text: string | null): Settings {
  const defaults = v.parse(settingsSchema, {});
  const stored = parseObject(text);
  const good: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.entries)) {
    if (!(key in stored)) continue;
    const result = v.safeParse(schema, stored[key]);
    if (result.success) good[key] = result.output;
  }
  return { ...defaults, ...good };
}

function parseObject(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
