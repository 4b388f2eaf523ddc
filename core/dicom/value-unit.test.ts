import { expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { bytesSource } from './byte-source.ts';
import { scan } from './scan.ts';
import { valueUnit } from './value-unit.ts';

const { element, sequence, u16 } = raw;
const rescaled = [element(0x28, 0x1052, 'DS', '-1024'), element(0x28, 0x1053, 'DS', '1')];
const type = (value: string): number[] => element(0x28, 0x1054, 'LO', value);
const modality = (value: string): number[] => element(8, 0x60, 'CS', value);

function unitOf(...changes: raw.Bytes[]): string {
  const found = scan(bytesSource(raw.file(raw.sliceWith(...changes))));
  return found.ok ? valueUnit(found.value.attributes) : found.problem.code;
}

it.each([
  ['CT', 'HU', 'HU'],
  ['CT', 'US', ''],
  ['CT', 'MGML', 'mg/ml'],
  ['CT', 'PCT', '%'],
  ['CT', 'HU_MOD', 'HU mod'],
  ['CT', 'private', ''],
  ['MR', 'HU', ''],
  ['MR', 'milliradial', 'milliradial'],
  // 2140 is an optical density of 2.140 (PS3.3 C.11.1.1.2).
  ['DX', 'OD', 'mOD'],
] as const)('values of %s with the rescale type %s are in "%s"', (of, written, unit) => {
  expect(unitOf(modality(of), ...rescaled, type(written))).toBe(unit);
});

it('a modality LUT has its own unit, whatever slope and intercept beside it say', () => {
  const lut = (...more: raw.Bytes[]): number[] =>
    sequence(0x28, 0x3000, [
      ...element(0x28, 0x3002, 'US', [2, 0, 16].flatMap(u16)),
      ...more.flat(),
      ...element(0x28, 0x3006, 'OW', [1000, 2140].flatMap(u16)),
    ]);
  const ofLut = element(0x28, 0x3004, 'LO', 'OD');
  expect(unitOf(modality('CT'), ...rescaled, type('HU'), lut(ofLut))).toBe('mOD');
  expect(unitOf(modality('CT'), ...rescaled, type('HU'), lut())).toBe('');
  expect(unitOf(modality('DX'), lut(ofLut))).toBe('mOD');
});
