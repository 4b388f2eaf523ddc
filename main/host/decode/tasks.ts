import { createHash } from 'node:crypto';
import type { Problem } from '../../../core/base/problem.ts';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { isOtherGroupCount } from '../../../core/dicom/check-picture.ts';
import { scan as scanFile } from '../../../core/dicom/scan.ts';
import type { Attributes, Scan } from '../../../core/dicom/types.ts';
import { minMax } from '../../../core/pixels/cells.ts';
import { decodeFrame } from '../../../core/pixels/decode.ts';
import { formatOf } from '../../../core/pixels/format.ts';
import { frameHashBytes } from '../../../core/pixels/frame-hash.ts';
import { encodeJpeg } from '../../../core/pixels/jpeg/encode.ts';
import { pixelAspect, shutterMask } from '../../../core/pixels/masks.ts';
import { modalityValue } from '../../../core/pixels/modality.ts';
import { frameToRgba, type ShowContext, transformOf } from '../../../core/pixels/show.ts';
import type { DecodedFrame, PixelFormat } from '../../../core/pixels/types.ts';
import { type Voi, voiLutsOf, voiWindow } from '../../../core/pixels/voi.ts';
import { startOfPet } from '../../../core/scene/uptake.ts';
import { cutTile } from '../../../core/volume/tiles.ts';
import { codecsFor } from '../../codecs/load.ts';
import { FrameBytes, openFile } from './frame-bytes.ts';
import {
  type DecodeRequest,
  type FramePicture,
  type FrameSummary,
  type PictureRequest,
  type SummaryRequest,
  type ThumbnailRequest,
  unknownFrame,
} from './operations.ts';
import { pngOfRgba } from './png.ts';
import { shrink } from './shrink.ts';

/** Enough for a window; sorting more would be felt. */
const petSampleMost = 2 ** 15;

/** The decode worker's work. `onFrame` is called after each frame, so that a deadline can be one frame long. */
export type OnFrame = () => void;

/** Scans, decodes and hashes one file, frame by frame. Never throws for what the file holds. */
export async function summarise(request: SummaryRequest, onFrame: OnFrame): Promise<FrameSummary> {
  const { path, source, frame } = request;
  const file = openFile(path);
  if (!file.ok) return { source, ...unknownFrame, problem: file.problem };
  try {
    const scanned = scanFile(file.value, { keepPartial: true });
    if (!scanned.ok) return { source, ...unknownFrame, problem: scanned.problem };
    const head = { source, ...headOf(scanned.value.attributes) };
    const format = formatOf(scanned.value);
    if (!format.ok) return { ...unknownFrame, ...head, problem: format.problem };
    const wanted = framesWanted(scanned.value, format.value, frame);
    const known = { ...unknownFrame, ...head, frames: format.value.frames };
    if (!wanted.ok) return { ...known, problem: wanted.problem };
    const bytes = new FrameBytes(file.value, scanned.value, format.value);
    return { ...known, ...(await hashFrames(bytes, scanned.value, format.value, wanted.value, onFrame)) };
  } finally {
    file.value.close();
  }
}

function headOf(a: Attributes): Partial<FrameSummary> {
  return {
    rows: a.Rows ?? null,
    columns: a.Columns ?? null,
    samples: a.SamplesPerPixel ?? null,
    bitsAllocated: a.BitsAllocated ?? null,
    photometric: a.PhotometricInterpretation ?? null,
  };
}

function framesWanted(scan: Scan, format: PixelFormat, frame: number | undefined): Result<readonly number[]> {
  const present = scan.pixel.kind === 'encapsulated' ? scan.pixel.frames.length : format.frames;
  if (frame === undefined) return ok(Array.from({ length: Math.max(present, format.frames) }, (_, n) => n));
  const known = Number.isInteger(frame) && frame >= 1 && frame <= Math.max(present, format.frames);
  return known ? ok([frame - 1]) : fail(problem('FRAME_RANGE', { frame, frames: format.frames }));
}

/** Flags of the scan that make a picture doubtful although its frames decode. */
const pixelFlags: ReadonlySet<string> = new Set([
  'PIXEL_TRUNCATED',
  'PIXEL_UNTERMINATED',
  'PIXEL_ENCODING_MISMATCH',
  'FRAME_COUNT_MISMATCH',
  'BYTE_ORDER_GUESSED',
  'RESCALE_INVALID',
  'RESCALE_NO_SLOPE',
  'REAL_WORLD_UNCLEAR',
  'PIXEL_ATTRIBUTES',
  'PIXEL_LENGTH_MISMATCH',
  'LUT_INVALID',
  'COLOURS_LEFT_OUT',
  'GREYS_UNCLEAR',
]);
const isDoubt = (flag: Problem): boolean => pixelFlags.has(flag.code) || isOtherGroupCount(flag);

/** Hash and range of the frames; the first failure ends it, without a hash. */
async function hashFrames(
  bytes: FrameBytes,
  scan: Scan,
  format: PixelFormat,
  frames: readonly number[],
  onFrame: OnFrame,
): Promise<Pick<FrameSummary, 'min' | 'max' | 'sha256' | 'problem'>> {
  const hash = createHash('sha256');
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let doubt: Problem | undefined;
  for (const index of frames) {
    const decoded = await decodeOne(bytes, scan, format, index);
    if (!decoded.ok) return { min: null, max: null, sha256: null, problem: decoded.problem };
    hash.update(frameHashBytes(decoded.value, 'cells'));
    const range = minMax(decoded.value.cleared ?? decoded.value.masked);
    min = Math.min(min, range.min);
    max = Math.max(max, range.max);
    doubt ??= decoded.value.problem;
    onFrame();
  }
  doubt ??= scan.flags.find(isDoubt);
  return { min, max, sha256: hash.digest('hex'), ...(doubt && { problem: doubt }) };
}

async function decodeOne(
  bytes: FrameBytes,
  scan: Scan,
  format: PixelFormat,
  index: number,
): Promise<Result<DecodedFrame>> {
  const coded = bytes.frame(index);
  if (!coded.ok) return coded;
  const codecs = scan.pixel.kind === 'encapsulated' ? await codecsFor([coded.value]) : {};
  return decodeFrame(codecs, scan.transferSyntaxUID, coded.value, format, index);
}

/** Decodes the frames asked for; each fails by itself. */
export async function decodeFrames(
  request: DecodeRequest,
  onFrame: OnFrame,
): Promise<Result<DecodedFrame>[]> {
  const { path, scan, frames } = request;
  const format = formatOf(scan);
  if (!format.ok) return frames.map(() => format);
  const file = openFile(path);
  if (!file.ok) return frames.map(() => file);
  try {
    const bytes = new FrameBytes(file.value, scan, format.value);
    const results: Result<DecodedFrame>[] = [];
    for (const index of frames) {
      results.push(await decodeOne(bytes, scan, format.value, index));
      onFrame();
    }
    return results;
  } finally {
    file.value.close();
  }
}

/** Attributes of one frame: per-frame → shared → top level (PS3.3 C.7.6.16). */
const attributesOf = (scan: Scan, frame: number): Attributes => ({
  ...scan.attributes,
  ...scan.sharedFrame,
  ...scan.perFrame?.[frame],
});

/** A PNG of one frame as the page first shows it, with its true aspect, shutter applied, at most `size` on a side. */
export async function thumbnailPng(request: ThumbnailRequest, onFrame: OnFrame): Promise<Result<Uint8Array>> {
  const format = formatOf(request.scan);
  if (!format.ok) return format;
  const frame = request.frame ?? Math.floor(format.value.frames / 2);
  const asked = { ...request, frame, isLikePage: true };
  const drawn = await drawnFrame(asked, format.value, request.size, onFrame);
  return drawn.ok ? ok(drawn.value.bytes) : drawn;
}

/** The same in its own size and, where one is asked for, in another window. */
export async function framePicture(request: PictureRequest, onFrame: OnFrame): Promise<Result<FramePicture>> {
  const format = formatOf(request.scan);
  return format.ok ? drawnFrame(request, format.value, Number.MAX_SAFE_INTEGER, onFrame) : format;
}

/** PET as the page opens it, by the values of this one frame; undefined for other pictures. */
function petVoi(frame: DecodedFrame, context: ShowContext): Voi | undefined {
  if (context.attributes.Modality !== 'PT') return undefined;
  const stored = frame.masked;
  const step = Math.max(1, Math.floor(stored.length / petSampleMost));
  const transform = transformOf(context);
  const count = Math.floor(stored.length / step);
  const sorted = Float64Array.from({ length: count }, (_, n) =>
    modalityValue(transform, stored[n * step]!),
  ).sort();
  const most = startOfPet(context.attributes, (percent) => sorted[Math.round((percent / 100) * (count - 1))]);
  return most === undefined ? undefined : voiWindow(most / 2, most, 'LINEAR_EXACT');
}

async function drawnFrame(
  request: PictureRequest & { readonly isLikePage?: boolean },
  format: PixelFormat,
  size: number,
  onFrame: OnFrame,
): Promise<Result<FramePicture>> {
  const { scan, frame: index, window } = request;
  const [decoded] = await decodeFrames({ path: request.path, scan, frames: [index] }, onFrame);
  if (!decoded?.ok) return decoded ?? fail(problem('FRAME_RANGE', { frame: index + 1 }));
  const frame = request.tile ? cutTile(decoded.value, request.tile) : decoded.value;
  const attributes = attributesOf(scan, index);
  const { modalityLut, palette } = scan;
  const voiLuts = voiLutsOf(scan, attributes);
  const context = {
    format,
    attributes,
    ...(modalityLut && { modalityLut }),
    ...(voiLuts && { voiLuts }),
    ...(palette && { palette }),
  };
  const pet = request.isLikePage ? petVoi(frame, context) : undefined;
  const rgba = frameToRgba(
    frame,
    context,
    pet ?? (window && voiWindow(window[1], window[0])),
    pet !== undefined,
  );
  if (scan.shutter) {
    const visible = shutterMask(scan.shutter, frame);
    for (let n = 0; n < visible.length; n++) if (visible[n] === 0) rgba.fill(0, n * 4, n * 4 + 3);
  }
  const small = shrink(frame.columns, frame.rows, rgba, pixelAspect(attributes), size);
  const doubt = frame.problem ?? scan.flags.find(isDoubt);
  const bytes =
    request.coding === 'jpeg'
      ? encodeJpeg(small.rgba, small.width, small.height)
      : pngOfRgba(small.width, small.height, small.rgba);
  return ok({ bytes, ...(doubt && { problem: doubt }) });
}
