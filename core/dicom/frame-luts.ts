import type { Collected } from './attribute-reader.ts';
import type { Flags } from './flags.ts';
import type { Item } from './items.ts';
import { lookupTables } from './picture-parts.ts';
import type { HeaderParts } from './real-world.ts';
import { sameBytes } from './scan-memory.ts';
import type { LookupTable } from './types.ts';

export const voiLutSequence = 0x00283010;
/** Tables of all frames together that are kept while the header is read; neighbours that are the same count once. */
const keptBytes = 8 * 1024 * 1024;

/** VOI LUTs of functional groups (Frame VOI LUT With LUT Macro, PS3.3 C.7.6.16.2.10): XA, OCT, ultrasound. */
export class FrameLuts {
  readonly found = new Map<Collected, readonly Item[]>();
  #last: readonly Item[] = [];
  #bytes = 0;

  /** Takes the tables of one part of the header; most objects repeat one and the same in each frame. */
  see(part: Collected, items: readonly Item[], flags: Flags): void {
    if (!isSame(items, this.#last)) {
      this.#last = items;
      this.#bytes += sizeOf(items);
    }
    if (this.#bytes > keptBytes) flags.add('LUT_INVALID');
    else this.found.set(part, this.#last);
  }
}

const sizeOf = (items: readonly Item[]): number =>
  items.flatMap((item) => [...item.values()]).reduce((sum, { bytes }) => sum + bytes.length, 0);

function isSame(a: readonly Item[], b: readonly Item[]): boolean {
  return (
    a.length === b.length &&
    a.every((item, n) => {
      const other = b[n]!;
      return (
        item.size === other.size &&
        [...item].every(([tag, { vr, bytes }]) => {
          const own = other.get(tag);
          return own?.vr === vr && own.bytes.length === bytes.length && sameBytes(bytes, 0, own.bytes);
        })
      );
    })
  );
}

/**
 * Gives each part of the header that has tables the number of its set (`VoiLutSet`), and answers the sets. Frames with a
 * window of their own below tables of all frames have none: -1.
 * @param isSigned stored pixels are, and no modality LUT stands behind them; an intercept below 0 says the same.
 */
export function settleFrameLuts(
  { root, shared, perFrame }: HeaderParts,
  found: ReadonlyMap<Collected, readonly Item[]>,
  { isSigned, isMapped }: { readonly isSigned: boolean; readonly isMapped: boolean },
  flags: Flags,
): readonly (readonly LookupTable[])[] {
  const sets: (readonly LookupTable[])[] = [];
  const known = new Map<readonly Item[], Map<boolean, number>>();
  const [all = {}] = shared;
  const above = [all, root, perFrame[0] ?? {}];
  for (const part of [...shared, ...perFrame]) {
    const items = found.get(part);
    if (items === undefined) {
      if (part !== all && part['WindowCenter'] !== undefined && found.has(all)) part['VoiLutSet'] = -1;
      continue;
    }
    const intercept = [part, ...above].find((own) => own['RescaleIntercept'] !== undefined);
    const sign = !isMapped && (isSigned || Number(intercept?.['RescaleIntercept'] ?? 0) < 0);
    const bySign = known.get(items) ?? new Map<boolean, number>();
    known.set(items, bySign);
    if (!bySign.has(sign)) bySign.set(sign, sets.push(lookupTables(items, sign, flags)) - 1);
    part['VoiLutSet'] = bySign.get(sign);
  }
  return sets;
}
