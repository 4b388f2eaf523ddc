/** JPEG 2000 streams that end too early: what is there of them is shown. */
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeFrame } from '../../core/pixels/decode.ts';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import { codecsFor } from '../../main/codecs/load.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';

const [rows, columns] = [96, 80];
const format = signedWords(rows, columns, { bitsStored: 12, highBit: 11, pixelRepresentation: 0 });
const values = Uint16Array.from({ length: rows * columns }, (_, n) => (n * 2654435761) >>> 20);

let whole: Uint8Array;
beforeAll(async () => {
  [whole = new Uint8Array(0)] = (await loadFrameEncoder('jpeg2000', 12))(values, columns, rows);
});

async function decoded(stream: Uint8Array) {
  const frame = decodeFrame(await codecsFor([stream]), frameEncoders.jpeg2000[3], stream, format);
  return frame.ok ? frame.value : frame.problem;
}

describe('JPEG 2000', () => {
  test.each([
    ['without its end marker', (stream: Uint8Array) => stream.subarray(0, -2), undefined],
    ['with half of it', (stream: Uint8Array) => stream.subarray(0, -1), undefined],
    ['with a fill byte in front of it', (stream: Uint8Array) => withFill(stream), 'FRAME_PARTIAL'],
    ['with a pad byte instead of it', (stream: Uint8Array) => padded(stream.subarray(0, -2)), undefined],
  ])('%s is whole', async (_, cut, problem) => {
    expect([...whole.subarray(-2)]).toEqual([0xff, 0xd9]);
    const frame = await decoded(cut(whole));
    expect('cells' in frame && [...frame.cells]).toEqual([...values]);
    expect('cells' in frame && frame.problem?.code).toBe(problem);
  });

  test.each([3, 10, 200])(
    'without its last %i bytes is nearly whole, and said to be partial',
    async (bytes) => {
      const frame = await decoded(whole.subarray(0, -bytes));
      const near = 'cells' in frame ? frame.cells.filter((cell, n) => Math.abs(cell - values[n]!) <= 16) : [];
      expect(near.length).toBeGreaterThan(0.9 * values.length);
      expect('cells' in frame && frame.problem?.code).toBe('FRAME_PARTIAL');
    },
  );

  test('of which hardly anything is left ends as a value', async () => {
    for (const length of [40, 100, 150, 200]) {
      const frame = await decoded(whole.subarray(0, length));
      const code = 'cells' in frame ? frame.problem?.code : frame.code;
      expect(['FRAME_PARTIAL', 'FRAME_UNDECODABLE', 'CODESTREAM_MISMATCH']).toContain(code);
    }
  });
});

const withFill = (stream: Uint8Array): Uint8Array =>
  Uint8Array.of(...stream.subarray(0, -2), 0xff, 0xff, 0xd9);
const padded = (stream: Uint8Array): Uint8Array => Uint8Array.of(...stream, 0);
