import type { Dataset, DatasetElement, DatasetTree } from './dataset.ts';
import { tagText } from './flags.ts';
import { nameZhOf } from './tables/names-zh.ts';

/** One line of the tag panel. `value` is what a person reads, shortened. */
export interface TagRow {
  readonly depth: number;
  readonly tag: string;
  readonly vr: string;
  /** Keyword; for private elements their creator. */
  readonly keyword: string;
  readonly nameZh: string;
  readonly value: string;
  readonly lengthBytes: number;
}

const maxCharacters = 256;
const maxBytes = 16;

/** The data set as lines, file meta information first, items indented below their sequence. */
export function tagRows(
  tree: DatasetTree,
  maxRows = 20_000,
): { readonly truncated: boolean; readonly rows: TagRow[] } {
  const rows: TagRow[] = [];
  const add = (elements: Dataset, depth: number): void => {
    for (const element of elements) {
      if (rows.length >= maxRows) return;
      rows.push(rowOf(element, depth));
      element.items?.forEach((item, index) => {
        rows.push({ ...itemRow, depth: depth + 1, value: String(index + 1) });
        add(item, depth + 2);
      });
    }
  };
  add(tree.meta, 0);
  add(tree.dataset, 0);
  return { truncated: tree.truncated || tree.fault !== undefined || rows.length >= maxRows, rows };
}

const itemRow = { tag: '(FFFE,E000)', vr: '', keyword: 'Item', nameZh: '条目', lengthBytes: 0 };

const rowOf = (element: DatasetElement, depth: number): TagRow => ({
  depth,
  tag: tagText(element.tag),
  vr: element.vr,
  keyword: element.keyword === '' ? (element.creator ?? '') : element.keyword,
  nameZh: element.keyword === '' ? '' : (nameZhOf(element.keyword) ?? ''),
  value: valueText(element),
  lengthBytes: element.lengthBytes,
});

function valueText({ value, vr }: DatasetElement): string {
  if (value === undefined) return '';
  if (value instanceof Uint8Array) {
    const shown = [...value.subarray(0, maxBytes)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ');
    return value.length > maxBytes ? `${shown} …` : shown;
  }
  const shown = value
    .slice(0, maxCharacters)
    .map((part) => (vr === 'AT' && typeof part === 'number' ? tagText(part) : String(part)));
  const text = shown.join('\\');
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}
