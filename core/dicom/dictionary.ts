import { dictionaryText, repeatingText } from './tables/dictionary.ts';

export interface DictionaryEntry {
  /** Two letters; `XS` is US or SS by Pixel Representation, `OX` is OB or OW. */
  readonly vr: string;
  readonly keyword: string;
}

interface Index {
  readonly byTag: ReadonlyMap<number, DictionaryEntry>;
  readonly byKeyword: ReadonlyMap<string, number>;
  readonly sequences: ReadonlySet<number>;
  readonly repeating: ReadonlyMap<string, DictionaryEntry>;
}

let built: Index | undefined;

function build(): Index {
  const byTag = new Map<number, DictionaryEntry>();
  const byKeyword = new Map<string, number>();
  const sequences = new Set<number>();
  for (const line of dictionaryText.split('\n')) {
    const tag = Number.parseInt(line.slice(0, 8), 16);
    const entry = { vr: line.slice(8, 10), keyword: line.slice(10) };
    byTag.set(tag, entry);
    if (!byKeyword.has(entry.keyword)) byKeyword.set(entry.keyword, tag);
    if (entry.vr === 'SQ') sequences.add(tag);
  }
  const repeating = new Map<string, DictionaryEntry>();
  for (const line of repeatingText.split('\n')) {
    const entry = { vr: line.slice(8, 10), keyword: line.slice(10) };
    repeating.set(line.slice(0, 2) + line.slice(4, 8), entry);
    const first = Number.parseInt(`${line.slice(0, 2)}00${line.slice(4, 8)}`, 16);
    if (!byKeyword.has(entry.keyword)) byKeyword.set(entry.keyword, first);
  }
  return { byTag, byKeyword, sequences, repeating };
}

const index = (): Index => {
  built ??= build();
  return built;
};

/** The dictionary's row of a standard tag (PS3.6), repeating groups 50xx and 60xx included. */
export function dictionaryEntry(tag: number): DictionaryEntry | undefined {
  const found = index().byTag.get(tag);
  if (found !== undefined) return found;
  const text = tag.toString(16).toUpperCase().padStart(8, '0');
  return index().repeating.get(text.slice(0, 2) + text.slice(4));
}

/** The tag of a keyword, e.g. `PatientName` → 0x00100010; of repeating groups the first one's. */
export const tagOfKeyword = (keyword: string): number | undefined => index().byKeyword.get(keyword);

/** Whether the dictionary says that a tag is a sequence. */
export const isSequenceTag = (tag: number): boolean => index().sequences.has(tag);
