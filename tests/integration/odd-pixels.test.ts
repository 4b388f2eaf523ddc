/** Unusual yet meant pixels against closed forms, and against dcmtk and gdcm where these read them. */
import { afterAll, describe, expect, it } from 'vitest';
import { encodeRleFrame } from '../../core/dicom/write/rle.ts';
import { encodeJpeg } from '../../core/pixels/jpeg/encode.ts';
import { decodeFrames } from '../../main/host/decode/tasks.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import {
  codes,
  dcmtkPixels,
  gdcmPixels,
  has,
  hashOf,
  native,
  oddObject,
  scanned,
  summaryOf,
  transcodedPixels,
  write,
} from '../fixtures/odd-object.ts';
import { encapsulated, jpegBaseline, rle, text } from '../fixtures/raw-dicom.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('GE private syntax: implicit VR little endian with big endian pixels', () => {
  const transferSyntax = '1.2.840.113619.5.2';
  const shape = { transferSyntax, written: 'implicit', rows: 5, columns: 7, frames: 2 } as const;

  it('16 bits are big endian words, as dcmtk has them', async ({ skip }) => {
    const values = Int16Array.from({ length: 70 }, (_, n) => n * 773 - 27_000);
    const pixels = new DataView(new ArrayBuffer(140));
    values.forEach((value, n) => {
      pixels.setInt16(2 * n, value, false);
    });
    const file = oddObject({ ...shape, signed: true, pixels: native(new Uint8Array(pixels.buffer)) });
    expect(codes(scanned(file))).toEqual([]);
    const path = write(folder.path, 'ge16', file);
    const { sha256, problem, min, max } = await summaryOf(path);
    expect({ sha256, problem }).toEqual({ sha256: hashOf(values), problem: undefined });
    expect([min, max]).toEqual([values[0], values[69]]);
    expect(await transcodedPixels(path)).toEqual(new Uint8Array(values.buffer));
    skip(!has('dcmconv', 'gdcmraw'), 'dcmtk and gdcm are not installed');
    expect(hashOf(dcmtkPixels(path))).toBe(sha256);
  });

  it('8 bits lie as in gdcm, and are said to be doubtful', async ({ skip }) => {
    const values = Uint8Array.from({ length: 70 }, (_, n) => n * 37);
    const path = write(folder.path, 'ge8', oddObject({ ...shape, bitsAllocated: 8, pixels: native(values) }));
    const { sha256, problem } = await summaryOf(path);
    expect({ sha256, code: problem?.code }).toEqual({ sha256: hashOf(values), code: 'BYTE_ORDER_GUESSED' });
    skip(!has('gdcmconv', 'gdcmraw'), 'gdcm is not installed');
    expect(hashOf(gdcmPixels(path).subarray(0, 70))).toBe(sha256);
  });

  it('32 bits, on which dcmtk and gdcm disagree, are refused', async () => {
    const file = oddObject({ ...shape, bitsAllocated: 32, pixels: native(new Uint8Array(280)) });
    const { sha256, problem } = await summaryOf(write(folder.path, 'ge32', file));
    expect({ sha256, code: problem?.code }).toEqual({ sha256: null, code: 'PIXEL_FORMAT_UNSUPPORTED' });
  });
});

describe('all frames of an object in one fragment, or cut anywhere', () => {
  const [rows, columns, frames] = [40, 36, 3];
  const made = Array.from({ length: frames }, (_, f) =>
    Uint16Array.from({ length: rows * columns }, (_value, n) => ((n * 29 * f + f * 311) ^ (n >> 3)) & 4095),
  );
  const all = Uint16Array.from(made.flatMap((frame) => [...frame]));
  const layouts: readonly [string, (streams: readonly Uint8Array[]) => readonly (readonly number[])[]][] = [
    ['end to end', (streams) => [evenly(streams.flatMap((stream) => [...stream]))]],
    ['each padded, in one', (streams) => [streams.flatMap((stream) => evenly([...stream]))]],
    ['as many pieces as frames', (streams) => pieces(streams, frames)],
    ['two pieces', (streams) => pieces(streams, 2)],
    ['eleven pieces', (streams) => pieces(streams, 11)],
  ];

  const names = Object.keys(frameEncoders) as (keyof typeof frameEncoders)[];
  describe.each([...names, 'rle' as const])('%s', (name) => {
    it.each(layouts)('%s', async (layout, fragmentsOf) => {
      const encode = name === 'rle' ? null : await loadFrameEncoder(name, 12);
      const streams = made.map(
        (frame) => encode?.(frame, columns, rows)[0] ?? encodeRleFrame(frame, columns),
      );
      const transferSyntax = name === 'rle' ? rle : frameEncoders[name][3];
      for (const table of [[], [0, 0, 0, 0]]) {
        const pixels = encapsulated(table, fragmentsOf(streams));
        const file = oddObject({ transferSyntax, rows, columns, frames, bitsStored: 12, pixels });
        const { pixel, flags } = scanned(file);
        expect(pixel).toMatchObject({ kind: 'encapsulated', frames: { length: frames } });
        expect(flags.map(({ code }) => code)).toContain('FRAME_BOUNDARY_GUESSED');
        const summary = await summaryOf(write(folder.path, `${name} ${layout}`, file));
        expect(summary).toMatchObject({ sha256: hashOf(all), frames });
      }
    });
  });
});

const evenly = (bytes: readonly number[]): number[] => (bytes.length % 2 ? [...bytes, 0] : [...bytes]);

/** All streams, cut into so many pieces of even length without regard to where they end. */
function pieces(streams: readonly Uint8Array[], count: number): number[][] {
  const all = evenly(streams.flatMap((stream) => [...stream]));
  const size = 2 * Math.ceil(all.length / (2 * count));
  return Array.from({ length: count }, (_, n) => all.slice(n * size, (n + 1) * size));
}

describe('JPEG', () => {
  const [rows, columns] = [19, 23];
  const rgba = Uint8ClampedArray.from({ length: rows * columns * 4 }, (_, n) => (n % 4 === 3 ? 255 : n * 7));
  const shape = {
    transferSyntax: jpegBaseline,
    rows,
    columns,
    bitsAllocated: 8,
    samples: 3,
    planar: 0,
  } as const;
  const objectOf = (stream: readonly number[], photometric = 'YBR_FULL'): Uint8Array =>
    oddObject({ ...shape, photometric, pixels: encapsulated([], [evenly(stream)]) });
  /** Adobe's marker in place of JFIF's: transform 0 is RGB, 1 is YCbCr. */
  const adobe = (stream: readonly number[], transform: number): number[] => [
    ...[...stream.slice(0, 2), 0xff, 0xee, 0, 14, ...text('Adobe'), 0, 100, 0, 0, 0, 0, transform],
    ...stream.slice(4 + stream[4]! * 256 + stream[5]!),
  ];

  /** No marks of any colour space. */
  const bare = (stream: readonly number[]): number[] => [
    ...stream.slice(0, 2),
    ...stream.slice(4 + stream[4]! * 256 + stream[5]!),
  ];

  it.each([
    ['JFIF', 'YBR_FULL', (stream: readonly number[]) => stream, 'YBR_FULL', undefined],
    ['JFIF', 'RGB', (stream: readonly number[]) => stream, 'YBR_FULL', 'PIXEL_ENCODING_MISMATCH'],
    [
      'Adobe 1',
      'RGB',
      (stream: readonly number[]) => adobe(stream, 1),
      'YBR_FULL',
      'PIXEL_ENCODING_MISMATCH',
    ],
    ['Adobe 0', 'RGB', (stream: readonly number[]) => adobe(stream, 0), 'RGB', undefined],
    ...['YBR_ICT', 'YBR_RCT', 'YBR_PARTIAL_422'].flatMap((declared) => [
      [
        'JFIF',
        declared,
        (stream: readonly number[]) => stream,
        'YBR_FULL',
        'PIXEL_ENCODING_MISMATCH',
      ] as const,
      ['bare', declared, bare, 'YBR_FULL', 'PIXEL_ENCODING_MISMATCH'] as const,
    ]),
    ['bare', 'YBR_FULL', bare, 'YBR_FULL', undefined],
    [
      'Adobe 0',
      'YBR_FULL',
      (stream: readonly number[]) => adobe(stream, 0),
      'RGB',
      'PIXEL_ENCODING_MISMATCH',
    ],
  ] as const)(
    '%s under a header that says %s: the stream counts, and is told',
    async (name, declared, made, meant, code) => {
      const file = objectOf(made([...encodeJpeg(rgba, columns, rows)]), declared);
      const path = write(folder.path, `${name} ${declared}`, file);
      const [frame] = await decodeFrames({ path, scan: scanned(file), frames: [0] }, () => undefined);
      expect(frame?.ok && frame.value.photometricInterpretation).toBe(meant);
      expect(frame?.ok && frame.value.problem?.code).toBe(code);
    },
  );

  it('whose rows are told behind the scan (DNL) is what it is with rows in front', async () => {
    const stream = [...encodeJpeg(rgba, columns, rows)];
    const frame = stream.findIndex((byte, n) => byte === 0xff && stream[n + 1] === 0xc0);
    expect(stream.slice(frame + 5, frame + 7)).toEqual([0, rows]);
    const open = [
      ...[...stream.slice(0, frame + 5), 0, 0, ...stream.slice(frame + 7, -2)],
      ...[0xff, 0xdc, 0, 4, 0, rows, 0xff, 0xd9],
    ];
    const whole = await summaryOf(write(folder.path, 'rows', objectOf(stream)));
    expect(whole.problem).toBeUndefined();
    expect(codes(scanned(objectOf(open)))).toEqual([]);
    const told = await summaryOf(write(folder.path, 'dnl', objectOf(open)));
    expect({ ...told, source: '' }).toEqual({ ...whole, source: '' });
  });
});
