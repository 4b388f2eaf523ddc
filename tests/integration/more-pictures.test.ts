/** Pictures that no frame number leads to are told: never the first of several without a word. */
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeRleFrame } from '../../core/dicom/write/rle.ts';
import { encodeJpeg } from '../../core/pixels/jpeg/encode.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import {
  codes,
  hashOf,
  native,
  oddObject,
  scanned,
  summaryOf,
  transcodedPixels,
  write,
} from '../fixtures/odd-object.ts';
import { type Bytes, encapsulated, jpegBaseline, rle } from '../fixtures/raw-dicom.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const [rows, columns] = [43, 37];
const greys = [0, 1].map((f) =>
  Uint16Array.from({ length: rows * columns }, (_, n) => ((n * 29 + f * 311) ^ (n >> 3)) & 4095),
);
const rgba = Uint8ClampedArray.from({ length: rows * columns * 4 }, (_, n) => (n % 4 === 3 ? 255 : n * 7));
const even = (bytes: Bytes): number[] => (bytes.length % 2 ? [...bytes, 0] : [...bytes]);
const bytesOf = (words: Uint16Array): number[] => [...new Uint8Array(words.buffer)];

const names = Object.keys(frameEncoders) as (keyof typeof frameEncoders)[];
const codings = [...names, 'rle', 'jpeg', 'uncompressed', 'deflated'] as const;
type Coding = (typeof codings)[number];

async function streamOf(coding: Coding, frame: number): Promise<number[]> {
  const grey = greys[frame]!;
  if (coding === 'jpeg') return [...encodeJpeg(rgba, columns, rows)];
  if (coding === 'rle') return [...encodeRleFrame(grey, columns)];
  if (coding === 'uncompressed') return bytesOf(grey);
  if (coding === 'deflated') return [...deflateRawSync(new Uint8Array(grey.buffer))];
  return [...(await loadFrameEncoder(coding, 12))(grey, columns, rows)[0]!];
}

const syntaxes: Readonly<Record<string, string>> = {
  jpeg: jpegBaseline,
  rle,
  uncompressed: '1.2.840.10008.1.2.1.98',
  deflated: '1.2.840.10008.1.2.8.1',
};

function objectOf(coding: Coding, fragments: readonly Bytes[], frames?: number, table: Bytes = []) {
  const transferSyntax = syntaxes[coding] ?? frameEncoders[coding as 'jpegLs'][3];
  const colour = { bitsAllocated: 8, samples: 3, planar: 0, photometric: 'YBR_FULL' } as const;
  return oddObject({
    ...{ transferSyntax, rows, columns },
    ...(coding === 'jpeg' ? colour : { bitsStored: 12 }),
    ...(frames !== undefined && { frames }),
    pixels: encapsulated(table, fragments),
  });
}

describe.each(codings)('%s', (coding) => {
  it.each([undefined, 1])('two pictures as the data of one frame (%s by the header)', async (frames) => {
    const [first, second] = [await streamOf(coding, 0), await streamOf(coding, 1)];
    const single = write(folder.path, 'single', objectOf(coding, [even(first)], frames));
    const { sha256, problem } = await summaryOf(single);
    expect(problem).toBeUndefined();
    const ways: readonly [string, Bytes][] = [
      ['end to end', [...first, ...second]],
      ['padded', [...even(first), 0, 0, ...second]],
      ['behind a stray byte', [...first, 0x41, ...second]],
      ['three', [...even(first), ...even(second), ...first]],
    ];
    for (const [name, bytes] of ways.slice(0, coding === 'uncompressed' || coding === 'deflated' ? 1 : 4)) {
      for (const table of [[], [0, 0, 0, 0]]) {
        const file = objectOf(coding, [even(bytes)], frames, table);
        const found = await summaryOf(write(folder.path, `${coding} ${name}`, file));
        expect([name, found.problem?.code, found.sha256]).toEqual([name, 'FRAME_MORE_PICTURES', sha256]);
      }
    }
  });

  it('two fragments, each a picture, that the table gives to one frame', async () => {
    const fragments = [even(await streamOf(coding, 0)), even(await streamOf(coding, 1))];
    const path = write(folder.path, 'table', objectOf(coding, fragments, 1, [0, 0, 0, 0]));
    expect((await summaryOf(path)).problem?.code).toBe('FRAME_MORE_PICTURES');
    await expect(transcodedPixels(path)).rejects.toThrow('FRAME_MORE_PICTURES');
  });

  it('what else stands behind a stream is no picture', async () => {
    const first = await streamOf(coding, 0);
    const tails: readonly Bytes[] = [
      [0],
      [0x41],
      [0, 0, 0, 0],
      Array(40).fill(0),
      [0xff, 0xd8],
      [0xff, 0xff],
    ];
    for (const tail of tails) {
      const path = write(folder.path, 'tail', objectOf(coding, [even([...first, ...tail])], 1));
      expect([tail, (await summaryOf(path)).problem?.code]).toEqual([tail, undefined]);
    }
  });
});

it('fragments with a picture each, more than declared, are told, and are not sent as one', async () => {
  const fragments = [even(await streamOf('jpegLs', 0)), even(await streamOf('jpegLs', 1))];
  const path = write(folder.path, 'fragments', objectOf('jpegLs', fragments, 1));
  expect((await summaryOf(path)).problem?.code).toBe('FRAME_COUNT_MISMATCH');
  await expect(transcodedPixels(path)).rejects.toThrow('FRAME_COUNT_MISMATCH');
});

describe('JPEG within JPEG', () => {
  const preview = [...encodeJpeg(new Uint8ClampedArray(8 * 8 * 4), 8, 8)];
  const whole = [...encodeJpeg(rgba, columns, rows)];
  const inSegment = (stream: Bytes): number[] => {
    const length = stream.length + 2;
    return [...whole.slice(0, 2), 0xff, 0xe1, length >> 8, length & 255, ...stream, ...whole.slice(2)];
  };

  it.each([
    ['a thumbnail in a segment', inSegment(preview)],
    ['a picture of the same size in a segment', inSegment(whole)],
    ['a preview of another size behind it, as cameras write', [...whole, ...preview]],
  ])('%s is none of the object', async (_, bytes) => {
    const found = await summaryOf(write(folder.path, 'within', objectOf('jpeg', [even(bytes)], 1)));
    expect(found.problem).toBeUndefined();
  });
});

it('uncompressed pixels for more frames than declared are said to be, where a whole frame is left', async () => {
  const [pixels, surplus] = [bytesOf(greys[0]!), bytesOf(greys[1]!)];
  const objectWith = (bytes: Bytes) => oddObject({ rows, columns, frames: 1, pixels: native(bytes) });
  const more = objectWith([...pixels, ...surplus]);
  expect(codes(scanned(more))).toContain('FRAME_COUNT_MISMATCH');
  const { problem, sha256 } = await summaryOf(write(folder.path, 'surplus', more));
  expect([problem?.code, sha256]).toEqual(['FRAME_COUNT_MISMATCH', hashOf(greys[0]!)]);
  const padded = objectWith([...pixels, ...surplus.slice(2)]);
  expect(codes(scanned(padded))).not.toContain('FRAME_COUNT_MISMATCH');
});
