import { problem } from '../../core/base/problem.ts';
import type { Result } from '../../core/base/result.ts';
import type { PaddingRange } from '../../core/pixels/auto-window.ts';
import { minMax } from '../../core/pixels/cells.ts';
import { decodeFrame } from '../../core/pixels/decode.ts';
import { overlayMask } from '../../core/pixels/masks.ts';
import { modalityScalarType, toModality } from '../../core/pixels/modality.ts';
import {
  nativeShorts,
  noDataInt16,
  type ShortsKernel,
  shiftShorts,
  shortsRule,
} from '../../core/pixels/native-shorts.ts';
import { blankInfinite, missingFrom } from '../../core/pixels/not-number.ts';
import { frameToRgba, isColour } from '../../core/pixels/show.ts';
import type { CodecSet, DecodedFrame, SampleArray } from '../../core/pixels/types.ts';
import { reducedCount, reduceSlice } from '../../core/volume/reduce.ts';
import { cutTile } from '../../core/volume/tiles.ts';
import type { DecodeTarget } from '../volumes/frame-image.ts';
import { frameRange, sampleOf } from './frame-range.ts';
import { type DecodedMessage, type Fragments, type FrameOrder, targetView } from './messages.ts';

/** The frame that was decoded last, for pictures that are cut from the same one. */
export class LastFrame {
  private fragments: Fragments | null = null;
  private decoded: Result<DecodedFrame> | null = null;

  of(fragments: Fragments, decode: () => Result<DecodedFrame>): Result<DecodedFrame> {
    if (this.decoded && this.fragments === fragments) return this.decoded;
    this.fragments = fragments;
    this.decoded = decode();
    return this.decoded;
  }

  forget(): void {
    this.fragments = null;
    this.decoded = null;
  }
}

/** One frame from its bytes to modality values or RGBA. Never throws for what the bytes hold. */
export function decodeOrder(
  order: FrameOrder,
  fragments: Fragments,
  codecs: CodecSet,
  last = new LastFrame(),
  kernel: ShortsKernel = shiftShorts,
): DecodedMessage {
  const { target } = order;
  const reduction = target?.reduction ?? 1;
  if (!target || reduction === 1) return decodeWhole(order, fragments, codecs, last, kernel);
  const scratch = scratchFor(order, target.scalarType);
  const whole = decodeWhole({ ...order, target: scratch }, fragments, codecs, last, kernel);
  if (whole.kind !== 'mono') return whole;
  const size = { rows: reducedCount(whole.rows, reduction), columns: reducedCount(whole.columns, reduction) };
  const count = size.rows * size.columns;
  if (!hasRoom(target, count)) return { kind: 'failed', problem: problem('INTERNAL', { reason: 'target' }) };
  const values = targetView(target, count);
  reduceSlice(targetView(scratch, whole.rows * whole.columns), whole.columns, whole.rows, reduction, values);
  const note = whole.problem && { problem: whole.problem };
  return { kind: 'mono', ...size, values: null, range: frameRange(values), ...note };
}

/** Where frames that are reduced are decoded to, one after another: never more than one of them is held whole. */
let scratchBuffer = new SharedArrayBuffer(0);

function scratchFor({ tile, format }: FrameOrder, scalarType: DecodeTarget['scalarType']): DecodeTarget {
  const { rows, columns } = tile ?? format;
  const bytes = rows * columns * (scalarType === 'int16' ? 2 : 4);
  if (scratchBuffer.byteLength < bytes) scratchBuffer = new SharedArrayBuffer(bytes);
  return { buffer: scratchBuffer, byteOffset: 0, scalarType };
}

const hasRoom = ({ buffer, byteOffset, scalarType }: DecodeTarget, count: number): boolean =>
  byteOffset + count * (scalarType === 'int16' ? 2 : 4) <= buffer.byteLength;

function decodeWhole(
  order: FrameOrder,
  fragments: Fragments,
  codecs: CodecSet,
  last: LastFrame,
  kernel: ShortsKernel,
): DecodedMessage {
  const bytes = joinFragments(fragments);
  const plain = order.tile ? null : plainShorts(order, bytes, kernel);
  if (plain) return plain;
  const { format, transferSyntaxUID, frameIndex } = order;
  const decode = () => decodeFrame(codecs, transferSyntaxUID, bytes, format, frameIndex);
  const decoded = order.tile ? last.of(fragments, decode) : decode();
  if (!decoded.ok) return { kind: 'failed', problem: decoded.problem };
  const frame = order.tile ? cutTile(decoded.value, order.tile) : decoded.value;
  const { rows, columns } = frame;
  const note = frame.problem && { problem: frame.problem };
  // Tiles of a cut mosaic are marked as damaged, and keep what they have.
  const cutAt = order.tile ? null : missingFrom(frame.problem, rows * columns);
  const shorts = cutAt === null && decodedShorts(order, frame, kernel);
  if (shorts) return { ...shorts, ...note };
  if (isColour(format, order.palette)) {
    const { palette } = order;
    const rgba = frameToRgba(frame, { format, attributes: {}, ...(palette && { palette }) });
    return { kind: 'colour', rows, columns, rgba, ...note };
  }
  const values = valuesFor(order, frame);
  if (!values) return { kind: 'failed', problem: problem('INTERNAL', { reason: 'target' }) };
  toModality(frame.masked, order.transform, values);
  const strange = values instanceof Float32Array ? blankInfinite(values) : null;
  if (order.padding) blankPadding(frame.masked, order.padding, values);
  if (cutAt !== null) values.fill(blankOf(values), cutAt);
  const own = order.target ? null : (values as Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>);
  const overlay = embeddedOverlay(order, frame);
  const range = frameRange(values);
  const found = note ?? (strange && { problem: strange });
  return { kind: 'mono', rows, columns, values: own, range, ...(overlay && { overlay }), ...found };
}

/** The short way for most of the world's CT and MR; null where it does not apply. */
function plainShorts(order: FrameOrder, bytes: Uint8Array, kernel: ShortsKernel): DecodedMessage | null {
  const { rows, columns } = order.format;
  const out = shortsTarget(order, rows * columns);
  const found = out && nativeShorts(order, bytes, out, kernel);
  return found && { kind: 'mono', rows, columns, values: null, range: { ...found, sample: sampleOf(out) } };
}

/** The same for what a codec gave: its cells are masked, transformed and blanked in one pass. */
function decodedShorts(order: FrameOrder, frame: DecodedFrame, kernel: ShortsKernel) {
  const { rows, columns, cells } = frame;
  const rule = shortsRule(order);
  const out = shortsTarget(order, rows * columns);
  const isShort = cells instanceof Int16Array || cells instanceof Uint16Array;
  if (!rule || !out || !isShort || frame.cleared || cells.length !== rows * columns) return null;
  const found = kernel(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength), rule, out);
  const range = { ...found, sample: sampleOf(out) };
  return { kind: 'mono', rows, columns, values: null, range } as const;
}

function shortsTarget({ target, embedded, palette }: FrameOrder, count: number): Int16Array | null {
  if (target?.scalarType !== 'int16' || embedded || palette || !hasRoom(target, count)) return null;
  return targetView(target, count) as Int16Array;
}

/** All overlays of the cells' upper bits as one mask; undefined where there is none. */
function embeddedOverlay(
  { embedded = [], frameIndex }: FrameOrder,
  { rows, columns, cells }: DecodedFrame,
): Uint8Array<ArrayBuffer> | undefined {
  const masks = embedded.flatMap(
    (overlay) => overlayMask(overlay, { rows, columns }, frameIndex, cells) ?? [],
  );
  if (masks.length === 0) return undefined;
  const all = new Uint8Array(rows * columns);
  for (const mask of masks) for (let n = 0; n < all.length; n++) all[n]! |= mask[n]!;
  return all;
}

/** The fragments of one frame as one array; a single one is not copied. */
export function joinFragments(fragments: Fragments): Uint8Array {
  if (fragments.length === 1) return fragments[0]!;
  const joined = new Uint8Array(fragments.reduce((sum, fragment) => sum + fragment.length, 0));
  let at = 0;
  for (const fragment of fragments) {
    joined.set(fragment, at);
    at += fragment.length;
  }
  return joined;
}

/** The target's slice, or a buffer of the smallest type that keeps these values; null when the target is too small. */
function valuesFor(order: FrameOrder, frame: DecodedFrame): Int16Array | Float32Array | null {
  const { target, format, transform } = order;
  const count = frame.masked.length;
  if (target) return hasRoom(target, count) ? targetView(target, count) : null;
  const exact = modalityScalarType(format, [transform], minMax(frame.masked)) === 'int16';
  return exact ? new Int16Array(count) : new Float32Array(count);
}

const blankOf = (values: Int16Array | Float32Array): number =>
  values instanceof Int16Array ? noDataInt16 : Number.NaN;

function blankPadding(stored: SampleArray, padding: PaddingRange, values: Int16Array | Float32Array): void {
  const blank = blankOf(values);
  const { low, high } = padding;
  for (let n = 0; n < stored.length; n++) if (stored[n]! >= low && stored[n]! <= high) values[n] = blank;
}
