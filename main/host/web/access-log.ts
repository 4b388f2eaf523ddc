import type { AuditEntry } from '../store/audit-chain.ts';
import type { GateRule } from './request-gate.ts';

/** Reads of one kind and study within so long become one record: a script may ask for a thousand frames. */
const gatherMs = 10_000;

/** What scripts read and what was refused, for the audit trail. While it cannot be written, nothing more is given out. */
export class AccessLog {
  readonly #audit: (entry: AuditEntry) => Promise<void>;
  #counts = new Map<string, { readonly entry: AuditEntry; times: number }>();
  #timer: NodeJS.Timeout | undefined;
  #isBroken = false;

  constructor(audit: (entry: AuditEntry) => Promise<void>) {
    this.#audit = audit;
  }

  /** The trail could not be written the last time; tried again by `flush`. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** @param detail what was read, by key. */
  read(detail: string): void {
    this.#note({ event: 'web.read', outcome: 'ok', detail });
  }

  refused(rule: GateRule): void {
    this.#note({ event: 'web.refuse', outcome: 'refused', detail: rule });
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = [...this.#counts.values()];
    this.#counts.clear();
    try {
      for (const one of gathered) {
        const { entry, times } = one;
        await this.#audit({ ...entry, detail: `${entry.detail} ${times}` });
        one.times = 0;
      }
      this.#isBroken = false;
    } catch {
      this.#isBroken = true;
      for (const { entry, times } of gathered) if (times > 0) this.#note(entry, times);
    }
  }

  #note(entry: AuditEntry, times = 1): void {
    const key = `${entry.event} ${entry.detail}`;
    const known = this.#counts.get(key);
    if (known) known.times += times;
    else this.#counts.set(key, { entry, times });
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }
}
