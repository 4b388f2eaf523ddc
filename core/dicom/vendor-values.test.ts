import { describe, expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { bytesSource } from './byte-source.ts';
import { scan } from './scan.ts';

const { element, text } = raw;

/** The measurement protocol within a CSA series header, as scanners write it after binary fields. */
const protocol = (lines: readonly string[]): number[] => {
  const bytes = text(
    ['SV10\x04\x03', '### ASCCONV BEGIN ###', ...lines, '### ASCCONV END ###', ''].join('\n'),
  );
  return bytes.length % 2 ? [...bytes, 0] : bytes;
};

function mosaicOf(lines: readonly string[]) {
  const elements = raw.sliceWith(
    element(0x8, 0x8, 'CS', 'ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC'),
    element(0x8, 0x60, 'CS', 'MR'),
    element(0x8, 0x70, 'LO', 'SIEMENS'),
    element(0x29, 0x10, 'LO', 'SIEMENS CSA HEADER'),
    element(0x29, 0x1020, 'OB', protocol(lines)),
  );
  const found = scan(bytesSource(raw.file(elements)));
  return found.ok ? found.value.mosaic : found.problem.code;
}

describe('mosaics of which an anonymiser has left the series header alone', () => {
  it('have as many slices as the protocol, along its normal', () => {
    expect(
      mosaicOf([
        'sSliceArray.lSize                        = 40',
        'sSliceArray.asSlice[0].sNormal.dCor      = 0.1873763368',
        'sSliceArray.asSlice[0].sNormal.dTra      = -9.822881013e-1',
        'sSliceArray.asSlice[1].sNormal.dSag      = 1',
      ]),
    ).toEqual({ slices: 40, layout: 'square', sliceNormal: [0, 0.1873763368, -0.9822881013] });
    expect(mosaicOf(['sSliceArray.lSize\t = \t0x24'])).toEqual({ slices: 36, layout: 'square' });
  });

  it('stay whole where the protocol tells nothing: one slab of any number of slices, or damage', () => {
    for (const lines of [
      [],
      ['sSliceArray.lSize = 1'],
      ['sSliceArray.lSize = x'],
      ['sSliceArray.lSize = '],
      ['sSliceArray.lSize = 99999'],
    ])
      expect(mosaicOf(lines), lines.join()).toBeUndefined();
  });
});
