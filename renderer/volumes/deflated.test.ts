import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { deflatedPixels } from './deflated.ts';

const explicit = (tag: readonly [number, number], vr: string, value: Uint8Array): Buffer => {
  const isLong = ['OB', 'OW'].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag[0], 0);
  head.writeUInt16LE(tag[1], 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
};
const text = (tag: readonly [number, number], vr: string, value: string): Buffer =>
  explicit(tag, vr, Buffer.from(value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value, 'latin1'));
const number16 = (tag: readonly [number, number], value: number): Buffer =>
  explicit(tag, 'US', Uint8Array.of(value & 255, value >> 8));

function deflatedFile(pixels: Uint8Array): Uint8Array {
  const meta = Buffer.concat([
    text([2, 2], 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text([2, 3], 'UI', '1.2.3.4'),
    text([2, 0x10], 'UI', '1.2.840.10008.1.2.1.99'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const dataset = Buffer.concat([
    text([8, 0x16], 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text([8, 0x18], 'UI', '1.2.3.4'),
    text([0x20, 0xd], 'UI', '1.2.3'),
    text([0x20, 0xe], 'UI', '1.2.3.1'),
    number16([0x28, 2], 1),
    text([0x28, 4], 'CS', 'MONOCHROME2'),
    number16([0x28, 0x10], 4),
    number16([0x28, 0x11], 4),
    number16([0x28, 0x100], 16),
    number16([0x28, 0x101], 16),
    number16([0x28, 0x102], 15),
    number16([0x28, 0x103], 0),
    explicit([0x7fe0, 0x10], 'OW', pixels),
  ]);
  const start = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), explicit([2, 0], 'UL', length)]);
  return Buffer.concat([start, meta, deflateRawSync(dataset)]);
}

test('the pixel bytes of a deflated object come out as they went in', () => {
  const pixels = Uint8Array.from({ length: 32 }, (_, n) => (n * 37) & 255);
  const got = deflatedPixels(deflatedFile(pixels));
  expect(got.ok && [...got.value]).toEqual([...pixels]);
});

test('a damaged one is told, not shown', () => {
  const file = deflatedFile(new Uint8Array(32).fill(9));
  expect(deflatedPixels(file.subarray(0, file.length - 20)).ok).toBe(false);
  expect(deflatedPixels(Uint8Array.of(1, 2, 3)).ok).toBe(false);
});
