import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodeRleFrame } from '../dicom/write/rle.ts';
import { decodeFrame } from './decode.ts';
import { signedWords } from './format-fixture.ts';

const rle = '1.2.840.10008.1.2.5';

const encapsulated = '1.2.840.10008.1.2.1.98';
const deflatedFrame = '1.2.840.10008.1.2.8.1';

it.each([
  [encapsulated, (bytes: Uint8Array) => bytes],
  [deflatedFrame, (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes))],
])('frames of %s that hold more than the header says say so', (transferSyntaxUID, pack) => {
  const values = Uint8Array.from({ length: 2 * 80 }, (_, n) => n + 1);
  const codeOf = (rows: number): string | undefined => {
    const decoded = decodeFrame({}, transferSyntaxUID, pack(values), signedWords(rows, 10));
    return decoded.ok ? decoded.value.problem?.code : decoded.problem.code;
  };
  expect([codeOf(8), codeOf(7)]).toEqual([undefined, 'PIXEL_LENGTH_MISMATCH']);
});

it('segments that hold more than the frame has pixels say so: another width would slant the picture', () => {
  const codeOf = (frame: Uint8Array, columns: number, rows = 8, shape = {}): string | undefined => {
    const decoded = decodeFrame({}, rle, frame, signedWords(rows, columns, shape));
    return decoded.ok ? decoded.value.problem?.code : decoded.problem.code;
  };
  const values = Uint16Array.from({ length: 80 }, (_, n) => (n * 2654435761) >>> 20);
  const frame = encodeRleFrame(values, 10, 1);
  expect([codeOf(frame, 10), codeOf(frame, 9), codeOf(frame, 10, 7)]).toEqual([
    undefined,
    'PIXEL_LENGTH_MISMATCH',
    'PIXEL_LENGTH_MISMATCH',
  ]);
  expect(codeOf(Uint8Array.of(...frame, ...new Array<number>(40).fill(0)), 10)).toBeUndefined();
  // One segment: what stands behind it counts where it is more than a few stray bytes.
  const bytes = { bitsAllocated: 8, bitsStored: 8, highBit: 7 };
  const grey = encodeRleFrame(Uint8Array.from(values), 10, 1);
  expect([codeOf(grey, 10, 8, bytes), codeOf(grey, 10, 6, bytes)]).toEqual([
    undefined,
    'PIXEL_LENGTH_MISMATCH',
  ]);
  // A single run of 80 pixels, with nothing behind it.
  const run = Uint8Array.of(
    ...[1, 64, ...new Array<number>(14).fill(0)].flatMap((n) => [n, 0, 0, 0]),
    177,
    5,
  );
  expect([codeOf(run, 10, 8, bytes), codeOf(run, 79, 1, bytes), codeOf(run, 9, 8, bytes)]).toEqual([
    undefined,
    undefined,
    'PIXEL_LENGTH_MISMATCH',
  ]);
});
