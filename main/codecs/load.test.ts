import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../core/pixels/decode.ts';
import type { PixelFormat } from '../../core/pixels/types.ts';
import { loadCodecs } from './load.ts';

const format: PixelFormat = {
  rows: 4,
  columns: 4,
  frames: 1,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  element: 'PixelData',
};
const lossless = '1.2.840.10008.1.2.4.80';

/** The example of ISO 14495-1 Annex H.3: a 4 × 4 picture with its code stream. */
const standard = Uint8Array.from(
  (
    'ff d8 ff f7 00 0b 08 00 04 00 04 01 01 11 00 ff da 00 08 01 01 00 00 00 00 ' +
    'c0 00 00 6c 80 20 8e 01 c0 00 00 57 40 00 00 6e e6 00 00 01 bc 18 00 00 05 d8 00 00 91 60 ff d9'
  )
    .split(' ')
    .map((hex) => Number.parseInt(hex, 16)),
);
const pixels = [0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145];

describe('codecs on the host', () => {
  it('decodes the JPEG-LS example of the standard', async () => {
    const decoded = decodeFrame(await loadCodecs(['jpegLs']), lossless, standard, format);
    expect(decoded.ok && [...decoded.value.cells]).toEqual(pixels);
    expect(decoded.ok && decoded.value.problem).toBe(undefined);
  });

  it('gives the rows in front of a cut, says so, and takes no time over it', async () => {
    const codecs = await loadCodecs(['jpegLs']);
    const decoded = decodeFrame(codecs, lossless, standard.subarray(0, standard.length - 14), format);
    expect(decoded.ok && decoded.value.problem?.code).toBe('FRAME_PARTIAL');
    expect(decoded.ok && [...decoded.value.cells.subarray(0, 4)]).toEqual(pixels.slice(0, 4));
  });

  it('starts all of them, each only once', async () => {
    const codecs = await loadCodecs(['jpegLs', 'jpeg2000', 'htj2k']);
    expect(Object.keys(codecs).sort()).toEqual(['htj2k', 'jpeg2000', 'jpegLs']);
    const junk = Uint8Array.from({ length: 64 }, (_, n) => n);
    for (const codec of Object.values(codecs)) expect(codec(junk, format).ok).toBe(false);
  });
});
