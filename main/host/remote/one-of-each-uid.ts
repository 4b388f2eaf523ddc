import type { ObjectToSend } from '../store/peer-reads.ts';

/**
 * A peer keeps one object of a SOP Instance UID: of several different ones here the one that came first goes out, and which
 * it is is not left to chance. `shared`: the UIDs that others have too.
 */
export function oneOfEachUid(rows: readonly ObjectToSend[]): {
  readonly objects: readonly ObjectToSend[];
  readonly shared: ReadonlySet<string>;
} {
  const firsts = new Map<string, ObjectToSend>();
  const shared = new Set<string>();
  for (const row of rows) {
    const known = firsts.get(row.sopUid);
    if (known) shared.add(row.sopUid);
    if (!known || row.arrival < known.arrival) firsts.set(row.sopUid, row);
  }
  return { objects: [...firsts.values()], shared };
}
