/** Single frames, pictures of them, and bulk data (PS3.18 10.4.1.1.2 to 10.4.1.1.4, 8.7.3). Frames count from 1. */
import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { type PixelCoding, transferSyntaxOf } from '../../../core/dicom/tables/transfer-syntaxes.ts';
import type { ByteRange, Scan } from '../../../core/dicom/types.ts';
import type { ElementPath } from '../../../core/dicomweb/json-write.ts';
import { chooseOffer, mediaTypeText, type Offer } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { frameCodingOf } from '../../../core/pixels/codec-table.ts';
import { locationOf, openLocation } from '../bytes/file-location.ts';
import { frameRanges } from '../bytes/frame-ranges.ts';
import { damageOf } from '../decode/damage.ts';
import type { StoredInstance } from '../store/show-study.ts';
import type { WebObject } from '../store/web-find.ts';
import type { WebContext } from './context.ts';
import type { OneObject } from './route.ts';

const octets = 'application/octet-stream';
const explicitLittle = '1.2.840.10008.1.2.1';
const codedTypes: Readonly<Partial<Record<PixelCoding, string>>> = {
  jpeg8: 'image/jpeg',
  jpeg12: 'image/jpeg',
  jpegLossless: 'image/jpeg',
  jpegLs: 'image/jls',
  jpeg2000: 'image/jp2',
  htj2k: 'image/jphc',
  rle: 'image/dicom-rle',
};
const pixelTags = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

interface Found {
  readonly object: WebObject;
  readonly instance: StoredInstance;
}

async function find(context: WebContext, target: OneObject): Promise<Found | ByteResponse> {
  const [object] = await context.read.call('webObjects', target);
  if (!object) return context.refuse(404);
  const instance = await context.read.call('instance', { instanceKey: object.instanceKey });
  if (!instance || instance.deleted) return context.refuse(404);
  return { object, instance };
}

const frameCount = ({ pixel, attributes }: Scan): number => {
  if (pixel.kind === 'none') return 0;
  return pixel.kind === 'encapsulated' ? pixel.frames.length : Math.max(1, attributes.NumberOfFrames ?? 1);
};

const failedStatus = ({ code }: Problem): number =>
  code === 'FRAME_RANGE' ? 404 : code === 'FILE_MISSING' ? 410 : 422;

/** `coded`: as stored; otherwise cells as little-endian bytes. */
type FrameOffer = Offer & { readonly coded: boolean };

function frameOffers(scan: Scan, isOne: boolean): FrameOffer[] {
  const uid = scan.transferSyntaxUID;
  const coding = transferSyntaxOf(uid)?.coding ?? 'none';
  const plain = { type: octets, transferSyntaxUid: explicitLittle, isDefault: true, coded: false };
  const decoded: FrameOffer[] = [
    { ...plain, isMultipart: true },
    ...(isOne ? [{ ...plain, isMultipart: false }] : []),
  ];
  if (coding === 'native') return decoded;
  const named = codedTypes[coding];
  const inCoding = (type: string, isDefault: boolean): FrameOffer[] =>
    [true, ...(isOne ? [false] : [])].map((isMultipart) => ({
      type,
      isMultipart,
      transferSyntaxUid: uid,
      isDefault,
      coded: true,
    }));
  // `transfer-syntax=*` takes what costs nothing; without one, pixels are what everybody can read.
  const coded = [...inCoding(octets, false), ...(named === undefined ? [] : inCoding(named, true))];
  const isShown = coding !== 'video' && coding !== 'none';
  return isShown
    ? [coded[0]!, ...decoded, ...coded.slice(1)]
    : coded.map((one) => ({ ...one, isDefault: true }));
}

export async function answerFrames(
  context: WebContext,
  target: OneObject,
  frames: readonly number[],
): Promise<ByteResponse> {
  const found = await find(context, target);
  if ('status' in found) return found;
  const { scan } = found.instance;
  const count = frameCount(scan);
  if (frames.some((frame) => frame > count)) return context.refuse(404, 'frames');
  const offer = chooseOffer(context.accept, frameOffers(scan, frames.length === 1));
  if (!offer) return context.refuse(406);
  const reader = new FrameReader(context, found.instance, offer.coded);
  // The first is read before the answer begins, so that what cannot be had is told as such.
  const first = await reader.frame(frames[0]!);
  await reader.close();
  if (!(first instanceof Uint8Array)) return context.refuse(failedStatus(first), first.code);
  context.log.read(`frames ${found.object.studyKey}`);
  const partType = mediaTypeText(offer.type, { 'transfer-syntax': offer.transferSyntaxUid ?? '' });
  if (!offer.isMultipart) return { status: 200, headers: { 'content-type': partType }, body: first };
  const boundary = `candela-${randomUUID()}`;
  const type = mediaTypeText('multipart/related', { type: offer.type, boundary });
  return {
    status: 200,
    headers: { 'content-type': type },
    body: parts(context, reader, first, frames, boundary, partType),
  };
}

/** Holds nothing open before it is begun: an answer may never be. */
async function* parts(
  context: WebContext,
  reader: FrameReader,
  first: Uint8Array,
  frames: readonly number[],
  boundary: string,
  partType: string,
): AsyncGenerator<Uint8Array> {
  try {
    for (const [index, frame] of frames.entries()) {
      if (context.signal.aborted) return;
      const bytes = index === 0 ? first : await reader.frame(frame);
      // An answer that breaks off is understood as one; a part left out is not.
      if (!(bytes instanceof Uint8Array)) throw new Error(bytes.code);
      yield partHead(boundary, { 'Content-Type': partType }, index === 0);
      yield bytes;
    }
    yield closeDelimiter(boundary);
  } finally {
    await reader.close();
  }
}

/** Frames of one object, whose file is opened when it is needed. */
class FrameReader {
  readonly #context: WebContext;
  readonly #instance: StoredInstance;
  readonly #coded: boolean;
  #file: FileHandle | null = null;

  constructor(context: WebContext, instance: StoredInstance, coded: boolean) {
    this.#context = context;
    this.#instance = instance;
    this.#coded = coded;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  /** @param frame from 1. */
  async frame(frame: number): Promise<Uint8Array | Problem> {
    const { scan } = this.#instance;
    const isAsStored = this.#coded || isPlainNative(scan);
    const ranges = isAsStored ? frameRanges(scan, frame - 1) : null;
    if (ranges) return this.#read(ranges);
    const { file } = locationOf(this.#instance, this.#context.folder);
    const [decoded] = await this.#context.decode.decodeFrames(file, scan, [frame - 1]);
    if (!decoded?.ok) return decoded?.problem ?? problem('FRAME_RANGE', { frame });
    // Nothing beside bare pixels says that they are not sound; as they are stored they can be had.
    const damaged = damageOf(decoded.value);
    if (damaged) return damaged;
    const { cells } = decoded.value;
    const { BitsAllocated } = scan.attributes;
    if (BitsAllocated === 1 || BitsAllocated === 12) return packed(cells, BitsAllocated);
    return new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  }

  async #read(ranges: readonly ByteRange[]): Promise<Uint8Array | Problem> {
    if (!this.#file) {
      const opened = await openLocation(locationOf(this.#instance, this.#context.folder));
      if (!opened.ok) return opened.problem;
      this.#file = opened.value;
    }
    const bytes = Buffer.alloc(ranges.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { offset, length } of ranges) {
      await this.#file.read(bytes, at, length, offset);
      at += length;
    }
    return bytes;
  }
}

/** Stored as an octet stream has it: little endian, whole bytes. */
const isPlainNative = (scan: Scan): boolean => {
  const coding = frameCodingOf(scan.transferSyntaxUID);
  const { pixel, attributes, deflated } = scan;
  const isLittle = (coding?.kind === 'native' && !coding.bigEndian) || attributes.BitsAllocated === 8;
  const isPacked = attributes.BitsAllocated === 1 || attributes.BitsAllocated === 12;
  return pixel.kind === 'native' && !deflated && isLittle && !pixel.words && !isPacked;
};

/**
 * Pixels of one or twelve bits without gaps, the first in the lowest bits (PS3.5 8.1.1). Each frame begins with a byte,
 * while those that are stored may begin within one.
 */
function packed(cells: ArrayLike<number>, bits: 1 | 12): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((cells.length * bits) / 8));
  for (let index = 0; index < cells.length; index++) {
    const first = index * bits;
    const cell = bits === 1 ? Number(cells[index] !== 0) : cells[index]! & 0xfff;
    const place = cell << (first & 7);
    bytes[first >> 3]! |= place;
    if (bits === 12) bytes[(first >> 3) + 1]! |= place >> 8;
  }
  return bytes;
}

const pictureParameters: ReadonlySet<string> = new Set(['window', 'accept']);

/** A picture as it is first shown, or in the window of `?window=center,width[,function]`. */
export async function answerRendered(
  context: WebContext,
  target: OneObject,
  frame: number,
  parameters: URLSearchParams,
): Promise<ByteResponse> {
  const window = parameters.get('window');
  const pictures = ['image/png', 'image/jpeg'].map((type) => ({ type, isMultipart: false }));
  const offer = chooseOffer(context.accept, pictures);
  if (!offer) return context.refuse(406);
  const [center = Number.NaN, width = Number.NaN] = (window ?? '').split(',').map(Number);
  if (window !== null && !(Number.isFinite(center) && width > 0)) return context.refuse(400, 'window');
  const found = await find(context, target);
  if ('status' in found) return found;
  const { instance, object } = found;
  if (frame > frameCount(instance.scan)) return context.refuse(404, 'frames');
  const made = await context.decode.framePicture({
    path: locationOf(instance, context.folder).file,
    scan: instance.scan,
    frame: frame - 1,
    coding: offer.type === 'image/jpeg' ? 'jpeg' : 'png',
    ...(window !== null && { window: [width, center] as const }),
  });
  if (!made.ok) return context.refuse(failedStatus(made.problem), made.problem.code);
  context.log.read(`rendered ${object.studyKey}`);
  const unsupported = [...new Set(parameters.keys())].filter((name) => !pictureParameters.has(name));
  const warnings = [
    ...(unsupported.length > 0 ? [`The following parameters are not supported: ${unsupported.length}`] : []),
    ...(made.value.problem ? [`The picture may not be sound: ${made.value.problem.code}`] : []),
  ];
  const warning = warnings.length > 0 && { warning: `299 candela "${warnings.join('; ')}"` };
  return { status: 200, headers: { 'content-type': offer.type, ...warning }, body: made.value.bytes };
}

/** A value that metadata gave as an address. Pixel data come as all their frames. */
export async function answerBulk(
  context: WebContext,
  target: OneObject,
  path: ElementPath,
): Promise<ByteResponse> {
  const found = await find(context, target);
  if ('status' in found) return found;
  const { instance, object } = found;
  if (path.length === 1 && pixelTags.has(path[0]!)) {
    const count = frameCount(instance.scan);
    const frames = Array.from({ length: count }, (_, index) => index + 1);
    return count === 0 ? context.refuse(404) : answerFrames(context, target, frames);
  }
  const offers = [true, false].map((isMultipart) => ({ type: octets, isMultipart }));
  const offer = chooseOffer(context.accept, offers);
  if (!offer) return context.refuse(406);
  const value = await context.parse.web({
    file: locationOf(instance, context.folder).file,
    want: 'value',
    path,
  });
  if (!value.ok) return context.refuse(value.problem.code === 'NOT_FOUND' ? 404 : 422, value.problem.code);
  context.log.read(`bulk ${object.studyKey}`);
  if (!offer.isMultipart) return { status: 200, headers: { 'content-type': octets }, body: value.value };
  const boundary = `candela-${randomUUID()}`;
  const body = Buffer.concat([
    partHead(boundary, { 'Content-Type': octets }, true),
    value.value,
    closeDelimiter(boundary),
  ]);
  const type = mediaTypeText('multipart/related', { type: octets, boundary });
  return { status: 200, headers: { 'content-type': type }, body };
}
