/** Streams whose depth is not the header's BitsStored, or whose header shifts values that a stream cannot hold shifted. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minMax } from '../../core/pixels/cells.ts';
import { decodeFrames } from '../../main/host/decode/tasks.ts';
import { explicitLittle, transcodeFile } from '../../main/host/decode/transcode.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { type OddObject, oddObject, scanned, summaryOf, write } from '../fixtures/odd-object.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const [rows, columns] = [64, 66];
const count = rows * columns;
/** From `low` to `high`, both of which occur. */
const ramp = (low: number, high: number): number[] =>
  Array.from({ length: count }, (_, n) => low + Math.floor((n * (high - low)) / (count - 1)));

type Name = keyof typeof frameEncoders;
const streams = new Map<string, number[]>();
async function encode(name: Name, bits: number, cells: Uint16Array | Int16Array): Promise<number[]> {
  const bytes = (await loadFrameEncoder(name, bits))(cells, columns, rows)[0]!;
  return bytes.length % 2 ? [...bytes, 0] : [...bytes];
}
const mask = (values: readonly number[], bits: number) =>
  Uint16Array.from(values, (v) => v & (2 ** bits - 1));

beforeAll(async () => {
  for (const name of ['jpegLs', 'jpeg2000', 'htj2k'] as const) {
    streams.set(`${name} 12`, await encode(name, 12, Uint16Array.from(ramp(900, 4090))));
    streams.set(`${name} 16`, await encode(name, 16, Uint16Array.from(ramp(900, 60_000))));
    streams.set(`${name} 16 of 12`, await encode(name, 16, Uint16Array.from(ramp(900, 4090))));
  }
  // JPEG-LS knows no sign: its samples are two's complement of as many bits.
  streams.set('jpegLs 12 signed', await encode('jpegLs', 12, mask(ramp(-1000, 2000), 12)));
  streams.set('jpegLs 16 signed', await encode('jpegLs', 16, mask(ramp(-1000, 2000), 16)));
  streams.set('jpeg2000 16 signed', await encode('jpeg2000', 16, Int16Array.from(ramp(-3024, 2000))));
});

type Bits = Pick<OddObject, 'bitsStored' | 'highBit' | 'signed' | 'also'>;
const object = (key: string, bits: Bits): string => {
  const transferSyntax = frameEncoders[key.split(' ')[0] as Name][3];
  const pixels = raw.encapsulated([], [streams.get(key)!]);
  const name = `${key} ${bits.bitsStored} ${bits.highBit} ${bits.also?.length}`;
  return write(folder.path, name, oddObject({ rows, columns, ...bits, transferSyntax, pixels }));
};
const summary = (key: string, bits: Bits) => summaryOf(object(key, bits));

const all = ['jpegLs', 'jpeg2000', 'htj2k'];
const beyond = (low: number, high: number) => ({ min: low, max: high, problem: { code: 'BIT_DEPTH' } });

describe('what a stream is too narrow to hold shifted lies from its bit 0 on', () => {
  it.each(all)('%s of 12 bits under a HighBit of 15', async (name) => {
    const found = await summary(`${name} 12`, { bitsStored: 12, highBit: 15 });
    expect(found).toMatchObject({ min: 900, max: 4090 });
    expect(found.problem).toBeUndefined();
  });

  it('a whole cell is shifted as the header says', async () => {
    const found = await summary('jpegLs 16', { bitsStored: 12, highBit: 15 });
    expect(found).toMatchObject(beyond(900 >> 4, 60_000 >> 4));
  });
});

it.each([12, 13, 16])('the sign of 12 bits in JPEG-LS is theirs under %i bits stored', async (bitsStored) => {
  const found = await summary('jpegLs 12 signed', { bitsStored, signed: true });
  expect(found).toMatchObject({ min: -1000, max: 2000 });
  expect(found.problem).toBeUndefined();
});

it.each([
  ['jpegLs 12', { bitsStored: 12, highBit: 15 }, 900, 4090],
  ['jpegLs 12 signed', { bitsStored: 16, signed: true }, -1000, 2000],
  ['jpeg2000 16', { bitsStored: 12 }, 900, 60_000],
  ['htj2k 16', { bitsStored: 12 }, 900, 60_000],
  ['jpeg2000 16 signed', { bitsStored: 12, signed: true }, -3024, 2000],
] as const)('%s goes out uncompressed with bits that hold for it (%j)', async (key, bits, low, high) => {
  const path = object(key, bits);
  const sent = await transcodeFile({ path, to: explicitLittle, out: `${path}.sent` }, () => undefined);
  expect(sent.ok).toBe(true);
  const file = Uint8Array.from([...raw.file([], raw.meta()), ...readFileSync(`${path}.sent`)]);
  const found = await summaryOf(write(folder.path, `${key} sent`, file));
  expect(found).toMatchObject({ min: low, max: high });
});

it.each([
  ['all frames have the bits of the deepest', 'jpeg2000 16 of 12', undefined],
  ['where it shows too late that one needs more, nothing is sent', 'jpeg2000 12', 'BIT_DEPTH'],
] as const)('uncompressed, %s', async (name, key, expected) => {
  const pixels = raw.encapsulated([], [streams.get(key)!, streams.get('jpeg2000 16')!]);
  const transferSyntax = frameEncoders.jpeg2000[3];
  const file = oddObject({ rows, columns, frames: 2, bitsStored: 12, transferSyntax, pixels });
  const path = write(folder.path, name, file);
  const sent = await transcodeFile({ path, to: explicitLittle, out: `${path}.sent` }, () => undefined);
  if (!sent.ok) expect(sent.problem.code).toBe(expected);
  else {
    const whole = Uint8Array.from([...raw.file([], raw.meta()), ...readFileSync(`${path}.sent`)]);
    const found = await summaryOf(write(folder.path, `${name} sent`, whole));
    expect([found.max, scanned(whole).attributes.BitsStored]).toEqual([60_000, 16]);
  }
});

describe('values beyond the bits stored', () => {
  it('JPEG-LS: the stored bits, and told', async () => {
    const found = await summary('jpegLs 16', { bitsStored: 12 });
    expect(found).toMatchObject({ max: 4095, problem: { code: 'BIT_DEPTH' } });
  });

  it.each([
    ['jpeg2000 16', false, 900, 60_000],
    ['htj2k 16', false, 900, 60_000],
    ['jpeg2000 16 signed', true, -3024, 2000],
  ] as const)('%s: all of them are shown, and told', async (key, signed, low, high) => {
    const path = object(key, { bitsStored: 12, signed });
    expect((await summaryOf(path)).problem?.code).toBe('BIT_DEPTH');
    const scan = scanned(readFileSync(path));
    const [frame] = await decodeFrames({ path, scan, frames: [0] }, () => undefined);
    expect(frame?.ok && minMax(frame.value.masked)).toEqual({ min: low, max: high });
  });

  it.each(all)('%s: a deeper stream whose values fit is no fault', async (name) => {
    const found = await summary(`${name} 16 of 12`, { bitsStored: 12 });
    expect(found).toMatchObject({ min: 900, max: 4090 });
    expect(found.problem).toBeUndefined();
  });

  it('nor is a sign that is carried on', async () => {
    const found = await summary('jpegLs 16 signed', { bitsStored: 12, signed: true });
    expect(found).toMatchObject({ min: -1000, max: 2000 });
    expect(found.problem).toBeUndefined();
  });

  it('nor are overlays in the bits above', async () => {
    const us = (element: number, value: number) => raw.element(0x6000, element, 'US', raw.u16(value));
    const also = [us(0x10, rows), us(0x11, columns), us(0x100, 16), us(0x102, 14)];
    const found = await summary('jpegLs 16', { bitsStored: 12, also });
    expect(found.problem).toBeUndefined();
  });
});
