/** What is asked of a peer for a search: one or more C-FIND identifiers as SCU (PS3.4 C.4.1, L85). */
import { canEncode, type WriteCharset } from '../dicom/write/charset-encode.ts';
import { element, type Dataset as WriteDataset } from '../dicom/write/element.ts';
import { encodeMessageDataset } from './query-dataset.ts';
import { type QueryKey, type QueryLevel, queryKeys, queryLevels, tags } from './query-keys.ts';
import type { QueryRoot } from './service-table.ts';

/** The box and filters of a search; the same fields as the contract's `RemoteQuery`. Empty = not asked for. */
export interface StudyQuery {
  readonly text: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly modalities: readonly string[];
}

/** One C-FIND: key values by keyword, in a character set that has them all. */
export interface FindQuery {
  readonly root: QueryRoot;
  readonly level: QueryLevel;
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  readonly charset: WriteCharset;
}

/** Other spellings of a Chinese name, such as its pinyin with a blank between syllables; none = []. */
export type Spellings = (text: string) => readonly string[];

/** A search is not spread over more queries than this. */
const maxQueries = 12;
/** More modalities are asked for together, without the key, and sorted out here. */
const maxModalityQueries = 3;

const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/**
 * A typed name as a key: what separates words also stands for whatever a peer has between them, and more may follow.
 * A Chinese name stands somewhere behind the name in letters, and its parts may be parted.
 */
export function namePattern(text: string): string {
  if (/[*?]/.test(text)) return text.trim();
  const words = text.split(/[\s^,=，、]+/).filter((word) => word !== '');
  if (!words.some(hasHan)) return `${words.join('*')}*`;
  const parts = words.flatMap((word) => (hasHan(word) ? splitFamily(word) : [word]));
  return `*${parts.join('*')}*`;
}

/** Chinese family names of two characters; any other has one. */
const doubleNames = '欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 长孙 宇文 司徒 端木 南宫'.split(
  ' ',
);

function splitFamily(word: string): readonly string[] {
  const length = doubleNames.some((name) => word.startsWith(name)) ? 2 : 1;
  const [family, given] = [word.slice(0, length), word.slice(length)];
  return given === '' ? [family] : [family, given];
}

interface SpelledName {
  readonly pattern: string;
  readonly charset: WriteCharset;
}

/** A name in every spelling worth a try, the likeliest first. */
export function nameSpellings(text: string, spellings: Spellings): readonly SpelledName[] {
  const pattern = namePattern(text);
  const ascii: WriteCharset = '';
  if (canEncode(pattern, ascii)) {
    const spelled = new Set([pattern.toUpperCase()]);
    if (pattern === pattern.toLowerCase())
      spelled.add(pattern.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()));
    spelled.add(pattern);
    return Array.from(spelled, (one) => ({ pattern: one, charset: ascii }));
  }
  if (!hasHan(text)) {
    const own: WriteCharset = canEncode(pattern, 'ISO_IR 100') ? 'ISO_IR 100' : 'GB18030';
    const charsets: readonly WriteCharset[] = own === 'ISO_IR 100' ? ['ISO_IR 192', own] : ['ISO_IR 192'];
    return charsets.map((charset) => ({ pattern, charset }));
  }
  const spelled = spellings(text)
    .filter((other) => canEncode(other, ascii) && other.trim() !== '')
    .map((other) => ({ pattern: namePattern(other).toUpperCase(), charset: ascii }));
  return [{ pattern, charset: 'ISO_IR 192' }, { pattern, charset: 'GB18030' }, ...spelled];
}

/** One way to put a search into keys. */
type Keys = Record<string, string>;
export interface Attempt {
  readonly keys: Keys;
  readonly charset: WriteCharset;
}

const charsetOfText = (text: string): WriteCharset => (canEncode(text, '') ? '' : 'ISO_IR 192');

/** The free text as name, patient ID or accession number, whichever it can be. */
export function attemptsForText(text: string, spellings: Spellings): readonly Attempt[] {
  const names = nameSpellings(text, spellings).map(
    ({ pattern, charset }): Attempt => ({ keys: { PatientName: pattern }, charset }),
  );
  if (!/^[\w./*?-]+$/.test(text)) return names;
  const isUid = /^\d+(\.\d+){3,}$/.test(text) && text.length <= 64;
  if (isUid) return [{ keys: { StudyInstanceUID: text }, charset: '' }];
  const ids: Attempt[] = [
    { keys: { PatientID: text }, charset: '' },
    ...(text.length <= 16 ? [{ keys: { AccessionNumber: text }, charset: '' as const }] : []),
  ];
  // Names have no digits.
  return /\d/.test(text) ? ids : [...names, ...ids];
}

const dateKey = (from: string, to: string): string => (from === to ? from : `${from}-${to}`);

/**
 * The queries of a search, to be made one after the other; their answers together are filtered by `fitsQuery` and
 * counted once per study. `spellings` gives the pinyin of a Chinese name.
 */
export function studyQueries(
  query: StudyQuery,
  root: QueryRoot,
  spellings: Spellings = () => [],
): readonly FindQuery[] {
  const fixed: Keys = {};
  if (query.patientId !== '') fixed['PatientID'] = query.patientId;
  if (query.accessionNumber !== '') fixed['AccessionNumber'] = query.accessionNumber;
  if (query.studyInstanceUID !== '') fixed['StudyInstanceUID'] = query.studyInstanceUID;
  if (query.dateFrom !== '' || query.dateTo !== '') {
    fixed['StudyDate'] = dateKey(query.dateFrom, query.dateTo);
  }
  const text = query.text.trim();
  const name = query.patientName.trim();
  const attempts: readonly Attempt[] =
    name !== ''
      ? nameSpellings(name, spellings).map(({ pattern, charset }) => ({
          keys: { PatientName: pattern },
          charset,
        }))
      : text !== ''
        ? attemptsForText(text, spellings)
        : [{ keys: {}, charset: '' }];
  const { modalities } = query;
  const modalityKeys: readonly Keys[] =
    modalities.length === 0 || modalities.length > maxModalityQueries
      ? [{}]
      : modalities.map((modality) => ({ ModalitiesInStudy: modality }));
  return attempts
    .flatMap(({ keys, charset }) =>
      modalityKeys.map((modality): FindQuery => {
        const all = { ...fixed, ...keys, ...modality };
        const needed = charset === '' ? charsetOfText(Object.values(all).join('')) : charset;
        return { root, level: 'STUDY', keys: all, charset: needed };
      }),
    )
    .slice(0, maxQueries);
}

/** The series of a study; the patient root needs the patient's ID too. */
export const seriesQuery = (root: QueryRoot, studyInstanceUID: string, patientId = ''): FindQuery => ({
  root,
  level: 'SERIES',
  keys: { ...(root === 'patient' && { PatientID: patientId }), StudyInstanceUID: studyInstanceUID },
  charset: charsetOfText(patientId),
});

/** The images of a series. */
export const imageQuery = (
  root: QueryRoot,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  patientId = '',
): FindQuery => ({
  ...seriesQuery(root, studyInstanceUID, patientId),
  level: 'IMAGE',
  keys: {
    ...seriesQuery(root, studyInstanceUID, patientId).keys,
    SeriesInstanceUID: seriesInstanceUID,
  },
});

const isAsked = (key: QueryKey, query: FindQuery): boolean => {
  if (key.keyword in query.keys || key.level === query.level) return true;
  return query.level === 'STUDY' && key.level === 'PATIENT' && key.type !== 'count';
};

/** The identifier of a query: its keys, and everything of its level as return keys. */
export function findDataset(query: FindQuery): WriteDataset {
  const depth = queryLevels.indexOf(query.level);
  const keys = queryKeys.filter((key) => queryLevels.indexOf(key.level) <= depth && isAsked(key, query));
  return [
    element(tags.QueryRetrieveLevel, 'CS', query.level),
    ...keys.map(({ tag, vr, keyword }) => element(tag, vr, query.keys[keyword] ?? (vr === 'US' ? [] : ''))),
  ];
}

/** Bytes of the identifier. (0008,0005) is always there (L85), as ISO_IR 192 where ASCII is enough. */
export const encodeFind = (query: FindQuery, transferSyntaxUid: string): Uint8Array =>
  encodeMessageDataset(
    findDataset(query),
    transferSyntaxUid,
    query.charset === '' ? 'ISO_IR 192' : query.charset,
  );
