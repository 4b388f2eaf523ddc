import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { type ByteSource, ByteWindow } from '../../../core/dicom/byte-source.ts';
import { dictionaryEntry } from '../../../core/dicom/dictionary.ts';
import { Flags } from '../../../core/dicom/flags.ts';
import { walkFragments } from '../../../core/dicom/fragments.ts';
import { VR, vrCode, vrForm } from '../../../core/dicom/vr.ts';
import { type Encoding, Token, Walker } from '../../../core/dicom/walker.ts';

/**
 * A data set in another encoding (PS3.5 7.1, 7.3, 10): little endian, with or without VR letters, element by element;
 * values keep their bytes but for the byte order. Pixel data are the caller's where they are to be decoded.
 */
export interface ReEncodeRequest {
  readonly source: ByteSource;
  readonly start: number;
  readonly encoding: Encoding;
  readonly explicit: boolean;
  write(bytes: Uint8Array): void;
  /** Of the top level, written in place of what the source has; null leaves the element out. */
  readonly replaced: ReadonlyMap<number, Uint8Array | null>;
  /** Writes the value of the pixel data decoded: null where the source's go as they lie. */
  readonly pixels: DecodedPixels | null;
}

export interface DecodedPixels {
  readonly lengthBytes: number;
  /** VR.OB or VR.OW. */
  readonly vr: number;
  write(): Promise<Result<null>>;
}

const pixelDataTag = 0x7fe00010;
const pixelRepresentationTag = 0x00280103;
const iconSequenceTag = 0x00880200;
const offsetTables: ReadonlySet<number> = new Set([0x7fe00001, 0x7fe00002, 0x7fe00003]);
const undefinedLength = 0xffffffff;
const chunkBytes = 1 << 20;

/** Bytes of one unit that changes with the byte order, by VR; the rest are bytes. */
const unitBytes: ReadonlyMap<number, number> = new Map([
  ...[VR.US, VR.SS, VR.OW, VR.AT].map((vr) => [vr, 2] as const),
  ...[VR.UL, VR.SL, VR.FL, VR.OF, VR.OL].map((vr) => [vr, 4] as const),
  ...[VR.FD, VR.OD, VR.OV, VR.SV, VR.UV].map((vr) => [vr, 8] as const),
]);
const textPadded: ReadonlySet<number> = new Set(
  'AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' ').map(vrCode),
);

/** Problems: what makes the source unreadable to its end; those of decoding. */
export async function reEncode(request: ReEncodeRequest): Promise<Result<null>> {
  return new ReEncoder(request).run();
}

class ReEncoder {
  readonly #request: ReEncodeRequest;
  readonly #window: ByteWindow;
  readonly #walker: Walker;
  #isSigned = false;
  /** Depth of the sequence that is being left out; 0 = none. */
  #skipDepth = 0;

  constructor(request: ReEncodeRequest) {
    this.#request = request;
    this.#window = new ByteWindow(request.source);
    this.#walker = new Walker(this.#window, request.start, request.encoding, new Flags());
  }

  async run(): Promise<Result<null>> {
    const walker = this.#walker;
    for (let token = walker.next(); token !== Token.End; token = walker.next()) {
      const isRewritten = token === Token.Element && this.#isRewritten();
      if (token === Token.Fragments || isRewritten) {
        const written = await this.#pixels(token);
        if (!written.ok) return written;
      } else this.#token(token);
    }
    // What cannot be followed to its end would be sent cut.
    return walker.fatal === undefined ? ok(null) : fail(walker.fatal);
  }

  #token(token: number): void {
    const walker = this.#walker;
    if (token === Token.Sequence) {
      if (this.#skipDepth === 0 && this.#isLeftOut()) this.#skipDepth = walker.depth;
      else if (this.#skipDepth === 0) this.#header(walker.tag, VR.SQ, undefinedLength);
      return;
    }
    if (token === Token.SequenceEnd && this.#skipDepth === walker.depth + 1) {
      this.#skipDepth = 0;
      return;
    }
    if (this.#skipDepth > 0) return;
    if (token === Token.Item) this.#delimiter(0xe000, undefinedLength);
    else if (token === Token.ItemEnd) this.#delimiter(0xe00d, 0);
    else if (token === Token.SequenceEnd) this.#delimiter(0xe0dd, 0);
    else this.#element();
  }

  /** Encapsulated icons cannot stay in a native data set, and nobody needs them. */
  #isLeftOut(): boolean {
    const { tag, depth } = this.#walker;
    return depth === 1 && tag === iconSequenceTag && this.#request.pixels !== null;
  }

  #element(): void {
    const walker = this.#walker;
    const { tag, depth } = walker;
    const low = tag % 65_536;
    // Group lengths would be wrong, and are retired (PS3.5 7.2); meta elements have no place here.
    if (low === 0 || tag < 0x00080000) return;
    if (depth === 0) {
      if (this.#request.pixels && offsetTables.has(tag)) return;
      const replaced = this.#request.replaced.get(tag);
      if (replaced === null) return;
      if (replaced) {
        this.#value(tag, knownVr(tag, walker.vr, this.#isSigned), replaced);
        return;
      }
    }
    const vr = knownVr(tag, walker.vr, this.#isSigned);
    if (depth === 0 && tag === pixelRepresentationTag && walker.length >= 2) {
      const bytes = this.#window.copy(walker.offset, 2);
      this.#isSigned = bytes !== undefined && bytes[walker.bigEndian ? 1 : 0] === 1;
    }
    this.#copy(tag, vr);
  }

  #copy(tag: number, vr: number): void {
    const { offset, length, bigEndian } = this.#walker;
    const isOdd = length % 2 === 1;
    this.#header(tag, vr, length + (isOdd ? 1 : 0));
    const unit = bigEndian ? (unitBytes.get(vr) ?? 1) : 1;
    for (let at = 0; at < length; at += chunkBytes) {
      const bytes = this.#window.copy(offset + at, Math.min(chunkBytes, length - at));
      if (!bytes) return;
      if (unit > 1) swap(bytes, unit);
      this.#request.write(bytes);
    }
    if (isOdd) this.#request.write(Uint8Array.of(textPadded.has(vr) ? 0x20 : 0));
  }

  #value(tag: number, vr: number, bytes: Uint8Array): void {
    this.#header(tag, vr, bytes.length);
    this.#request.write(bytes);
  }

  /** Pixels in an element that has a length, decoded all the same. */
  #isRewritten(): boolean {
    const { tag, depth } = this.#walker;
    return tag === pixelDataTag && depth === 0 && this.#request.pixels !== null;
  }

  async #pixels(token: number): Promise<Result<null>> {
    const walker = this.#walker;
    const { pixels } = this.#request;
    if (!pixels) return fail(problem('PIXEL_ENCODING_MISMATCH', { codec: 'native' }));
    if (token === Token.Fragments)
      walker.position = walkFragments(this.#window, walker.offset, walker.flags, () => {}).end;
    this.#header(pixelDataTag, pixels.vr, pixels.lengthBytes);
    return pixels.write();
  }

  #header(tag: number, vr: number, length: number): void {
    const { explicit } = this.#request;
    // Too long for the 16-bit length of its VR: UN (PS3.5 6.2.2).
    const isShort = vrForm(vr >> 8, vr & 0xff) === 1;
    const written = isShort && length > 0xffff ? VR.UN : vr;
    const isLongForm = explicit && !(isShort && written === vr);
    const header = new Uint8Array(isLongForm ? 12 : 8);
    const view = new DataView(header.buffer);
    view.setUint16(0, tag >>> 16, true);
    view.setUint16(2, tag & 0xffff, true);
    if (!explicit) view.setUint32(4, length, true);
    else {
      view.setUint16(4, written, false);
      if (isLongForm) view.setUint32(8, length, true);
      else view.setUint16(6, length, true);
    }
    this.#request.write(header);
  }

  #delimiter(element: number, length: number): void {
    const header = new Uint8Array(8);
    const view = new DataView(header.buffer);
    view.setUint16(0, 0xfffe, true);
    view.setUint16(2, element, true);
    view.setUint32(4, length, true);
    this.#request.write(header);
  }
}

function swap(bytes: Uint8Array, unit: number): void {
  for (let at = 0; at + unit <= bytes.length; at += unit) bytes.subarray(at, at + unit).reverse();
}

/** The VR of an element whose encoding gives none, as explicit VR needs it. */
function knownVr(tag: number, vr: number, isSigned: boolean): number {
  if (vr !== 0) return vr;
  const group = Math.floor(tag / 65_536);
  if (group % 2 === 1) return tag % 65_536 < 0x100 && tag % 65_536 >= 0x10 ? VR.LO : VR.UN;
  const known = dictionaryEntry(tag)?.vr;
  if (known === undefined || known === 'SQ') return VR.UN;
  if (known === 'XS') return isSigned ? VR.SS : VR.US;
  return known === 'OX' ? VR.OW : vrCode(known);
}
