/** Numbers that place, measure, scale or show a picture and cannot be read, or only by guessing (reliability.md M35, M63). */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import type { FrameAttributes, Scan } from '../../core/dicom/types.ts';
import { valueUnit } from '../../core/dicom/value-unit.ts';
import { modalityTransformOf } from '../../core/pixels/modality.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, file, sequence, sliceWith } = raw;

function scanOf(...changes: raw.Bytes[]): Scan {
  const found = scan(bytesSource(file(sliceWith(...changes))));
  if (!found.ok) throw new Error(found.problem.code);
  return found.value;
}
const codesOf = ({ flags }: Scan): string[] => flags.map(({ code }) => code).sort();
const ds = (tag: number, value: string): number[] => element(0x28, tag, 'DS', value);
const intercept = 0x1052;
const slope = 0x1053;
const huType = element(0x28, 0x1054, 'LO', 'HU');
const lineOf = (attributes: FrameAttributes) => {
  const { slope, intercept } = modalityTransformOf(attributes);
  return [slope, intercept];
};

describe('rescale values', () => {
  it.each([
    ['-1024', -1024],
    [' -1024 ', -1024],
    ['-1024\0', -1024],
    ['-1.024E+03', -1024],
    ['-1024.000000000000000', -1024],
    ['+12.5', 12.5],
    ['-1024\\', -1024],
  ])('an intercept of %j is read', (text, value) => {
    const found = scanOf(ds(intercept, text), ds(slope, '1'), huType);
    expect(lineOf(found.attributes)).toEqual([1, value]);
    expect(valueUnit(found.attributes)).toBe('HU');
    expect(codesOf(found)).not.toContain('RESCALE_INVALID');
  });

  it('a decimal comma is read as it is meant, and said', () => {
    const found = scanOf(ds(intercept, '-1024,5'), ds(slope, '0,5'));
    expect(lineOf(found.attributes)).toEqual([0.5, -1024.5]);
    expect(codesOf(found)).toEqual(['DECIMAL_COMMA', 'VALUE_INVALID']);
  });

  it.each(['text', '1,024', '1.2.3', '-1024 HU', '1e99999', 'abc\\2', '--5', '0x10'])(
    'an intercept of %j scales nothing: stored values, without a unit, and this is said',
    (text) => {
      const found = scanOf(ds(intercept, text), ds(slope, '2'), huType);
      expect(lineOf(found.attributes)).toEqual([1, 0]);
      expect(valueUnit(found.attributes)).toBe('');
      expect(codesOf(found)).toEqual(['RESCALE_INVALID', 'VALUE_INVALID']);
      expect(found.flags.find(({ code }) => code === 'RESCALE_INVALID')?.params).toEqual({
        keyword: 'RescaleIntercept',
      });
    },
  );

  it.each(['0', 'text'])('nor does a slope of %j beside a sound intercept', (text) => {
    const found = scanOf(ds(intercept, '-1024'), ds(slope, text));
    expect(lineOf(found.attributes)).toEqual([1, 0]);
    expect(valueUnit(found.attributes)).toBe('');
    expect(codesOf(found)).toContain('RESCALE_INVALID');
  });

  it.each([
    ['1', '1e30', 'RescaleIntercept'],
    ['1e-20', '-1024', 'RescaleSlope'],
    ['1e30', '0', 'RescaleSlope'],
  ])('nor does a line that leaves nothing of values: %s, %s', (first, second, keyword) => {
    const found = scanOf(ds(intercept, second), ds(slope, first));
    expect(lineOf(found.attributes)).toEqual([1, 0]);
    expect(valueUnit(found.attributes)).toBe('');
    expect(found.flags).toContainEqual({ code: 'RESCALE_INVALID', params: { keyword } });
    // 32 bits without a sign whose middle is 0.
    expect(codesOf(scanOf(ds(intercept, '-2147483648'), ds(slope, '1')))).toEqual([]);
  });

  it.each([
    ['-1024', ['RESCALE_NO_SLOPE']],
    ['0', []],
  ])('an intercept of %s without a slope is told where it moves values', (text, told) => {
    for (const found of [scanOf(ds(intercept, text)), scanOf(ds(intercept, text), ds(slope, ''))])
      expect([codesOf(found), lineOf(found.attributes)]).toEqual([told, [1, Number(text)]]);
  });

  it('PET values lose their unit, too', () => {
    const pet = [element(8, 0x60, 'CS', 'PT'), element(0x54, 0x1001, 'CS', 'BQML')];
    expect(valueUnit(scanOf(...pet, ds(intercept, '0'), ds(slope, '1.5')).attributes)).toBe('Bq/ml');
    expect(valueUnit(scanOf(...pet, ds(intercept, '0'), ds(slope, 'x')).attributes)).toBe('');
  });

  it('a frame does not take over the line of the others', () => {
    const line = (first: string, second: string): number[] =>
      sequence(0x28, 0x9145, [...ds(intercept, first), ...ds(slope, second)]);
    const found = scanOf(
      element(0x28, 8, 'IS', '2'),
      sequence(0x5200, 0x9229, line('-1000', '3')),
      sequence(0x5200, 0x9230, line('-1000', '2'), line('?', '2')),
    );
    const lines = found.perFrame?.map((frame) => lineOf({ ...found.sharedFrame, ...frame }));
    expect(lines).toEqual([
      [2, -1000],
      [1, 0],
    ]);
    expect(codesOf(found)).toContain('RESCALE_INVALID');
  });

  it('an empty intercept is none', () => {
    const found = scanOf(ds(intercept, ''), ds(slope, '1'));
    expect(lineOf(found.attributes)).toEqual([1, 0]);
    expect(valueUnit(found.attributes)).toBe('');
    expect(codesOf(found)).toEqual([]);
  });
});

describe('places, spacings and windows', () => {
  const position = (text: string): number[] => element(0x20, 0x32, 'DS', text);
  const orientation = (text: string): number[] => element(0x20, 0x37, 'DS', text);

  it.each([
    ['ImagePositionPatient', position, '1\\x\\3'],
    ['ImagePositionPatient', position, '1\\\\3'],
    ['ImagePositionPatient', position, '1,250\\2\\3'],
    ['ImagePositionPatient', position, '1,2,3'],
    ['ImageOrientationPatient', orientation, '1\\0\\0\\0\\1\\O'],
    ['PixelSpacing', (text: string) => ds(0x30, text), '0.5mm\\0.5mm'],
    ['PixelSpacing', (text: string) => ds(0x30, text), '0.5;0.5'],
  ] as const)('%s with a part that is no number is none: %j %s', (keyword, written, text) => {
    const found = scanOf(written(text));
    expect(found.attributes[keyword]).toBeUndefined();
    expect(codesOf(found)).toEqual(['GEOMETRY_INVALID', 'VALUE_INVALID']);
    const told = found.flags.find(({ code }) => code === 'GEOMETRY_INVALID');
    expect(told?.params).toEqual({ keyword });
  });

  it.each([
    ['PixelSpacing', ds(0x30, '0,5\\0,75'), [0.5, 0.75]],
    ['ImagePositionPatient', position('-1,5\\2,25\\3'), [-1.5, 2.25, 3]],
    ['WindowCenter', ds(0x1050, '40,5'), [40.5]],
  ] as const)('%s with decimal commas is what is meant, and said', (keyword, written, values) => {
    const found = scanOf(written, ds(0x1051, '400'));
    expect(found.attributes[keyword]).toEqual(values);
    expect(codesOf(found)).toEqual(['DECIMAL_COMMA', 'VALUE_INVALID']);
  });

  it.each([
    ['PixelSpacing', ds(0x30, '0.5')],
    ['PixelSpacing', ds(0x30, '0.5\\0.5\\0.5')],
    ['PixelSpacing', ds(0x30, '1,2')],
    ['ImagePositionPatient', position('1\\2')],
    ['ImagePositionPatient', position('1\\2\\3\\4')],
    ['ImageOrientationPatient', orientation('1\\0\\0\\0\\1')],
  ])('%s of another length is told', (_, written) => {
    expect(codesOf(scanOf(written))).toContain('GEOMETRY_INVALID');
  });

  it('a window that cannot be read is told; the picture gets one of its own', () => {
    for (const [center, width] of [
      ['forty', '400'],
      ['40', '4oo'],
      ['40\\x', '400\\1500'],
    ] as const) {
      const found = scanOf(ds(0x1050, center), ds(0x1051, width));
      expect(codesOf(found)).toEqual(['VALUE_INVALID', 'WINDOW_INVALID']);
      const { WindowCenter, WindowWidth } = found.attributes;
      expect(WindowCenter && WindowWidth).toBeUndefined();
    }
  });

  it('a thickness that cannot be read is none', () => {
    for (const text of ['1,250', '5 mm']) {
      const found = scanOf(element(0x18, 0x50, 'DS', text));
      expect(found.attributes.SliceThickness).toBeUndefined();
      expect(codesOf(found)).toEqual(['VALUE_INVALID']);
    }
  });
});
