import type { Codestream } from './codestream.ts';
import type { Attributes } from './types.ts';

/** Where the value lies in a sample of a stream (PS3.5 8.1.1). */
export interface StreamBits {
  readonly BitsStored: number;
  readonly HighBit: number;
}

/**
 * The bits of a stream whose samples do not reach up to the header's HighBit: nothing of them is a whole cell, so the
 * header's places mean nothing in it. They hold values from bit 0 on, and JPEG and JPEG-LS, which know no sign, have it
 * in their own highest bit. dcmtk and gdcm read them so. Undefined where the header's bits hold.
 */
export function bitsOfStream(stream: Codestream | undefined, attributes: Attributes): StreamBits | undefined {
  const {
    BitsAllocated: allocated = 0,
    BitsStored: stored = allocated,
    HighBit: high = stored - 1,
  } = attributes;
  const precision = stream?.precision ?? 0;
  if (stream === undefined || precision < 1 || precision > high || high >= allocated) return undefined;
  const isShifted = high !== stored - 1;
  const isJpeg2000 = stream.coding === 'jpeg2000' || stream.coding === 'htj2k';
  const hasOtherSign = attributes.PixelRepresentation === 1 && !isJpeg2000 && precision < stored;
  return isShifted || hasOtherSign ? { BitsStored: precision, HighBit: precision - 1 } : undefined;
}
