/**
 * The header scan of one file: attributes that index, list, geometry and pixels need, and where the pixels are.
 * One forward walk (walker.ts) that reads a few KiB, stops at pixel data, and looks behind it only for what follows.
 */
import { type Problem, problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { AttributeReader, type Collected } from './attribute-reader.ts';
import { type ByteSource, ByteWindow } from './byte-source.ts';
import { checkIdentity, checkMeta } from './check-identity.ts';
import { checkPicture } from './check-picture.ts';
import { explicitLittle, resolveEncoding } from './encoding.ts';
import { type FileStart, readFileStart } from './file-start.ts';
import { Flags } from './flags.ts';
import { FrameLuts, settleFrameLuts, voiLutSequence } from './frame-luts.ts';
import { readFunctionalGroups, realWorldMappings } from './functional-groups.ts';
import { deflateStart, inflateDataset } from './inflate-dataset.ts';
import { type Item, type ItemValue, readItems } from './items.ts';
import { limits } from './limits.ts';
import { type LocatedPixels, locatePixels } from './locate-pixels.ts';
import { settleRescale, tellNoSlope } from './number-faults.ts';
import { photometricName } from './photometric.ts';
import {
  isRawPictureTag,
  lookupTables,
  numbersOf,
  overlaysOf,
  paletteOf,
  regionsOf,
  shutterOf,
} from './picture-parts.ts';
import { encapsulatedPixels, nativePixels, type PixelElement } from './pixel-element.ts';
import { PrivateBlocks } from './private-blocks.ts';
import { settleRealWorld } from './real-world.ts';
import type { ScanMemory } from './scan-memory.ts';
import type { Attributes, ByteRange, FrameAttributes, PixelLocation, Scan } from './types.ts';
import { VendorValues } from './vendor-values.ts';
import { VR } from './vr.ts';
import { type Encoding, Token, Walker } from './walker.ts';
import { wantedAtRoot, wantedInRadiopharmaceutical } from './wanted.ts';

export interface ScanOptions {
  /**
   * Files opened in place: a fault that would refuse the file on import becomes a flag, as long as any attribute
   * could be read. Import leaves it out.
   */
  readonly keepPartial?: boolean;
  /** Carried from file to file by a scanner of many; makes neighbours in a series cheaper, changes no result. */
  readonly memory?: ScanMemory;
}

/** Records of a medium; nothing but a DICOMDIR has them. */
const directoryRecords = 0x00041220;
const directoryClass = '1.2.840.10008.1.3.10';
/** X-ray angiographic, radiofluoroscopic and biplane images. */
const angiographicClasses = '1.2.840.10008.5.1.4.1.1.12.';
const sharedGroups = 0x52009229;
const perFrameGroups = 0x52009230;
/** Largest overlay kept, packed: 4096 × 4096 twice. */
const keptRawBytes = 4 * 1024 * 1024;

/**
 * Scans a file's header. Fails with the code that an import receipt shows (NOT_DICOM, TRUNCATED_HEADER, UID_MISSING
 * …); all other faults are `flags` of the result. Never throws for what a file holds.
 */
export function scan(source: ByteSource, options: ScanOptions = {}): Result<Scan> {
  const flags = new Flags();
  if (source.size > limits.fileBytes) return fail(problem('FILE_TOO_LARGE', { limit: '32 GiB' }));
  const window = new ByteWindow(source);
  const start = readFileStart(window, flags);
  if (start.fatal !== undefined)
    return start.mediaStorageSOPClassUID === directoryClass
      ? ok(emptyDirectory(start, start.fatal))
      : fail(start.fatal);
  const resolved = resolveEncoding(window, start, flags);
  if (!resolved.ok) return fail(resolved.problem);
  const { encoding, transferSyntaxUID, deflated } = resolved.value;
  let dataset = window;
  let begin = start.datasetOffset;
  if (deflated) {
    const inflated = inflateDataset(source, begin);
    if (!inflated.ok) return fail(inflated.problem);
    if (deflateStart(source, begin) !== begin)
      flags.add('TS_MISMATCH', { declared: transferSyntaxUID, found: 'zlib' });
    dataset = new ByteWindow(inflated.value);
    begin = 0;
  }
  const walker = new Walker(dataset, begin, encoding, flags);
  const header = readHeaderOf(walker, dataset, flags, options.memory);
  return assemble(header, { start, dataset, flags, transferSyntaxUID, encoding, deflated, options });
}

/** A directory of which nothing but the file meta information is left. */
function emptyDirectory(start: FileStart, fatal: Problem): Scan {
  return {
    transferSyntaxUID: start.transferSyntaxUID ?? explicitLittle,
    datasetOffset: start.datasetOffset,
    deflated: false,
    attributes: {},
    pixel: { kind: 'none' },
    isDirectory: true,
    flags: [fatal],
  };
}

/** What the walk collected. */
interface Header {
  readonly reader: AttributeReader;
  readonly attributes: Collected;
  readonly raw: ReadonlyMap<number, ItemValue>;
  readonly sequences: ReadonlyMap<number, readonly Item[]>;
  readonly shared: Collected[];
  readonly perFrame: Collected[];
  /** Items of the real-world value mappings that each of them has. */
  readonly mappings: ReadonlyMap<Collected, readonly Item[]>;
  /** VOI LUTs of functional groups. */
  readonly luts: ReadonlyMap<Collected, readonly Item[]>;
  readonly pixel: PixelElement;
  readonly vendor: VendorValues;
  /** It has the records of a directory. */
  readonly hasRecords: boolean;
  readonly fatal: Problem | undefined;
}

/** Most files have none of these. */
const noValues: ReadonlyMap<number, ItemValue> = new Map();
const noSequences: ReadonlyMap<number, readonly Item[]> = new Map();
const detectors = 0x00540022;
const noItems: ReadonlyMap<Collected, readonly Item[]> = new Map();
/** Of a header without private elements; takes none. */
const noVendorValues = new VendorValues();
const keptSequences: ReadonlySet<number> = new Set([0x00283000, voiLutSequence, 0x00186011, detectors]);
const radiopharmaceuticals = 0x00540016;

function readHeaderOf(
  walker: Walker,
  window: ByteWindow,
  flags: Flags,
  memory: ScanMemory | undefined,
): Header {
  const reader = new AttributeReader(window, flags, memory);
  const attributes: Collected = {};
  let raw = noValues;
  let sequences = noSequences;
  const tables: { extendedTable?: ByteRange; extendedLengths?: ByteRange } = {};
  const blocks = new PrivateBlocks(flags);
  let vendor: VendorValues | undefined;
  let shared: Collected[] = [];
  let perFrame: Collected[] = [];
  let mappings: Map<Collected, readonly Item[]> | undefined;
  const onMapping = (part: Collected): void => {
    mappings ??= new Map();
    mappings.set(part, readItems(walker, window));
  };
  let luts: FrameLuts | undefined;
  const onLuts = (part: Collected): void => {
    luts ??= new FrameLuts();
    luts.see(part, readItems(walker, window), flags);
  };
  let pixel: PixelElement = { kind: 'none' };
  let hasRecords = false;
  let fatal: Problem | undefined;
  for (let token = walker.next(); token !== Token.End && fatal === undefined; token = walker.next()) {
    if (walker.depth > (token === Token.Sequence ? 1 : 0)) continue;
    const { tag } = walker;
    if (token === Token.Element) {
      const wanted = wantedAtRoot.get(tag);
      if (wanted !== undefined) {
        if (walker.isDisordered && attributes[wanted.keyword] !== undefined)
          reader.duplicate(attributes, wanted, walker);
        else reader.read(attributes, wanted, walker);
      } else if (tag >= 0x7fe00000) {
        if (tag === 0x7fe00001) tables.extendedTable = { offset: walker.offset, length: walker.length };
        if (tag === 0x7fe00002) tables.extendedLengths = { offset: walker.offset, length: walker.length };
        if (pixel.kind === 'none') pixel = nativePixels(walker) ?? pixel;
      } else if ((tag & 0x10000) !== 0) {
        vendor ??= new VendorValues();
        vendor.see(walker, window, attributes);
      } else if (isRawPictureTag(tag)) raw = keepRaw(walker, window, raw);
      blocks.check(tag, walker, window);
    } else if (token === Token.Fragments) {
      const found = encapsulatedPixels(walker, window, flags, tables);
      if ('code' in found) fatal = found;
      else if (pixel.kind === 'none') pixel = found;
    } else if (token === Token.Sequence) {
      if (tag === perFrameGroups) perFrame = readFunctionalGroups(walker, reader, { onMapping, onLuts });
      else if (tag === sharedGroups) shared = readFunctionalGroups(walker, reader, { onMapping, onLuts });
      else if (keptSequences.has(tag)) sequences = new Map([...sequences, [tag, readItems(walker, window)]]);
      else if ((tag & 0x10000) !== 0) {
        vendor ??= new VendorValues();
        vendor.seeSequence(walker, window, attributes);
      } else if (tag === realWorldMappings) onMapping(attributes);
      else if (tag === directoryRecords) hasRecords = true;
      else if (tag === radiopharmaceuticals) readRadiopharmaceutical(walker, reader, attributes);
    }
  }
  reader.finish(attributes['SpecificCharacterSet'] as readonly string[] | undefined);
  return {
    reader,
    attributes,
    raw,
    sequences,
    shared,
    perFrame,
    mappings: mappings ?? noItems,
    luts: luts?.found ?? noItems,
    pixel,
    vendor: vendor ?? noVendorValues,
    hasRecords,
    fatal: fatal ?? walker.fatal,
  };
}

function keepRaw(
  walker: Walker,
  window: ByteWindow,
  raw: ReadonlyMap<number, ItemValue>,
): ReadonlyMap<number, ItemValue> {
  const { tag, vr, bigEndian, length, offset } = walker;
  const bytes = length > 0 && length <= keptRawBytes ? window.copy(offset, length) : undefined;
  return bytes === undefined || raw.has(tag) ? raw : new Map([...raw, [tag, { tag, vr, bytes, bigEndian }]]);
}

/** Dose, half-life and start of the first radiopharmaceutical (PS3.3 C.8.9.2). */
function readRadiopharmaceutical(walker: Walker, reader: AttributeReader, attributes: Collected): void {
  const base = walker.depth;
  for (let token = walker.next(); token !== Token.End && walker.depth >= base; token = walker.next()) {
    const wanted =
      token === Token.Element && walker.depth === base
        ? wantedInRadiopharmaceutical.get(walker.tag)
        : undefined;
    if (wanted !== undefined && attributes[wanted.keyword] === undefined)
      reader.read(attributes, wanted, walker);
  }
}

interface Context {
  readonly start: FileStart;
  readonly dataset: ByteWindow;
  readonly flags: Flags;
  readonly transferSyntaxUID: string;
  readonly encoding: Encoding;
  readonly deflated: boolean;
  readonly options: ScanOptions;
}

function assemble(header: Header, context: Context): Result<Scan> {
  const { start, flags, options } = context;
  const { reader } = header;
  const collected = header.attributes;
  settleRescales(header, flags);
  if (collected['PixelRepresentation'] === 1) signPixelValues(collected, reader.unsignedKeywords);
  header.vendor.complete(collected);
  placeByDetector(collected, header.sequences.get(detectors) ?? []);
  const mosaic = header.vendor.mosaic(collected);
  const attributes = collected as Attributes;
  const isDirectory =
    header.hasRecords ||
    attributes.SOPClassUID === directoryClass ||
    start.mediaStorageSOPClassUID === directoryClass;
  const fatal =
    header.fatal ??
    (reader.ambiguous === undefined
      ? undefined
      : problem('IDENTITY_AMBIGUOUS', { keyword: reader.ambiguous })) ??
    (isDirectory ? undefined : checkIdentity(attributes));
  if (fatal !== undefined) {
    const hasNothing = Object.keys(collected).length === 0 && !start.hasPrefix;
    // A damaged directory is one still: it is listed as such, and the medium's files are found without it.
    if (!isDirectory && (options.keepPartial !== true || hasNothing)) return fail(fatal);
    flags.add(fatal.code, fatal.params);
  }
  checkMeta(attributes, start, flags);
  const { pixel, transferSyntaxUID } = placePixels(header.pixel, collected, context);
  const { modality, voi, frameVoi, palette } = settleTables(header, pixel, flags);
  const overlays = header.raw.size > 0 ? overlaysOf(header.raw, flags, lowestStored(attributes)) : [];
  const shutter = header.raw.size > 0 ? shutterOf(header.raw) : undefined;
  const regions = regionsOf(header.sequences.get(0x00186011) ?? []);
  const sharedFrame = header.shared[0] as FrameAttributes | undefined;
  const perFrame = header.perFrame as readonly FrameAttributes[];
  checkPicture({ attributes, transferSyntaxUID, pixel, sharedFrame, perFrame, palette }, flags);
  return ok({
    transferSyntaxUID,
    datasetOffset: start.datasetOffset,
    deflated: context.deflated,
    attributes,
    ...(sharedFrame !== undefined && { sharedFrame }),
    ...(perFrame.length > 0 && { perFrame }),
    pixel,
    ...(modality !== undefined && { modalityLut: modality }),
    ...(voi.length > 0 && { voiLuts: voi }),
    ...(frameVoi.length > 0 && { frameVoiLuts: frameVoi }),
    ...(palette !== undefined && { palette }),
    ...(overlays.length > 0 && { overlays }),
    ...(shutter !== undefined && { shutter }),
    ...(regions.length > 0 && { regions }),
    ...(mosaic !== undefined && { mosaic }),
    ...(reader.charsetGuess !== undefined && { charsetGuess: reader.charsetGuess }),
    isDirectory,
    flags: flags.list(),
  });
}

/** The tables of the file, and the unit and windows of its values as these and real-world mappings have them. */
function settleTables(header: Header, pixel: PixelLocation, flags: Flags) {
  const { attributes: collected, raw, sequences, shared, perFrame } = header;
  const attributes = collected as Attributes;
  const isSigned = attributes.PixelRepresentation === 1;
  // The table of an angiogram leads back to X-ray intensity and takes no part in showing it (PS3.3 C.8.7.1.1.2, PS3.4 N.2.1).
  const isAngiogram = attributes.SOPClassUID?.startsWith(angiographicClasses) === true;
  const modalityItems = isAngiogram ? [] : (sequences.get(0x00283000) ?? []);
  const [modality] = lookupTables(modalityItems, isSigned, flags);
  const isMapped = modality !== undefined;
  // A table takes the place of slope and intercept, and of their unit (PS3.3 C.11.1.1.2).
  if (isMapped) collected['RescaleType'] = modality.type || 'US';
  // A VOI LUT maps modality values; where its VR does not tell, they are signed when they can be below 0.
  const isSignedVoi = !isMapped && (isSigned || (attributes.RescaleIntercept ?? 0) < 0);
  const voi = lookupTables(sequences.get(voiLutSequence) ?? [], isSignedVoi, flags);
  const parts = { root: collected, shared, perFrame };
  const frameVoi = settleFrameLuts(parts, header.luts, { isSigned, isMapped }, flags);
  const isPlain = modalityItems.length + voi.length + frameVoi.length === 0 && isGrey(attributes);
  const isFloat = pixel.kind === 'native' && pixel.element !== 'PixelData';
  settleRealWorld(parts, header.mappings, { isPlain, isFloat }, flags);
  return { modality, voi, frameVoi, palette: paletteOf(raw, isSigned, flags) };
}

/** Where the pixels are, and what the header should have said of them: the colour space's name, the bits of streams. */
function placePixels(element: PixelElement, collected: Collected, context: Context): LocatedPixels {
  const written = collected['PhotometricInterpretation'];
  if (typeof written === 'string') collected['PhotometricInterpretation'] = photometricName(written);
  const located = locatePixels(element, collected, context);
  Object.assign(collected, located.bits);
  return located;
}

function settleRescales({ attributes, shared, perFrame }: Header, flags: Flags): void {
  settleRescale(attributes, flags);
  tellNoSlope(attributes, flags);
  for (const part of shared) settleRescale(part, flags);
  for (const part of perFrame) settleRescale(part, flags);
}

const lowestStored = ({ BitsAllocated = 16, BitsStored = BitsAllocated, HighBit }: Attributes): number =>
  HighBit === undefined ? 0 : HighBit - BitsStored + 1;

const isGrey = ({ SamplesPerPixel = 1, PhotometricInterpretation }: Attributes): boolean =>
  SamplesPerPixel === 1 && PhotometricInterpretation !== 'PALETTE COLOR';

/** Where a reconstructed NM object begins stands with its one detector (PS3.3 C.8.4.11, C.8.4.15). */
function placeByDetector(collected: Collected, [detector, other]: readonly Item[]): void {
  const types = collected['ImageType'];
  const isReconstructed = Array.isArray(types) && types.some((type) => /^RECON (GATED )?TOMO$/.test(type));
  if (detector === undefined || other !== undefined || !isReconstructed) return;
  for (const [keyword, tag, count] of placeOfDetector) {
    const values = numbersOf(detector.get(tag), VR.DS);
    if (collected[keyword] === undefined && values.length === count) collected[keyword] = values;
  }
}

const placeOfDetector = [
  ['ImagePositionPatient', 0x00200032, 3],
  ['ImageOrientationPatient', 0x00200037, 6],
] as const;

/** US or SS by Pixel Representation, which may follow the value. */
function signPixelValues(collected: Collected, keywords: readonly string[]): void {
  for (const keyword of keywords) {
    const value = collected[keyword];
    if (typeof value === 'number' && value >= 32_768) collected[keyword] = value - 65_536;
  }
}
