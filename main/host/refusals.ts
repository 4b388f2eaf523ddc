import type { AuditEntry } from './store/audit-chain.ts';

/** Refusals of one kind go into one record: a page that floods a shell must not flood the audit trail. */
const gatherMs = 10_000;

/** What the shells refused (foreign pages, stolen sessions, malformed calls), for the audit trail: W1, W3, W13. */
export class Refusals {
  readonly #audit: (entry: AuditEntry) => Promise<void>;
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(audit: (entry: AuditEntry) => Promise<void>) {
    this.#audit = audit;
  }

  /** `rule` is one of a shell's own words; nothing of the request. */
  note(rule: string): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
    // A trail that cannot be written shows in what must be recorded before it is done; here nothing waits for it.
    this.#timer ??= setTimeout(() => this.flush().catch(() => undefined), gatherMs).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = [...this.#counts];
    this.#counts.clear();
    for (const [rule, times] of gathered) {
      await this.#audit({ event: 'shell.refuse', outcome: 'refused', detail: `${rule} ${times}` });
    }
  }
}
