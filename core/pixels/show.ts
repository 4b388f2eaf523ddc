import type { Attributes, LookupTable, Palette } from '../dicom/types.ts';
import { autoWindow, type PaddingRange, paddingRangeOf } from './auto-window.ts';
import { minMax } from './cells.ts';
import { colourToRgba, paletteToRgba } from './colour.ts';
import { type ModalityTransform, modalityTransformOf } from './modality.ts';
import type { DecodedFrame, PixelFormat, SampleArray } from './types.ts';
import { greyFunction, isInverted, type Voi, windowsOf } from './voi.ts';
import { buildWindowLut, paintGrey, paintGreyDirect } from './window-lut.ts';

/** What showing one frame needs besides its pixels. */
export interface ShowContext {
  readonly format: PixelFormat;
  /** Merged attributes of the frame: per-frame → shared → top level. */
  readonly attributes: Attributes;
  readonly modalityLut?: LookupTable;
  readonly voiLuts?: readonly LookupTable[];
  readonly palette?: Palette;
}

export const transformOf = (context: ShowContext): ModalityTransform =>
  modalityTransformOf(context.attributes, context.modalityLut);

/** The window in which a frame is first shown: the file's first, else one made from its values. */
export function firstVoi(frame: DecodedFrame, context: ShowContext): Voi {
  const [offered] = windowsOf(context.attributes, context.voiLuts, context.format.element !== 'PixelData');
  return offered?.voi ?? autoWindow(frame.masked, transformOf(context), paddingRangeOf(context.attributes));
}

/** True when the frame is shown in colour and has no window of its own. */
export const isColour = (format: PixelFormat, palette: Palette | undefined): boolean =>
  format.samplesPerPixel === 3 ||
  (format.photometricInterpretation === 'PALETTE COLOR' && palette !== undefined);

/** The whole display pipeline of one frame as opaque RGBA (`rows × columns × 4`); `isTurned`: greys the other way round. */
export function frameToRgba(
  frame: DecodedFrame,
  context: ShowContext,
  voi?: Voi,
  isTurned = false,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = frame.rows * frame.columns;
  const rgba = new Uint8ClampedArray(pixels * 4);
  const { format, palette } = context;
  if (frame.samples === 3) {
    colourToRgba(frame.masked, frame.photometricInterpretation, format.bitsStored, rgba);
    return rgba;
  }
  if (palette && isColour(format, palette)) {
    paletteToRgba(frame.masked, palette, rgba);
    return rgba;
  }
  const words = new Uint32Array(rgba.buffer);
  const grey = greyFunction(
    voi ?? firstVoi(frame, context),
    isInverted(frame.photometricInterpretation, context.attributes) !== isTurned,
  );
  const transform = transformOf(context);
  if (frame.masked.BYTES_PER_ELEMENT > 2) paintGreyDirect(frame.masked, transform, grey, words);
  else paintGrey(frame.masked, buildWindowLut(minMax(frame.masked), transform, grey), words);
  const padding = paddingRangeOf(context.attributes);
  if (padding) blankPadding(frame.masked, padding, words, isTurned);
  return rgba;
}

/** Padding is background (PS3.3 C.7.5.1.1.2), as on the page: black, unless a person turned the greys round. */
function blankPadding(
  stored: SampleArray,
  { low, high }: PaddingRange,
  words: Uint32Array,
  isTurned: boolean,
) {
  const blank = isTurned ? 0xffffffff : 0xff000000;
  for (let n = 0; n < stored.length; n++) if (stored[n]! >= low && stored[n]! <= high) words[n] = blank;
}
