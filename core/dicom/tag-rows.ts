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

/** Names of elements that every group may have; the dictionary lists none of them (PS3.6, PS3.5 7.8.1). */
function nameOf({ keyword, creator, tag }: DatasetElement): Pick<TagRow, 'keyword' | 'nameZh'> {
  if (keyword !== '') return { keyword, nameZh: nameZhOf(keyword) ?? '' };
  const number = tag & 0xffff;
  const isPrivate = ((tag >>> 16) & 1) === 1;
  if (number === 0) return { keyword: 'GenericGroupLength', nameZh: '组长度' };
  if (isPrivate && number >= 0x10 && number <= 0xff)
    return { keyword: 'PrivateCreator', nameZh: '私有创建者' };
  return { keyword: creator ?? '', nameZh: '' };
}

const rowOf = (element: DatasetElement, depth: number): TagRow => ({
  depth,
  tag: tagText(element.tag),
  vr: element.vr,
  ...nameOf(element),
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
