/** Uncompressed pixels of every depth, sign, order and odd size: closed forms first, then dcmtk and gdcm. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
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
  type OddObject,
  oddObject,
  scanned,
  summaryOf,
  write,
} from '../fixtures/odd-object.ts';
import {
  element,
  encapsulated,
  explicitBig,
  explicitLittle,
  implicitLittle,
  u16,
} from '../fixtures/raw-dicom.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const hasTools = has('dcmconv', 'gdcmconv', 'gdcmraw');

/** Cells of `bits`, all of which are used, in a fixed disorder. */
function cellsOf(bits: 8 | 16 | 32, count: number): Uint8Array | Uint16Array | Uint32Array {
  const values = Array.from({ length: count }, (_, n) => (n * 2_654_435_761 + 77) >>> (32 - bits));
  return bits === 8
    ? Uint8Array.from(values)
    : bits === 16
      ? Uint16Array.from(values)
      : Uint32Array.from(values);
}

const bytesOf = (cells: ArrayBufferView): Uint8Array =>
  new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
/** Groups of bytes the other way round, after a pad byte where their number is odd. */
const turned = (bytes: Uint8Array, size: number): number[] => {
  const padded = bytes.length % 2 ? [...bytes, 0] : [...bytes];
  return size === 1 ? padded : padded.map((_, n) => padded[n - (n % size) + size - 1 - (n % size)]!);
};

interface Order {
  readonly name: string;
  readonly shape: Pick<OddObject, 'transferSyntax' | 'written'>;
  readonly vr: string;
  /** Bytes of a unit that is turned, by the bytes of a cell. */
  readonly unit: (cell: number) => number;
}
const big = { transferSyntax: explicitBig, written: 'big' } as const;
const orders: readonly Order[] = [
  { name: 'explicit OW', shape: { transferSyntax: explicitLittle }, vr: 'OW', unit: () => 1 },
  { name: 'explicit OB', shape: { transferSyntax: explicitLittle }, vr: 'OB', unit: () => 1 },
  {
    name: 'implicit',
    shape: { transferSyntax: implicitLittle, written: 'implicit' },
    vr: 'OW',
    unit: () => 1,
  },
  { name: 'big endian OW', shape: big, vr: 'OW', unit: (cell) => Math.max(2, cell) },
  { name: 'big endian OB', shape: big, vr: 'OB', unit: (cell) => cell },
];

describe.each(orders)('$name', ({ name, shape, vr, unit }) => {
  it.each([
    [8, 5, 7],
    [8, 4, 6],
    [16, 5, 7],
    [32, 5, 7],
  ] as const)('%i bits, %i × %i, two frames', async (bits, rows, columns) => {
    const cells = cellsOf(bits, rows * columns * 2);
    const pixels = native(turned(bytesOf(cells), unit(bits / 8)), vr);
    const file = oddObject({ ...shape, rows, columns, frames: 2, bitsAllocated: bits, pixels });
    const path = write(folder.path, `${name} ${bits} ${rows}`, file);
    const summary = await summaryOf(path);
    expect(summary).toMatchObject({ sha256: hashOf(cells), frames: 2 });
    // Two readings of one cell are met.
    const isDoubtful = bits === 32 && name === 'big endian OW';
    expect(summary.problem?.code).toBe(isDoubtful ? 'BYTE_ORDER_GUESSED' : undefined);
    // Of 32-bit big endian words both make two of 16 bits; 16-bit OB in big endian is not legal.
    const isKnown = name !== 'big endian OB' && !(bits === 32 && name === 'big endian OW');
    if (!hasTools || !isKnown) return;
    for (const read of [dcmtkPixels, gdcmPixels])
      expect(hashOf(read(path).subarray(0, cells.byteLength))).toBe(summary.sha256);
  });

  it.each([
    ['RGB', 8],
    ['RGB', 16],
    ['YBR_FULL', 8],
  ] as const)('%s of %i bits, samples side by side and in planes', async (photometric, bits) => {
    const [rows, columns] = [5, 7];
    const cells = cellsOf(bits, rows * columns * 3);
    const planes = cells.map((_, n) => cells[(n % (rows * columns)) * 3 + Math.floor(n / (rows * columns))]!);
    for (const planar of [0, 1] as const) {
      const stored = bytesOf(planar ? planes : cells);
      const pixels = native(turned(stored, unit(bits / 8)), vr);
      const object = { ...shape, rows, columns, samples: 3, photometric, planar, bitsAllocated: bits };
      const path = write(
        folder.path,
        `${name} ${photometric} ${bits} ${planar}`,
        oddObject({ ...object, pixels }),
      );
      expect((await summaryOf(path)).sha256).toBe(hashOf(cells));
    }
  });

  it.each([
    [5, 7, 3],
    [8, 2, 2],
  ])('one bit, %i × %i, %i frames that run on', async (rows, columns, frames) => {
    const bits = Uint8Array.from({ length: rows * columns * frames }, (_, n) => (n * n + (n >> 2)) & 1);
    const packed = new Uint8Array(Math.ceil(bits.length / 8));
    for (const [n, bit] of bits.entries()) packed[n >> 3]! |= bit << (n & 7);
    const pixels = native(turned(packed, name === 'big endian OW' ? 2 : 1), vr);
    const file = oddObject({ ...shape, rows, columns, frames, bitsAllocated: 1, pixels });
    const path = write(folder.path, `${name} bits ${rows}`, file);
    expect((await summaryOf(path)).sha256).toBe(hashOf(bits));
  });
});

describe('twelve bits a cell, packed', () => {
  const [rows, columns, frames] = [5, 7, 2];
  const values = Uint16Array.from({ length: rows * columns * frames }, (_, n) => (n * 2_654_435_761) >>> 20);
  const packed = new Uint8Array(Math.ceil(values.length * 1.5));
  for (const [n, value] of values.entries())
    for (let bit = 0; bit < 12; bit++)
      packed[(12 * n + bit) >> 3]! |= ((value >> bit) & 1) << ((12 * n + bit) & 7);

  it.each(orders.filter(({ vr }) => vr === 'OW'))('$name', async ({ name, shape, unit }) => {
    const pixels = native(turned(packed, unit(2)), 'OW');
    const file = oddObject({ ...shape, rows, columns, frames, bitsAllocated: 12, pixels });
    expect(codes(scanned(file))).toEqual([]);
    const path = write(folder.path, `${name} twelve`, file);
    expect(await summaryOf(path)).toMatchObject({ sha256: hashOf(values), frames });
    if (!has('dcm2pnm')) return;
    for (const frame of [1, 2]) {
      const { stdout } = spawnSync('dcm2pnm', ['--write-16-bit-pnm', '+F', String(frame), path], {
        encoding: 'utf8',
      });
      const [, , , , ...words] = stdout.trim().split(/\s+/).map(Number);
      const own = values.slice((frame - 1) * rows * columns, frame * rows * columns);
      expect(words).toEqual([...own].map((value) => value << 4));
    }
  });

  it('in lossless JPEG-LS they have a cell of sixteen', async () => {
    const grey = Uint16Array.from({ length: 40 * 36 }, (_, n) => (n * 7) & 4095);
    const stream = (await loadFrameEncoder('jpegLs', 12))(grey, 36, 40)[0]!;
    const pixels = encapsulated([], [[...stream, ...(stream.length % 2 ? [0] : [])]]);
    const transferSyntax = frameEncoders.jpegLs[3];
    const file = oddObject({ transferSyntax, rows: 40, columns: 36, bitsAllocated: 12, pixels });
    expect((await summaryOf(write(folder.path, 'twelve coded', file))).sha256).toBe(hashOf(grey));
  });
});

describe('bits of a cell that are stored', () => {
  it.each([
    [16, 12, 11],
    [16, 12, 15],
    [16, 10, 13],
    [16, 1, 0],
    [16, 8, 7],
    [8, 5, 4],
    [8, 4, 7],
    [32, 20, 19],
    [32, 17, 31],
    [32, 32, 31],
  ] as const)('of %i the %i up to bit %i', async (bitsAllocated, bitsStored, highBit) => {
    const cells = cellsOf(bitsAllocated, 48);
    for (const signed of [false, true]) {
      const shape = { rows: 6, columns: 8, bitsAllocated, bitsStored, highBit, signed };
      const file = oddObject({ ...shape, pixels: native(bytesOf(cells)) });
      const path = write(folder.path, `stored ${bitsAllocated} ${bitsStored} ${highBit} ${signed}`, file);
      const [frame] = await decodeFrames({ path, scan: scanned(file), frames: [0] }, () => undefined);
      if (!frame?.ok) throw new Error(frame?.problem.code);
      expect(hashOf(frame.value.cells)).toBe(hashOf(cells));
      const meant = [...cells].map((cell) => {
        const low = BigInt(cell) >> BigInt(highBit + 1 - bitsStored);
        return Number(signed ? BigInt.asIntN(bitsStored, low) : BigInt.asUintN(bitsStored, low));
      });
      expect([...frame.value.masked]).toEqual(meant);
    }
  });
});

describe('what is left out or written oddly', () => {
  const cells = cellsOf(16, 48);
  const shape = { rows: 6, columns: 8, pixels: native(bytesOf(cells)) } as const;

  it.each(['0', '1 ', '+1', '01', '1\\1', ''])('%j frames are one', async (frames) => {
    const file = oddObject({ ...shape, also: [element(0x28, 8, 'IS', frames)] });
    expect((await summaryOf(write(folder.path, `frames ${frames.charCodeAt(0)}`, file))).sha256).toBe(
      hashOf(cells),
    );
  });

  it('grey pixels that are called planar, and a pixel representation that is neither', async () => {
    const also = [element(0x28, 6, 'US', u16(1)), element(0x28, 0x103, 'US', u16(2))];
    const file = oddObject({ ...shape, also });
    expect(await summaryOf(write(folder.path, 'planar grey', file))).toMatchObject({
      sha256: hashOf(cells),
      min: Math.min(...cells),
    });
  });
});
