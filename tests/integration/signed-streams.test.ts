/** Signed samples of up to 8 bits in JPEG 2000 and HTJ2K: the codecs alone cut them off at 0. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeFrame } from '../../core/pixels/decode.ts';
import type { PixelFormat } from '../../core/pixels/types.ts';
import { codecsFor } from '../../main/codecs/load.ts';
import { type EncoderFactory, frameEncoders } from '../fixtures/frame-encoders.ts';

const load = createRequire(import.meta.url);
const [rows, columns] = [64, 80];
const values = Int8Array.from({ length: rows * columns }, (_, n) => (n * 37) % 256);

/** The encoders take bytes as unsigned: the signed stream is that of all values + 128, and its SIZ says so (ISO 15444-1 G.1). */
async function encoded(name: 'jpeg2000' | 'htj2k', isSigned: boolean): Promise<Uint8Array> {
  const [owner, file, className] = frameEncoders[name];
  const home = dirname(load.resolve(`@cornerstonejs/${owner}`));
  const module = await (load(join(home, file)) as EncoderFactory)();
  const encoder = new module[className]!();
  const info = { width: columns, height: rows, bitsPerSample: 8, componentCount: 1, isSigned: false };
  const room = encoder.getDecodedBuffer({ ...info, isUsingColorTransform: false });
  room.set(Uint8Array.from(values, (value) => (isSigned ? value + 128 : value)));
  encoder.setQuality?.(true, 0);
  encoder.encode();
  const stream = encoder.getEncodedBuffer().slice();
  encoder.delete();
  if (isSigned) stream[42]! |= 0x80;
  return stream;
}

const format = (bitsAllocated: 8 | 16, pixelRepresentation: 0 | 1): PixelFormat => ({
  rows,
  columns,
  frames: 1,
  samplesPerPixel: 1,
  bitsAllocated,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  element: 'PixelData',
});

describe.each(['jpeg2000', 'htj2k'] as const)('%s of 8 bits', (name) => {
  const uid = frameEncoders[name][3];

  test.each([8, 16] as const)('signed, in cells of %i bits: every value comes back', async (bits) => {
    const stream = await encoded(name, true);
    const decoded = decodeFrame(await codecsFor([stream]), uid, stream, format(bits, 1));
    expect(decoded.ok && [...decoded.value.masked]).toEqual([...values]);
  });

  test('unsigned in the stream and signed in the header: the header rules', async () => {
    const stream = await encoded(name, false);
    const decoded = decodeFrame(await codecsFor([stream]), uid, stream, format(8, 1));
    expect(decoded.ok && [...decoded.value.cells]).toEqual([...values]);
  });
});
