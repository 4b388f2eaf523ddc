import type { PixelFormat } from './types.ts';

/** For tests: one plain frame of signed 16-bit grey values, `rows` × `columns`, but for what `more` says. */
export const signedWords = (rows: number, columns: number, more: Partial<PixelFormat> = {}): PixelFormat => ({
  rows,
  columns,
  frames: 1,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  element: 'PixelData',
  ...more,
});
