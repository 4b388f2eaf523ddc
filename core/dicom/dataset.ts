/**
 * The whole data set as a tree, values decoded: for the tag panel, and for reports and presentation states.
 * Iterative like the scan; values above a cap keep only their length.
 */
import { type Problem, problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type ByteSource, ByteWindow, bytesSource } from './byte-source.ts';
import {
  type CharacterSet,
  characterSetOf,
  decodeText,
  gb18030Set,
  guessCharset,
  utf8Set,
} from './charset.ts';
import { dictionaryEntry } from './dictionary.ts';
import { resolveEncoding } from './encoding.ts';
import { type FileStart, readFileStart } from './file-start.ts';
import { Flags } from './flags.ts';
import { walkFragments } from './fragments.ts';
import { inflateDataset } from './inflate-dataset.ts';
import { limits } from './limits.ts';
import { latin1, numberSize, readNumbers, trimmedEnd } from './values.ts';
import { VR, vrCode, vrName } from './vr.ts';
import { type Encoding, Token, Walker } from './walker.ts';

export interface DatasetOptions {
  /** Larger values are left out (`value` undefined); default 1 MiB. */
  readonly maxValueBytes?: number;
  /** Elements over all levels after which the tree is cut (`truncated`); default 200,000. */
  readonly maxElements?: number;
}

/** One element. Exactly one of `items` and `value` is there, or neither for empty, left out and pixel values. */
export interface DatasetElement {
  readonly tag: number;
  /** Two letters; from the dictionary where the encoding does not tell it. */
  readonly vr: string;
  /** Keyword of the dictionary; '' for private and unknown tags. */
  readonly keyword: string;
  /** Who reserved a private element's block. */
  readonly creator?: string;
  readonly lengthBytes: number;
  readonly items?: readonly Dataset[];
  /** Texts of text VRs (PN as stored, with `=` and `^`), numbers of numeric VRs incl. DS and IS, bytes of the rest. */
  readonly value?: readonly string[] | readonly number[] | Uint8Array;
}

/** Elements of the top level or of one item, in file order. */
export type Dataset = readonly DatasetElement[];

export interface DatasetTree {
  readonly meta: Dataset;
  readonly dataset: Dataset;
  readonly transferSyntaxUID: string;
  readonly charsetGuess?: 'UTF-8' | 'GB18030';
  readonly truncated: boolean;
  readonly flags: readonly Problem[];
  /** Why the tree ends early, when the file cannot be followed to its end. */
  readonly fault?: Problem;
}

/** All values of a tree together. */
const maxTotalBytes = 128 * 1024 * 1024;

/** An element while the tree is being built; texts still as bytes. */
interface Raw {
  readonly tag: number;
  readonly vr: number;
  readonly creator: string | undefined;
  readonly lengthBytes: number;
  readonly bytes: Uint8Array | undefined;
  readonly bigEndian: boolean;
  readonly items: Raw[][] | undefined;
}

/** Reads all of a file but pixel data and values above the cap. Fails only where there is no data set to read. */
export function readDataset(
  source: ByteSource | Uint8Array,
  options: DatasetOptions = {},
): Result<DatasetTree> {
  const file = source instanceof Uint8Array ? bytesSource(source) : source;
  const flags = new Flags();
  if (file.size > limits.fileBytes) return fail(problem('FILE_TOO_LARGE', { limit: '32 GiB' }));
  const window = new ByteWindow(file);
  const start = readFileStart(window, flags);
  if (start.fatal !== undefined) return fail(start.fatal);
  const resolved = resolveEncoding(window, start, flags);
  if (!resolved.ok) return fail(resolved.problem);
  const { encoding, transferSyntaxUID, deflated } = resolved.value;
  const meta = readMetaGroup(file, start, options);
  // A window of its own: sources may reuse their buffer from read to read.
  let dataset = new ByteWindow(file);
  if (deflated) {
    const inflated = inflateDataset(file, start.datasetOffset);
    if (!inflated.ok) return fail(inflated.problem);
    dataset = new ByteWindow(inflated.value);
  }
  const walker = new Walker(dataset, deflated ? 0 : start.datasetOffset, encoding, flags);
  const tree = buildTree(walker, dataset, options);
  const decoded = decodeRoot(tree.root);
  return ok({
    meta: decodeTree(meta, declaredSet(tree.root)),
    ...decoded,
    transferSyntaxUID,
    truncated: tree.truncated,
    flags: flags.list(),
    ...(walker.fatal !== undefined && { fault: walker.fatal }),
  });
}

/**
 * Reads a data set that comes without preamble and meta information, as identifiers and the like do on the network.
 * Fails where it cannot be followed to its end or has more than `maxElements` elements.
 */
export function readBareDataset(
  bytes: Uint8Array,
  encoding: Encoding,
  options: DatasetOptions = {},
): Result<Dataset> {
  const window = new ByteWindow(bytesSource(bytes));
  const walker = new Walker(window, 0, encoding, new Flags());
  const tree = buildTree(walker, window, options);
  if (walker.fatal !== undefined) return fail(walker.fatal);
  if (tree.truncated) return fail(problem('TOO_MANY_ELEMENTS'));
  return ok(decodeRoot(tree.root).dataset);
}

/** Values of a top level, decoded by the character set that it declares, or by the one its texts are really in. */
function decodeRoot(root: readonly Raw[]): Pick<DatasetTree, 'dataset' | 'charsetGuess'> {
  const texts: Uint8Array[] = [];
  const declared = declaredSet(root);
  collectTexts(root, texts);
  const guess = guessCharset(texts, declared);
  const set = guess === undefined ? declared : guess === 'UTF-8' ? utf8Set : gb18030Set;
  return { dataset: decodeTree(root, set), ...(guess !== undefined && { charsetGuess: guess }) };
}

/** Group 0002, read as explicit VR little endian. */
function readMetaGroup(file: ByteSource, start: FileStart, options: DatasetOptions): Raw[] {
  const window = new ByteWindow({ size: start.datasetOffset, read: (at, length) => file.read(at, length) });
  const begin = start.hasPrefix === true ? 132 : 0;
  const walker = new Walker(window, begin, { explicit: true, bigEndian: false }, new Flags());
  return buildTree(walker, window, options).root;
}

function buildTree(
  walker: Walker,
  window: ByteWindow,
  options: DatasetOptions,
): { root: Raw[]; truncated: boolean } {
  const { maxValueBytes = 1024 * 1024, maxElements = 200_000 } = options;
  const root: Raw[] = [];
  const open: Raw[][] = [root];
  const sequences: Raw[][][] = [];
  let count = 0;
  let room = maxTotalBytes;
  for (let token = walker.next(); token !== Token.End; token = walker.next()) {
    const here = open[open.length - 1]!;
    if (token === Token.Item) {
      const item: Raw[] = [];
      sequences[sequences.length - 1]!.push(item);
      open.push(item);
    } else if (token === Token.ItemEnd) open.pop();
    else if (token === Token.SequenceEnd) sequences.pop();
    else {
      if (++count > maxElements) return { root, truncated: true };
      const element = rawElement(walker, window, here, token, Math.min(maxValueBytes, room));
      room -= element.bytes?.length ?? 0;
      here.push(element);
      if (element.items !== undefined) sequences.push(element.items);
    }
  }
  return { root, truncated: false };
}

function rawElement(
  walker: Walker,
  window: ByteWindow,
  here: readonly Raw[],
  token: number,
  maxValueBytes: number,
): Raw {
  const { tag, vr, bigEndian, offset, length } = walker;
  const creator = creatorOf(tag, here);
  if (token === Token.Sequence) {
    return { tag, vr: VR.SQ, creator, lengthBytes: 0, bytes: undefined, bigEndian, items: [] };
  }
  if (token === Token.Fragments) {
    const end = walkFragments(window, offset, walker.flags, () => {}).end;
    walker.position = end;
    return {
      tag,
      vr: VR.OB,
      creator,
      lengthBytes: end - offset,
      bytes: undefined,
      bigEndian,
      items: undefined,
    };
  }
  const isPixel = tag >= 0x7fe00008 && tag <= 0x7fe00010;
  const bytes = isPixel || length > maxValueBytes ? undefined : window.copy(offset, length);
  return { tag, vr: knownVr(tag, vr), creator, lengthBytes: length, bytes, bigEndian, items: undefined };
}

/** The VR of an element that the encoding gives none for. */
function knownVr(tag: number, vr: number): number {
  if (vr !== 0 && vr !== VR.UN) return vr;
  if (Math.floor(tag / 65_536) % 2 === 1) return tag % 65_536 < 0x100 && tag % 65_536 >= 0x10 ? VR.LO : VR.UN;
  const known = dictionaryEntry(tag)?.vr;
  if (known === undefined || known === 'SQ') return tag % 65_536 === 0 ? VR.UL : VR.UN;
  return known === 'XS' ? VR.US : known === 'OX' ? VR.OW : vrCode(known);
}

function creatorOf(tag: number, here: readonly Raw[]): string | undefined {
  const element = tag % 65_536;
  if (Math.floor(tag / 65_536) % 2 === 0 || element < 0x1000) return undefined;
  const creatorTag = tag - element + (element >> 8);
  for (let i = here.length - 1; i >= 0; i--) {
    const raw = here[i]!;
    if (raw.tag === creatorTag && raw.bytes !== undefined) {
      return latin1(raw.bytes, 0, trimmedEnd(raw.bytes, 0, raw.bytes.length)).trim();
    }
    if (raw.tag < creatorTag) break;
  }
  return undefined;
}

const charsetTextVrs: readonly number[] = [VR.LO, VR.SH, VR.ST, VR.LT, VR.UT, VR.UC, VR.PN];
const plainTextVrs: readonly number[] = [VR.AE, VR.AS, VR.CS, VR.DA, VR.DT, VR.TM, VR.UI, VR.UR];
const wholeTextVrs: readonly number[] = [VR.ST, VR.LT, VR.UT, VR.UR];
const decimalVrs: readonly number[] = [VR.DS, VR.IS];
const byteVrs: readonly number[] = [VR.OB, VR.OW, VR.OF, VR.OD, VR.OL, VR.OV, VR.UN];

const declaredSet = (elements: readonly Raw[], inherited?: CharacterSet): CharacterSet => {
  const raw = elements.find((element) => element.tag === 0x00080005);
  if (raw?.bytes === undefined) return inherited ?? characterSetOf(undefined);
  return characterSetOf(latin1(raw.bytes, 0, trimmedEnd(raw.bytes, 0, raw.bytes.length)).split('\\'));
};

/** Texts above ASCII that follow the top level's character set. */
function collectTexts(root: readonly Raw[], texts: Uint8Array[]): void {
  const open: (readonly Raw[])[] = [root];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    for (const element of level) {
      for (const item of element.items ?? []) {
        if (!item.some((inner) => inner.tag === 0x00080005)) open.push(item);
      }
      const { bytes } = element;
      if (bytes !== undefined && charsetTextVrs.includes(element.vr) && bytes.some((byte) => byte > 0x7f)) {
        texts.push(bytes.subarray(0, trimmedEnd(bytes, 0, bytes.length)));
      }
    }
  }
}

/** Nesting is at most 64 deep here, so recursion is safe. */
function decodeTree(elements: readonly Raw[], set: CharacterSet): Dataset {
  return elements.map((raw) => {
    const entry = dictionaryEntry(raw.tag);
    const value =
      raw.bytes === undefined || raw.bytes.length === 0 ? undefined : decodeValue(raw, raw.bytes, set);
    return {
      tag: raw.tag,
      vr: vrName(raw.vr),
      keyword: entry?.keyword ?? '',
      ...(raw.creator !== undefined && { creator: raw.creator }),
      lengthBytes: raw.lengthBytes,
      ...(raw.items !== undefined && {
        items: raw.items.map((item) => decodeTree(item, declaredSet(item, set))),
      }),
      ...(value !== undefined && { value }),
    };
  });
}

function decodeValue(raw: Raw, bytes: Uint8Array, set: CharacterSet): NonNullable<DatasetElement['value']> {
  const { vr } = raw;
  if (byteVrs.includes(vr)) return bytes;
  if (numberSize(vr) > 0) return readNumbers(bytes, 0, bytes.length, vr, raw.bigEndian).values;
  const end = trimmedEnd(bytes, 0, bytes.length);
  if (decimalVrs.includes(vr)) {
    const { values, valid } = readNumbers(bytes, 0, bytes.length, vr, raw.bigEndian);
    const text = latin1(bytes, 0, end);
    // Keep what cannot be read as numbers as the text it is.
    return valid || values.length === text.split('\\').length ? values : text.split('\\');
  }
  const part = bytes.subarray(0, end);
  const text = plainTextVrs.includes(vr)
    ? latin1(part, 0, part.length)
    : decodeText(part, set, vr === VR.PN).text;
  return wholeTextVrs.includes(vr) ? [text] : text.split('\\').map((value) => value.trim());
}
