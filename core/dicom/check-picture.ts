import type { Problem } from '../base/problem.ts';
import { isRetiredColour, sharesChroma } from './chroma.ts';
import type { Flags } from './flags.ts';
import { limits } from './limits.ts';
import { colours, greys } from './photometric.ts';
import { type PixelCoding, transferSyntaxOf } from './tables/transfer-syntaxes.ts';
import type { Attributes, FrameAttributes, Palette, PixelLocation } from './types.ts';

interface Picture {
  readonly attributes: Attributes;
  readonly transferSyntaxUID: string;
  readonly pixel: PixelLocation;
  readonly sharedFrame: FrameAttributes | undefined;
  readonly perFrame: readonly FrameAttributes[];
  readonly palette: Palette | undefined;
}

/** Flags what makes a picture wrong or unmeasurable and can be known from the header (reliability.md M51–M63, M81–M83). */
export function checkPicture(picture: Picture, flags: Flags): void {
  const { attributes, pixel, sharedFrame, perFrame } = picture;
  if (pixel.kind !== 'none') {
    checkSize(attributes, pixel, flags);
    checkBits(attributes, pixel, flags);
    checkColour(picture, flags);
  }
  if (attributes.NumberOfFrames !== undefined && pixel.kind === 'none') checkFrames(attributes, flags);
  checkGroups(picture, flags);
  checkFrameAttributes(attributes, flags);
  if (sharedFrame !== undefined) checkFrameAttributes(sharedFrame, flags);
  for (const frame of perFrame) checkFrameAttributes(frame, flags);
}

function checkFrames(attributes: Attributes, flags: Flags): number {
  const frames = attributes.NumberOfFrames ?? 1;
  if (!Number.isInteger(frames) || frames < 1 || frames >= 2 ** 31) {
    flags.add('PIXEL_ATTRIBUTES', { keyword: 'NumberOfFrames' });
    return 1;
  }
  if (frames > limits.frames) flags.add('TOO_MANY_FRAMES', { limit: limits.frames });
  return frames;
}

function checkSize(attributes: Attributes, pixel: PixelLocation, flags: Flags): void {
  const frames = checkFrames(attributes, flags);
  const { Rows: rows, Columns: columns } = attributes;
  if (!rows || !columns || !Number.isInteger(rows) || !Number.isInteger(columns) || rows < 0 || columns < 0) {
    flags.add('PIXEL_ATTRIBUTES', { keyword: rows ? 'Columns' : 'Rows' });
    return;
  }
  const samples = attributes.SamplesPerPixel ?? 1;
  const bits = attributes.BitsAllocated ?? 0;
  if (bits === 0) flags.add('PIXEL_ATTRIBUTES', { keyword: 'BitsAllocated' });
  const isTooLarge =
    rows * columns > limits.framePixels || (rows * columns * samples * bits) / 8 > limits.frameBytes;
  if (isTooLarge) flags.add('FRAME_TOO_LARGE', { rows, columns });
  if (pixel.kind !== 'native' || bits === 0) return;
  const samplesStored = sharesChroma(attributes.PhotometricInterpretation) ? 2 : samples;
  const expected = Math.ceil((rows * columns * samplesStored * bits * frames) / 8);
  const { length } = pixel.range;
  if (length < expected) flags.add('PIXEL_TRUNCATED', { expected, found: length });
  if (length <= expected + 1) return;
  const found = Math.floor(length / (expected / frames));
  if (found > frames) flags.add('FRAME_COUNT_MISMATCH', { declared: frames, found });
  else flags.add('PIXEL_LENGTH_MISMATCH', { expected, found: length });
}

function checkBits(attributes: Attributes, pixel: PixelLocation, flags: Flags): void {
  const {
    BitsAllocated: allocated,
    BitsStored: stored,
    HighBit: high,
    SamplesPerPixel: samples,
    PixelRepresentation: representation = 0,
  } = attributes;
  const isFloat = pixel.kind === 'native' && pixel.element !== 'PixelData';
  const isKnownSize =
    allocated === undefined || [1, 8, 16, 32].includes(allocated) || (isFloat && allocated === 64);
  const isPacked = allocated === 12 && samples !== 3;
  const isKnownShape = samples === undefined || samples === 1 || samples === 3;
  if ((!isKnownSize && !isPacked) || !isKnownShape) {
    flags.add('PIXEL_FORMAT_UNSUPPORTED', { bitsAllocated: allocated ?? 0, samples: samples ?? 0 });
  }
  // Neither with a sign nor without: read without.
  if (!isFloat && representation > 1) flags.add('PIXEL_ATTRIBUTES', { keyword: 'PixelRepresentation' });
  if (isFloat || stored === undefined) return;
  if (allocated !== undefined && (stored > allocated || stored === 0))
    flags.add('BIT_DEPTH', { stored, allocated });
  if (high === undefined || high === stored - 1) return;
  const isLost = allocated !== undefined && (high < stored - 1 || high >= allocated);
  flags.add('BIT_DEPTH', { stored, high, ...(isLost && { allocated }) });
}

/** Told of a file: its bits fit into no cell of those allocated; bits that merely lie high in it are read as they lie. */
export const isBitContradiction = ({ code, params }: Problem): boolean =>
  code === 'BIT_DEPTH' && params?.['allocated'] !== undefined;

/** No names of pixels that no JPEG coded (PS3.5 8.2.2): whoever decoded them left the name as it was. */
const jpegOnly = ['YBR_PARTIAL_420', 'YBR_ICT', 'YBR_RCT'];
const plainCodings: readonly (PixelCoding | undefined)[] = ['native', 'rle', 'deflatedFrame'];

function checkColour({ attributes, transferSyntaxUID, pixel, palette }: Picture, flags: Flags): void {
  const { PhotometricInterpretation: photometric, SamplesPerPixel: samples = 1, Columns = 0 } = attributes;
  if (photometric === undefined) {
    flags.add('PIXEL_ATTRIBUTES', { keyword: 'PhotometricInterpretation' });
    return;
  }
  if (isRetiredColour(photometric)) {
    flags.add('COLOUR_UNSUPPORTED', { photometric });
    return;
  }
  const isWrong =
    (plainCodings.includes(transferSyntaxOf(transferSyntaxUID)?.coding) && jpegOnly.includes(photometric)) ||
    (colours.includes(photometric) && samples !== 3) ||
    (greys.includes(photometric) && samples !== 1) ||
    (!colours.includes(photometric) && !greys.includes(photometric)) ||
    (pixel.kind === 'native' && sharesChroma(photometric) && Columns % 2 === 1);
  if (isWrong) flags.add('PIXEL_ATTRIBUTES', { keyword: 'PhotometricInterpretation' });
  if (photometric === 'PALETTE COLOR' && palette === undefined) flags.add('LUT_INVALID');
  // A supplemental palette lays colours over greys (PS3.3 C.7.6.19); only the greys are shown.
  const isColoured = ['COLOR', 'MIXED'].includes(attributes.PixelPresentation ?? '');
  if (photometric === 'MONOCHROME2' && palette && isColoured) flags.add('COLOURS_LEFT_OUT');
  // Against PS3.3 C.11.6: readers follow the one or the other.
  if (photometric === 'MONOCHROME1' && attributes.PresentationLUTShape === 'IDENTITY')
    flags.add('GREYS_UNCLEAR');
}

/** Told of an object: groups for another number of frames, not merely some that say a thing twice. */
export const isOtherGroupCount = ({ code, params }: Problem): boolean =>
  code === 'FUNCTIONAL_GROUPS' && params?.['frames'] !== params?.['groups'];

function checkGroups({ attributes, sharedFrame, perFrame }: Picture, flags: Flags): void {
  if (perFrame.length === 0) return;
  const frames = attributes.NumberOfFrames ?? 1;
  if (perFrame.length !== frames) {
    flags.add('FUNCTIONAL_GROUPS', { frames, groups: perFrame.length });
  }
  if (sharedFrame === undefined) return;
  const shared = Object.keys(sharedFrame);
  if (perFrame.some((frame) => shared.some((keyword) => keyword in frame)))
    flags.add('FUNCTIONAL_GROUPS', { frames, groups: perFrame.length });
}

function checkFrameAttributes(frame: FrameAttributes, flags: Flags): void {
  const { WindowWidth: widths, WindowCenter: centers } = frame;
  const isWindowWrong =
    widths?.some((width) => !(width > 0)) || centers?.some((center) => !Number.isFinite(center));
  if (isWindowWrong) flags.add('WINDOW_INVALID');
  if (frame.ImageOrientationPatient !== undefined && !isOrientation(frame.ImageOrientationPatient)) {
    flags.add('GEOMETRY_INVALID', { keyword: 'ImageOrientationPatient' });
  }
  const { ImagePositionPatient: position, PixelSpacing: spacing } = frame;
  if (position && (position.length !== 3 || !position.every(Number.isFinite))) {
    flags.add('GEOMETRY_INVALID', { keyword: 'ImagePositionPatient' });
  }
  if (spacing && (spacing.length !== 2 || spacing.some((value) => !(value > 0) || value > 1e5))) {
    flags.add('GEOMETRY_INVALID', { keyword: 'PixelSpacing' });
  }
}

/** Two unit vectors at right angles, to 1e-3 (reliability.md M82). */
function isOrientation(cosines: readonly number[]): boolean {
  const [a, b, c, d, e, f] = cosines;
  if (a === undefined || b === undefined || c === undefined) return false;
  if (d === undefined || e === undefined || f === undefined) return false;
  const isUnit = (x: number, y: number, z: number): boolean => Math.abs(Math.hypot(x, y, z) - 1) <= 1e-3;
  return isUnit(a, b, c) && isUnit(d, e, f) && Math.abs(a * d + b * e + c * f) <= 1e-3;
}
