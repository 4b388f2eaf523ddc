import type { AuditEntry } from '../store/audit-chain.ts';
import { isDiskFull } from '../store/make-room.ts';
import type { Store } from '../store/store.ts';

/** Far more than a person does before room is made. */
const heldAtMost = 10_000;

/**
 * Writes to the audit trail. On a disk without a byte of room entries wait here, in their order and with their times,
 * and go with the next one that can be written: images are shown meanwhile (reliability.md A11).
 */
export function auditWriter(
  store: Pick<Store, 'write'>,
  now: () => number,
): (entry: AuditEntry) => Promise<void> {
  const held: { readonly atMs: number; readonly entry: AuditEntry }[] = [];
  return async (entry) => {
    const mine = { atMs: now(), entry };
    const all = [...held.splice(0), mine];
    for (const [index, one] of all.entries()) {
      try {
        await store.write.call('audit', { atMs: one.atMs, entries: [one.entry] });
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        held.push(...all.slice(index));
        held.splice(0, held.length - heldAtMost);
        return;
      }
    }
  };
}
