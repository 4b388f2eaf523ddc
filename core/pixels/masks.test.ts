import { expect, test } from 'vitest';
import { overlayMask, pixelAspect, shutterMask } from './masks.ts';

const size = { rows: 4, columns: 5 };
const count = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);

test('an overlay lies at its 1-based origin and is cut at the image border', () => {
  const overlay = {
    group: 0x6000,
    rows: 2,
    columns: 3,
    origin: [4, 4] as const,
    type: 'G' as const,
    frames: 1,
    firstFrame: 1,
    bitPosition: 0,
    data: Uint8Array.of(1, 1, 1, 1, 1, 1),
  };
  const mask = overlayMask(overlay, size, 0, new Uint8Array(20))!;
  expect(count(mask)).toBe(2);
  expect([mask[3 * 5 + 3], mask[3 * 5 + 4]]).toEqual([1, 1]);
  const shifted = { ...overlay, origin: [-1, 1] as const };
  expect(count(overlayMask(shifted, size, 0, new Uint8Array(20))!)).toBe(0);
});

test('a multi-frame overlay shows its own plane from its first frame on', () => {
  const overlay = {
    group: 0x6002,
    rows: 1,
    columns: 2,
    origin: [1, 1] as const,
    type: 'R' as const,
    frames: 2,
    firstFrame: 3,
    bitPosition: 0,
    data: Uint8Array.of(1, 0, 0, 1),
  };
  expect(overlayMask(overlay, size, 1, new Uint8Array(20))).toBe(null);
  expect([...overlayMask(overlay, size, 2, new Uint8Array(20))!.subarray(0, 2)]).toEqual([1, 0]);
  expect([...overlayMask(overlay, size, 3, new Uint8Array(20))!.subarray(0, 2)]).toEqual([0, 1]);
  expect(overlayMask(overlay, size, 4, new Uint8Array(20))).toBe(null);
});

test('an embedded overlay is one bit of the cells', () => {
  const overlay = {
    group: 0x6000,
    rows: 4,
    columns: 5,
    origin: [1, 1] as const,
    type: 'G' as const,
    frames: 1,
    firstFrame: 1,
    bitPosition: 12,
  };
  const cells = Uint16Array.from({ length: 20 }, (_, n) => (n % 3 === 0 ? 0x1fff : 0x0fff));
  expect([...overlayMask(overlay, size, 0, cells)!]).toEqual([...cells].map((_, n) => (n % 3 === 0 ? 1 : 0)));
});

test('shutter shapes intersect', () => {
  expect(count(shutterMask({}, size))).toBe(20);
  const rectangle = { left: 2, right: 4, top: 1, bottom: 3 };
  expect(count(shutterMask({ rectangle }, size))).toBe(9);
  const circle = { row: 2, column: 3, radius: 1 };
  expect(count(shutterMask({ circle }, size))).toBe(5);
  expect(count(shutterMask({ rectangle: { ...rectangle, right: 2 }, circle }, size))).toBe(1);
  const polygon = [
    [0.5, 0.5],
    [0.5, 3.5],
    [2.5, 3.5],
    [2.5, 0.5],
  ] as const;
  expect(count(shutterMask({ polygon }, size))).toBe(6);
});

test('pixel aspect is height over width, spacing before ratio', () => {
  expect(pixelAspect({ PixelSpacing: [0.8, 0.4], PixelAspectRatio: [1, 1] })).toBe(2);
  expect(pixelAspect({ PixelAspectRatio: [3, 4] })).toBe(0.75);
  expect(pixelAspect({ ImagerPixelSpacing: [0, 1] })).toBe(1);
});
