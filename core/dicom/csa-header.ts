import { latin1 } from './values.ts';

/** Most tags and values of a tag that are read; real headers have about 100 and 6. */
const maxTags = 512;
const maxItems = 1024;

/**
 * Values of a Siemens CSA header (0029,1010) by name, as text. The format is not published; this follows the two
 * layouts that nibabel's documentation describes (CSA1 without, CSA2 with the letters SV10). Damaged headers end
 * where they stop making sense; never throws.
 */
export function csaValues(bytes: Uint8Array, names: ReadonlySet<string>): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isSecond = bytes.length >= 16 && latin1(bytes, 0, 4) === 'SV10';
  let at = isSecond ? 8 : 0;
  if (at + 8 > bytes.length) return found;
  const tags = view.getUint32(at, true);
  at += 8;
  let firstItems = 0;
  for (let tag = 0; tag < Math.min(tags, maxTags); tag++) {
    if (at + 84 > bytes.length) return found;
    const name = zeroEnded(bytes, at, at + 64);
    const items = view.getInt32(at + 76, true);
    if (tag === 0) firstItems = items;
    at += 84;
    if (items < 0 || items > maxItems) return found;
    const values: string[] = [];
    for (let item = 0; item < items; item++) {
      if (at + 16 > bytes.length) return found;
      const length = isSecond ? view.getInt32(at + 4, true) : view.getInt32(at, true) - firstItems;
      at += 16;
      if (length < 0 || at + length > bytes.length) return found;
      const text = length > 0 ? zeroEnded(bytes, at, at + length).trim() : '';
      if (text !== '') values.push(text);
      at += Math.ceil(length / 4) * 4;
    }
    if (names.has(name) && !found.has(name)) found.set(name, values);
  }
  return found;
}

/**
 * Number and normal of the slices from the measurement protocol within the CSA series header (0029,1020): lines such as
 * `sSliceArray.lSize = 36`; parts of the normal that are 0 are left out. Undefined for a single slab, which may be
 * reconstructed into any number of slices.
 */
export function protocolSlices(bytes: Uint8Array): { slices: number; normal: number[] } | undefined {
  const text = latin1(bytes, 0, bytes.length);
  const numberOf = (name: string): number => {
    const line = `\nsSliceArray.${name}`;
    const at = text.indexOf(line);
    if (at < 0) return 0;
    const rest = text.slice(at + line.length, at + line.length + 200);
    return Number(/^[ \t]*=[ \t]*([-+.\w]{1,32})/.exec(rest)?.[1]);
  };
  const slices = numberOf('lSize');
  if (!(slices > 1)) return undefined;
  return { slices, normal: ['Sag', 'Cor', 'Tra'].map((axis) => numberOf(`asSlice[0].sNormal.d${axis}`)) };
}

function zeroEnded(bytes: Uint8Array, start: number, end: number): string {
  const zero = bytes.subarray(start, end).indexOf(0);
  return latin1(bytes, start, zero < 0 ? end : start + zero);
}
