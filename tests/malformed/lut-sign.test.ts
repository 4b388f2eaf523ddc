/**
 * The first input value of a lookup table is US or SS, which implicit VR does not tell (PS3.3 C.11.1.1.1, C.11.2.1.1,
 * C.7.6.3.1.5): the stored pixels decide, and for a VOI LUT the modality values.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import type { Scan } from '../../core/dicom/types.ts';
import { modalityValue } from '../../core/pixels/modality.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, implicitElement, u16 } = raw;

/** Of an implicit VR data set: a sequence of one table that begins at FF00. */
const table = (group: number, number: number, first = 0xff00): number[] => {
  const item = [
    ...implicitElement(0x28, 0x3002, [...u16(4), ...u16(first), ...u16(16)]),
    ...implicitElement(0x28, 0x3006, [10, 20, 30, 40].flatMap(u16)),
  ];
  return implicitElement(group, number, [...raw.itemStart(item.length), ...item]);
};
const modalityLut = table(0x28, 0x3000);
const voiLut = table(0x28, 0x3010);
const signed = element(0x28, 0x103, 'US', u16(1));

const toImplicit = (bytes: raw.Bytes): number[] => {
  const isLong = ['OW', 'OB'].includes(String.fromCharCode(bytes[4]!, bytes[5]!));
  return implicitElement(
    bytes[0]! + bytes[1]! * 256,
    bytes[2]! + bytes[3]! * 256,
    bytes.slice(isLong ? 12 : 8),
  );
};

/** A slice in implicit VR: some elements by explicit VR, turned; others as they are. */
function scanned(changes: readonly raw.Bytes[], also: readonly raw.Bytes[]): Scan {
  const elements = raw.slice();
  const keyOf = (b: raw.Bytes): number => (b[0]! + b[1]! * 256) * 65_536 + b[2]! + b[3]! * 256;
  for (const bytes of changes) elements.set(keyOf(bytes), bytes);
  for (const [key, bytes] of elements) elements.set(key, toImplicit(bytes));
  for (const bytes of also) elements.set(keyOf(bytes), bytes);
  const found = scan(bytesSource(raw.file(raw.inOrder(elements), raw.meta(raw.implicitLittle))));
  if (!found.ok) throw new Error(found.problem.code);
  expect(found.value.flags).toEqual([]);
  return found.value;
}

describe('a modality LUT', () => {
  it('is signed with signed pixels', () => {
    const { modalityLut: lut } = scanned([signed], [modalityLut]);
    expect(lut?.firstMapped).toBe(-256);
    // Stored −255 is the second entry.
    expect(modalityValue({ slope: 1, intercept: 0, lut: lut! }, -255)).toBe(20);
  });

  it('is unsigned with unsigned pixels', () => {
    const { modalityLut: lut } = scanned([], [modalityLut]);
    expect(lut?.firstMapped).toBe(0xff00);
    expect(modalityValue({ slope: 1, intercept: 0, lut: lut! }, 0xff02)).toBe(30);
  });
});

describe('a VOI LUT', () => {
  const intercept = (value: string): number[] => element(0x28, 0x1052, 'DS', value);
  const slope = element(0x28, 0x1053, 'DS', '1');
  const firstOf = ({ voiLuts }: Scan): number | undefined => voiLuts?.[0]?.firstMapped;

  it.each([
    ['signed pixels', [signed], [voiLut], -256],
    ['unsigned pixels', [], [voiLut], 0xff00],
    ['unsigned pixels whose intercept is below 0', [intercept('-1024'), slope], [voiLut], -256],
    ['unsigned pixels whose intercept is not', [intercept('0'), slope], [voiLut], 0xff00],
    ['signed pixels behind a modality LUT', [signed], [modalityLut, voiLut], 0xff00],
  ] as const)('of %s', (_, changes, also, first) => {
    expect(firstOf(scanned(changes, also))).toBe(first);
  });

  it('that begins below 8000 is the same either way', () => {
    expect(firstOf(scanned([signed], [table(0x28, 0x3010, 100)]))).toBe(100);
  });
});
