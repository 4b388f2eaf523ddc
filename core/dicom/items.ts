import type { ByteWindow } from './byte-source.ts';
import { VR } from './vr.ts';
import { Token, type Walker } from './walker.ts';

/** A value inside a sequence item, kept as bytes; sequences as items. */
export interface ItemValue {
  readonly tag: number;
  readonly vr: number;
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
  readonly items?: readonly Item[];
}

/** One sequence item: values by tag. */
export type Item = Map<number, ItemValue>;

/** Largest value kept: a lookup table of 65,536 16-bit entries, or one of three segmented palettes. */
const keptBytes = 256 * 1024;
const keptItems = 10_000;
/** All values of one sequence together. */
const keptTotalBytes = 32 * 1024 * 1024;
const empty = new Uint8Array(0);

/**
 * Reads the sequence whose Token.Sequence the walker has just given, nested ones included, up to its end.
 * Values above 256 KiB are left out. Iterative.
 */
export function readItems(walker: Walker, window: ByteWindow): readonly Item[] {
  const root: Item[] = [];
  const sequences: Item[][] = [root];
  const items: Item[] = [];
  let count = 0;
  let total = 0;
  for (;;) {
    switch (walker.next()) {
      case Token.End:
        return root;
      case Token.Item:
        items.push(new Map());
        if (++count <= keptItems) sequences[sequences.length - 1]!.push(items[items.length - 1]!);
        break;
      case Token.ItemEnd:
        items.pop();
        break;
      case Token.Sequence: {
        const nested: Item[] = [];
        const { tag, bigEndian } = walker;
        items[items.length - 1]!.set(tag, { tag, vr: VR.SQ, bytes: empty, bigEndian, items: nested });
        sequences.push(nested);
        break;
      }
      case Token.SequenceEnd:
        sequences.pop();
        if (sequences.length === 0) return root;
        break;
      default: {
        const { tag, vr, length, offset, bigEndian } = walker;
        const isKept = length <= keptBytes && count <= keptItems && total + length <= keptTotalBytes;
        const bytes = isKept ? window.copy(offset, length) : undefined;
        if (isKept) total += length;
        const item = items[items.length - 1]!;
        if (bytes !== undefined && !item.has(tag)) item.set(tag, { tag, vr, bytes, bigEndian });
      }
    }
  }
}
