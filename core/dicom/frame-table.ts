import type { ByteWindow } from './byte-source.ts';
import type { Flags } from './flags.ts';
import { splitRle } from './split-rle.ts';
import { splitStreams } from './split-streams.ts';
import type { ByteRange } from './types.ts';

/** What the walk over encapsulated pixel data found (PS3.5 A.4). */
export interface Encapsulated {
  /** Fragments in order, without the offset table; offsets of their values. */
  readonly fragments: readonly ByteRange[];
  /** The basic offset table's value. */
  readonly basicTable?: ByteRange;
  /** Extended Offset Table and its lengths (7FE0,0001), (7FE0,0002). */
  readonly extendedTable?: ByteRange;
  readonly extendedLengths?: ByteRange;
}

export interface FrameTableContext {
  readonly window: ByteWindow;
  readonly flags: Flags;
  /** Number of frames by the header; 1 where it does not say. */
  readonly frames: number;
  /** Whether the codec ends its streams with a marker (JPEG family); RLE and unknown ones do not. */
  readonly endMarker: readonly [number, number] | undefined;
  /** Each frame begins with the header of RLE (PS3.5 G.5). */
  readonly isRle?: boolean;
  /** Bytes of one RLE segment once unpacked: a plane of one byte a pixel. */
  readonly segmentBytes?: number;
}

type FrameFragments = readonly ByteRange[];

const rleHeaderBytes = 64;

/**
 * Which fragments make up which frame. An offset table that fits the fragments decides; without one, as many
 * fragments as frames are one each, a single frame takes all, and else the streams' own markers or headers split
 * (lessons L25), within fragments, too.
 */
export function frameTable(pixel: Encapsulated, context: FrameTableContext): readonly FrameFragments[] {
  const { fragments } = pixel;
  if (fragments.length === 0) return [];
  const table = readTables(pixel, context);
  const byTable = table === undefined ? undefined : splitByOffsets(fragments, table);
  if (table !== undefined && (byTable === undefined || byTable.length !== Math.max(1, context.frames))) {
    // A table that contradicts the header is only believed when it fits the fragments and nothing else does.
    const told = wholeStreams(fragments, context) ?? streamsWithin(fragments, context);
    const filled = fragments.filter(({ length }) => length > 0);
    const isOther = filled.length === context.frames || told?.length === context.frames;
    if (byTable === undefined || isOther) context.flags.add('BOT_INVALID');
    else return counted(byTable, context);
  } else if (byTable !== undefined) return byTable;
  return counted(splitWithoutTable(fragments, context), context);
}

function counted(frames: readonly FrameFragments[], context: FrameTableContext): readonly FrameFragments[] {
  if (frames.length !== context.frames) {
    context.flags.add('FRAME_COUNT_MISMATCH', { declared: context.frames, found: frames.length });
  }
  return frames;
}

function splitWithoutTable(fragments: FrameFragments, context: FrameTableContext): readonly FrameFragments[] {
  const each = fragments.map((fragment) => [fragment]);
  if (fragments.length === context.frames) {
    const streams = isCutElsewhere(fragments, context) ? streamsWithin(fragments, context) : undefined;
    // A frame without bytes, or with bytes of no stream, keeps its number.
    if (streams?.length !== context.frames) return each;
    context.flags.add('FRAME_BOUNDARY_GUESSED');
    return streams;
  }
  const filled = fragments.filter((fragment) => fragment.length > 0);
  // One frame by the header takes all fragments, unless they hold several whole streams.
  if (context.frames <= 1) return wholeStreams(filled, context) ?? (filled.length === 0 ? [] : [filled]);
  if (filled.length <= context.frames) return fewFragments(filled, context);
  context.flags.add('FRAME_BOUNDARY_GUESSED');
  const streams = wholeStreams(filled, context);
  if (streams?.length === context.frames) return streams;
  const within = streamsWithin(filled, context);
  if (within !== undefined) return within;
  const byMarker = context.endMarker === undefined ? undefined : splitByMarker(filled, context);
  if (byMarker?.length === context.frames) return byMarker;
  if (filled.length % context.frames === 0) return splitEvenly(filled, filled.length / context.frames);
  return byMarker ?? filled.map((fragment) => [fragment]);
}

/** No more fragments than frames: one each, unless they hold more streams than they are, or are cut elsewhere. */
function fewFragments(fragments: FrameFragments, context: FrameTableContext): readonly FrameFragments[] {
  const each = fragments.map((fragment) => [fragment]);
  if (fragments.length === context.frames && !isCutElsewhere(fragments, context)) return each;
  const streams = streamsWithin(fragments, context);
  const isSame =
    streams?.length === each.length &&
    streams.every(([first, next], n) => next === undefined && first?.offset === fragments[n]!.offset);
  if (streams === undefined || isSame) return each;
  context.flags.add('FRAME_BOUNDARY_GUESSED');
  return streams;
}

/** Frames end to end; undefined for codings that do not tell where they end. */
function streamsWithin(
  fragments: FrameFragments,
  { frames, isRle, segmentBytes = 0, endMarker, window }: FrameTableContext,
): readonly FrameFragments[] | undefined {
  if (frames <= 1) return undefined;
  if (isRle) return splitRle(fragments, window, segmentBytes);
  return endMarker === undefined ? undefined : splitStreams(fragments, window);
}

/** Whether fragments, though as many as frames, do not begin with them. The second one stands for all. */
function isCutElsewhere([, second]: FrameFragments, context: FrameTableContext): boolean {
  if (second === undefined) return false;
  if (context.isRle) return !startsRle(second, context.window);
  return context.endMarker !== undefined && !startsStream(second, context);
}

/** Several streams, each with a beginning and (JPEG family) an end; undefined where the fragments are not told apart so. */
function wholeStreams(
  fragments: FrameFragments,
  context: FrameTableContext,
): readonly FrameFragments[] | undefined {
  if (fragments.length < 2) return undefined;
  if (context.isRle) return splitByRleHeader(fragments, context);
  if (context.endMarker === undefined) return undefined;
  const byMarker = splitByMarker(fragments, context);
  const isEachWhole = byMarker.every(([first]) => first !== undefined && startsStream(first, context));
  return byMarker.length > 1 && isEachWhole ? byMarker : undefined;
}

const startsStream = (fragment: ByteRange, context: FrameTableContext): boolean => {
  const index = context.window.ensure(fragment.offset, Math.min(2, fragment.length), 16);
  if (index < 0 || fragment.length < 2) return false;
  const { bytes } = context.window;
  const isJp2 = bytes[index] === 0 && bytes[index + 1] === 0;
  return isJp2 || (bytes[index] === 0xff && (bytes[index + 1] === 0xd8 || bytes[index + 1] === 0x4f));
};

function splitByRleHeader(fragments: FrameFragments, context: FrameTableContext): ByteRange[][] | undefined {
  const frames: ByteRange[][] = [];
  for (const fragment of fragments) {
    if (startsRle(fragment, context.window)) frames.push([fragment]);
    else if (frames.length === 0) return undefined;
    else frames[frames.length - 1]!.push(fragment);
  }
  return frames.length > 1 ? frames : undefined;
}

/** Number of segments, the first right behind the header, the others after one another, then zeros (PS3.5 G.5). */
export function startsRle(fragment: ByteRange, window: ByteWindow): boolean {
  const index = fragment.length < rleHeaderBytes ? -1 : window.ensure(fragment.offset, rleHeaderBytes, 128);
  if (index < 0) return false;
  const view = new DataView(window.bytes.buffer, window.bytes.byteOffset + index, rleHeaderBytes);
  const segments = view.getUint32(0, true);
  if (segments < 1 || segments > 15 || view.getUint32(4, true) !== rleHeaderBytes) return false;
  for (let s = 1; s < 15; s++) {
    const offset = view.getUint32(4 + 4 * s, true);
    if (s < segments ? offset < view.getUint32(4 * s, true) : offset !== 0) return false;
  }
  return true;
}

function splitEvenly(fragments: FrameFragments, size: number): FrameFragments[] {
  const frames: FrameFragments[] = [];
  for (let i = 0; i < fragments.length; i += size) frames.push(fragments.slice(i, i + size));
  return frames;
}

/** A frame ends with the fragment whose last bytes are the codec's end marker. */
function splitByMarker(fragments: FrameFragments, context: FrameTableContext): FrameFragments[] {
  const frames: ByteRange[][] = [];
  let open: ByteRange[] = [];
  for (const fragment of fragments) {
    open.push(fragment);
    if (!endsStream(fragment, context)) continue;
    frames.push(open);
    open = [];
  }
  if (open.length > 0) frames.push(open);
  return frames;
}

function endsStream(fragment: ByteRange, { window, endMarker }: FrameTableContext): boolean {
  const tail = Math.min(3, fragment.length);
  const index = window.ensure(fragment.offset + fragment.length - tail, tail, 16);
  if (index < 0 || endMarker === undefined) return false;
  // One pad byte may follow the marker.
  for (let at = index + tail - 2; at >= index; at--) {
    if (window.bytes[at] === endMarker[0] && window.bytes[at + 1] === endMarker[1]) return true;
  }
  return false;
}

/** Offsets of frames from the first fragment's item header; undefined without a usable table. */
function readTables(pixel: Encapsulated, context: FrameTableContext): readonly number[] | undefined {
  const { basicTable, extendedTable } = pixel;
  const extended = extendedTable !== undefined && extendedTable.length > 0;
  const range = extended ? extendedTable : basicTable;
  if (range === undefined || range.length === 0) return undefined;
  const size = extended ? 8 : 4;
  const isPossible = range.length % size === 0 && range.length / size <= pixel.fragments.length;
  const bytes = isPossible ? context.window.copy(range.offset, range.length) : undefined;
  if (bytes === undefined) {
    context.flags.add('BOT_INVALID');
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets: number[] = [];
  for (let i = 0; i < bytes.length; i += size) {
    offsets.push(extended ? Number(view.getBigUint64(i, true)) : view.getUint32(i, true));
  }
  return offsets;
}

/** Splits where each offset meets a fragment; undefined when one does not. */
function splitByOffsets(fragments: FrameFragments, offsets: readonly number[]): FrameFragments[] | undefined {
  const base = fragments[0]!.offset - 8;
  const frames: ByteRange[][] = [];
  let next = 0;
  if (offsets[0] !== 0) return undefined;
  for (const fragment of fragments) {
    const at = fragment.offset - 8 - base;
    if (next < offsets.length && at === offsets[next]) {
      frames.push([fragment]);
      next++;
    } else if (frames.length === 0) return undefined;
    else frames[frames.length - 1]!.push(fragment);
  }
  return next === offsets.length ? frames : undefined;
}
