import { expect, it } from 'vitest';
import type { Scan } from '../dicom/types.ts';
import { formatOf } from './format.ts';

it('cells as wide as the bits stored are no picture of the narrower ones that the header says', () => {
  const attributes = { Rows: 3, Columns: 5, BitsAllocated: 8, BitsStored: 16, HighBit: 15 };
  const answers = [15, 29, 30, 32].map((length) => {
    const pixel = { kind: 'native', element: 'PixelData', range: { offset: 0, length } };
    const format = formatOf({ attributes, pixel } as unknown as Scan);
    return format.ok ? format.value.bitsStored : format.problem.code;
  });
  expect(answers).toEqual([8, 8, 'PIXEL_ATTRIBUTES', 'PIXEL_ATTRIBUTES']);
});
