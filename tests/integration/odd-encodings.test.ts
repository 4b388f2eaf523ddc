/** Pixels that are coded otherwise than the file says, and colours under odd names. */
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRleFrame } from '../../core/dicom/write/rle.ts';
import { formatOf } from '../../core/pixels/format.ts';
import { decodeFrames } from '../../main/host/decode/tasks.ts';
import { encodeColour, frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import {
  codes,
  gdcmPixels,
  has,
  hashOf,
  native,
  type OddObject,
  oddObject,
  scanned,
  summaryOf,
  transcodedPixels,
  write,
} from '../fixtures/odd-object.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const [rows, columns] = [40, 36];
const values = Uint16Array.from({ length: rows * columns }, (_, n) => ((n * 29) ^ (n >> 3)) & 4095);
const little = [...new Uint8Array(values.buffer)];
const big = little.map((_, n) => little[n ^ 1]!);
const shape = { rows, columns, bitsStored: 12 } as const;
const lossless = '1.2.840.10008.1.2.4.70';
const deflated = '1.2.840.10008.1.2.1.99';
const even = (bytes: Uint8Array): number[] => (bytes.length % 2 ? [...bytes, 0] : [...bytes]);
/** Items as a writer makes them who turns all of a big endian data set round. */
const bigItems = (fragment: raw.Bytes): number[] => [
  ...raw.element(0x7fe0, 0x10, 'OB', [], 0xffffffff),
  ...[
    0xff,
    0xfe,
    0xe0,
    0,
    0,
    0,
    0,
    0,
    0xff,
    0xfe,
    0xe0,
    0,
    0,
    0,
    fragment.length >> 8,
    fragment.length & 255,
  ],
  ...fragment,
  ...[0xff, 0xfe, 0xe0, 0xdd, 0, 0, 0, 0],
];

let jpegLs: number[] = [];
let j2k: number[] = [];
beforeAll(async () => {
  jpegLs = even((await loadFrameEncoder('jpegLs', 12))(values, columns, rows)[0]!);
  j2k = even((await loadFrameEncoder('jpeg2000', 12))(values, columns, rows)[0]!);
});

type Case = readonly [string, () => Omit<OddObject, 'rows' | 'columns'>, string];
const encapsulated = (fragment: raw.Bytes) => raw.encapsulated([], [fragment]);
const rle = () => even(encodeRleFrame(values, columns));
const cases: readonly Case[] = [
  ['lossless JPEG, uncompressed', () => ({ transferSyntax: lossless, pixels: native(little) }), ''],
  [
    'lossless JPEG, uncompressed in implicit VR',
    () => ({ transferSyntax: lossless, written: 'implicit', pixels: native(little) }),
    'TS_MISMATCH',
  ],
  [
    'lossless JPEG, uncompressed in big endian',
    () => ({ transferSyntax: lossless, written: 'big', pixels: native(big) }),
    'TS_MISMATCH',
  ],
  [
    'lossless JPEG, uncompressed in items',
    () => ({ transferSyntax: lossless, pixels: encapsulated(little) }),
    '',
  ],
  ['RLE, uncompressed in items', () => ({ transferSyntax: raw.rle, pixels: encapsulated(little) }), ''],
  ['lossless JPEG, RLE', () => ({ transferSyntax: lossless, pixels: encapsulated(rle()) }), ''],
  ['RLE, JPEG-LS', () => ({ transferSyntax: raw.rle, pixels: encapsulated(jpegLs) }), ''],
  ['uncompressed, RLE', () => ({ pixels: encapsulated(rle()) }), ''],
  ['uncompressed, JPEG 2000 without items', () => ({ pixels: native(j2k) }), ''],
  [
    'big endian, JPEG 2000 in items',
    () => ({ transferSyntax: raw.explicitBig, written: 'big', pixels: encapsulated(j2k) }),
    '',
  ],
  [
    'big endian, JPEG 2000 in big endian items',
    () => ({ transferSyntax: raw.explicitBig, written: 'big', pixels: bigItems(j2k) }),
    '',
  ],
  [
    'implicit VR, JPEG 2000 in items',
    () => ({ transferSyntax: raw.implicitLittle, written: 'implicit', pixels: encapsulated(j2k) }),
    '',
  ],
];

describe('says one coding and has another', () => {
  it.each(cases)('%s', async (name, object, besides) => {
    const file = oddObject({ ...shape, ...object() });
    const expected = ['PIXEL_ENCODING_MISMATCH', ...(besides ? [besides] : [])];
    expect(codes(scanned(file))).toEqual(expected);
    const path = write(folder.path, name, file);
    const { sha256, problem } = await summaryOf(path);
    expect({ sha256, code: problem?.code }).toEqual({
      sha256: hashOf(values),
      code: 'PIXEL_ENCODING_MISMATCH',
    });
    expect(hashOf(await transcodedPixels(path))).toBe(sha256);
  });

  it.each([
    ['implicit VR', { written: 'implicit' } as const, little],
    ['big endian', { written: 'big' } as const, big],
    ['explicit VR', {}, little],
  ])('says that it is deflated, and is plain %s', async (name, written, bytes) => {
    const file = oddObject({ ...shape, ...written, transferSyntax: deflated, pixels: native(bytes) });
    expect(codes(scanned(file))).toEqual(['TS_MISMATCH']);
    expect((await summaryOf(write(folder.path, name, file))).sha256).toBe(hashOf(values));
  });

  it.each([
    ['zlib', deflateSync],
    ['gzip', gzipSync],
  ])('is deflated behind a header of %s', async (name, pack) => {
    const plain = oddObject({ ...shape, pixels: native(little) });
    const begin = 132 + raw.meta().length;
    const file = raw.file([...pack(plain.subarray(begin))], raw.meta(deflated));
    expect(codes(scanned(file))).toEqual(['TS_MISMATCH']);
    const path = write(folder.path, name, file);
    expect((await summaryOf(path)).sha256).toBe(hashOf(values));
    expect(hashOf(await transcodedPixels(path))).toBe(hashOf(values));
  });

  it.each([
    ['JPEG-LS', () => jpegLs, frameEncoders.jpegLs[3]],
    ['JPEG 2000', () => j2k, frameEncoders.jpeg2000[3]],
    ['RLE', rle, raw.rle],
  ] as const)(
    '%s without an offset table: the first item is the first frame',
    async (name, stream, syntax) => {
      const items = [1, 2].flatMap(() => [...raw.itemStart(stream().length), ...stream()]);
      const pixels = [...raw.element(0x7fe0, 0x10, 'OB', [], 0xffffffff), ...items, ...raw.sequenceEnd];
      const file = oddObject({ ...shape, frames: 2, transferSyntax: syntax, pixels });
      expect(codes(scanned(file))).toEqual(['BOT_INVALID']);
      const twice = Uint16Array.of(...values, ...values);
      expect((await summaryOf(write(folder.path, `${name} no table`, file))).sha256).toBe(hashOf(twice));
    },
  );

  it('uncompressed in items of a big endian data set: as the syntax says, and doubtful', async () => {
    const object = { transferSyntax: raw.explicitBig, written: 'big' } as const;
    const file = oddObject({ ...shape, ...object, pixels: encapsulated(big) });
    expect(codes(scanned(file))).toEqual(['BYTE_ORDER_GUESSED', 'PIXEL_ENCODING_MISMATCH']);
    expect((await summaryOf(write(folder.path, 'items', file))).sha256).toBe(hashOf(values));
  });

  it.each([
    ['JPEG-LS', () => jpegLs],
    ['JPEG 2000', () => j2k],
  ])('%s turned in pairs in a big endian data set is no picture', async (name, stream) => {
    const turned = stream().map((_, n) => stream()[n ^ 1]!);
    const object = { transferSyntax: raw.explicitBig, written: 'big' } as const;
    const file = oddObject({ ...shape, ...object, pixels: native(turned) });
    expect(codes(scanned(file))).toEqual(['PIXEL_ENCODING_MISMATCH']);
    const { sha256, problem } = await summaryOf(write(folder.path, `turned ${name}`, file));
    expect({ sha256, code: problem?.code }).toEqual({ sha256: null, code: 'FRAME_UNDECODABLE' });
  });

  it('bytes of another length than a frame’s are no uncompressed frame', async () => {
    const pixels = encapsulated(little.slice(2));
    const file = oddObject({ ...shape, transferSyntax: lossless, pixels });
    const { sha256, problem } = await summaryOf(write(folder.path, 'short', file));
    expect({ sha256, code: problem?.code }).toEqual({ sha256: null, code: 'FRAME_UNDECODABLE' });
  });
});

describe('colours', () => {
  const colour = Uint8Array.from({ length: rows * columns * 3 }, (_, n) => n * 13);
  const small = { rows, columns, bitsAllocated: 8, samples: 3, planar: 0 } as const;

  it.each([
    ['HSV', 3],
    ['CMYK', 4],
    ['ARGB', 4],
  ])('%s, which DICOM has retired, is not shown, and this is said', async (photometric, samples) => {
    const pixels = native(new Uint8Array(rows * columns * samples));
    const file = oddObject({ ...small, photometric, samples, pixels });
    expect(codes(scanned(file))).toContain('COLOUR_UNSUPPORTED');
    expect(formatOf(scanned(file))).toMatchObject({
      ok: false,
      problem: { code: 'COLOUR_UNSUPPORTED', params: { photometric } },
    });
    const { sha256, problem } = await summaryOf(write(folder.path, photometric, file));
    expect({ sha256, code: problem?.code }).toEqual({ sha256: null, code: 'COLOUR_UNSUPPORTED' });
  });

  it.each([
    ['RGB', true, 'RGB', undefined],
    ['YBR_RCT', true, 'RGB', undefined],
    ['YBR_FULL', false, 'YBR_FULL', undefined],
    ['YBR_FULL', true, 'RGB', 'PIXEL_ENCODING_MISMATCH'],
    ['YBR_FULL_422', true, 'RGB', 'PIXEL_ENCODING_MISMATCH'],
  ] as const)(
    'JPEG 2000 called %s, transformed: %s, is %s',
    async (photometric, isTransformed, meant, code) => {
      // The JPEG 2000 encoder always transforms.
      const coding = isTransformed ? 'jpeg2000' : 'htj2k';
      const stream = even(await encodeColour(coding, colour, { rows, columns }, isTransformed));
      const transferSyntax = frameEncoders[coding][3];
      const file = oddObject({ ...small, photometric, transferSyntax, pixels: encapsulated(stream) });
      const path = write(folder.path, `${photometric} ${isTransformed}`, file);
      const [frame] = await decodeFrames({ path, scan: scanned(file), frames: [0] }, () => undefined);
      if (!frame?.ok) throw new Error(frame?.problem.code);
      expect(hashOf(frame.value.cells)).toBe(hashOf(colour));
      expect(frame.value.photometricInterpretation).toBe(meant);
      expect(frame.value.problem?.code).toBe(code);
    },
  );

  it.each([
    ['unsigned', 'unsigned', undefined],
    ['signed', 'unsigned', 'PIXEL_ENCODING_MISMATCH'],
    ['unsigned', 'signed', undefined],
    ['signed', 'signed', undefined],
  ] as const)(
    'a JPEG 2000 stream of %s samples in an object that is %s is told where it would be white for black',
    async (stream, header, code) => {
      const [coded = new Uint8Array(0)] = (await loadFrameEncoder('jpeg2000', 12))(values, columns, rows);
      // The sign is the top bit of Ssiz (ISO 15444-1 A.5.1), 42 bytes behind SOC.
      const signBit = stream === 'signed' ? 0x80 : 0;
      const turned = coded.map((byte, at) => (at === 42 ? byte | signBit : byte));
      const pixels = encapsulated(even(turned));
      const transferSyntax = frameEncoders.jpeg2000[3];
      const file = oddObject({ ...shape, signed: header === 'signed', transferSyntax, pixels });
      const { problem } = await summaryOf(write(folder.path, `${stream} ${header}`, file));
      expect(problem?.code).toBe(code);
    },
  );

  it.each(['YBR_ICT', 'YBR_RCT', 'YBR_PARTIAL_420'])(
    'so are RLE pixels that are called %s',
    (photometric) => {
      const transferSyntax = raw.rle;
      const pixels = raw.encapsulated([], [even(encodeRleFrame(colour, small.rows, small.columns))]);
      const of = (name: string) =>
        codes(scanned(oddObject({ ...small, photometric: name, transferSyntax, pixels })));
      expect([of(photometric), of('RGB')]).toEqual([['PIXEL_ATTRIBUTES'], []]);
    },
  );

  it.each(['YBR_ICT', 'YBR_RCT', 'YBR_PARTIAL_420'])(
    'uncompressed pixels that are called %s are doubtful',
    async (photometric) => {
      const file = oddObject({ ...small, photometric, pixels: native(colour) });
      expect(codes(scanned(file))).toEqual(['PIXEL_ATTRIBUTES']);
      expect(await summaryOf(write(folder.path, photometric, file))).toMatchObject({
        sha256: hashOf(colour),
        problem: { code: 'PIXEL_ATTRIBUTES' },
      });
    },
  );
});

it('what gdcm reads of these it reads alike', ({ skip }) => {
  skip(!has('gdcmconv', 'gdcmraw'), 'gdcm is not installed');
  const [[name, object]] = cases as [Case];
  const path = write(folder.path, `${name} for gdcm`, oddObject({ ...shape, ...object() }));
  expect(hashOf(gdcmPixels(path))).toBe(hashOf(values));
});
