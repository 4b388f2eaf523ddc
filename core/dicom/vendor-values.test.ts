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

describe('directions of diffusion that only private elements tell', () => {
  const fl = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
  const directionOf = (maker: string, ...elements: raw.Bytes[]) => {
    const own = [element(0x8, 0x60, 'CS', 'MR'), element(0x8, 0x70, 'LO', maker), ...elements];
    const found = scan(bytesSource(raw.file(raw.sliceWith(...own))));
    if (!found.ok) return found.problem.code;
    const { DiffusionBValue, DiffusionGradientOrientation } = found.value.attributes;
    return [DiffusionBValue, DiffusionGradientOrientation];
  };
  const ge = (bValue: string, withCreators = true): raw.Bytes[] => [
    ...(withCreators
      ? [element(0x19, 0x10, 'LO', 'GEMS_ACQU_01'), element(0x43, 0x10, 'LO', 'GEMS_PARM_01')]
      : []),
    ...[0.25, -0.5, 0.75].map((part, n) => element(0x19, 0x10bb + n, 'DS', String(part))),
    element(0x43, 0x1039, 'IS', `${bValue}\\8\\0\\0`),
  ];

  it('GE, with the creators or without', () => {
    expect(directionOf('GE MEDICAL SYSTEMS', ...ge('1000000800'))).toEqual([800, [0.25, -0.5, 0.75]]);
    expect(directionOf('GE MEDICAL SYSTEMS', ...ge('800', false))).toEqual([800, [0.25, -0.5, 0.75]]);
    expect(directionOf('Another', ...ge('800', false))).toEqual([undefined, undefined]);
  });

  it('GE without weighting keeps other things there', () => {
    expect(directionOf('GE MEDICAL SYSTEMS', ...ge('0'))).toEqual([0, undefined]);
  });

  it('Philips', () => {
    const philips = [
      element(0x2001, 0x10, 'LO', 'Philips Imaging DD 001'),
      element(0x2001, 0x1003, 'FL', fl(1000)),
      element(0x2005, 0x10, 'LO', 'Philips MR Imaging DD 001'),
      ...[0.5, 0, -0.5].map((part, n) => element(0x2005, 0x10b0 + n, 'FL', fl(part))),
    ];
    expect(directionOf('Philips', ...philips)).toEqual([1000, [0.5, 0, -0.5]]);
    expect(directionOf('Philips', ...philips.slice(0, -1))).toEqual([1000, undefined]);
  });
});

describe('parts of complex pictures', () => {
  it("are told apart by GE's private number where no attribute tells", () => {
    const short = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
    const componentOf = (kind: number, modality = 'MR') => {
      const own = [
        element(0x8, 0x60, 'CS', modality),
        element(0x43, 0x10, 'LO', 'GEMS_PARM_01'),
        element(0x43, 0x102f, 'SS', short(kind)),
      ];
      const found = scan(bytesSource(raw.file(raw.sliceWith(...own))));
      return found.ok ? found.value.attributes.ComplexImageComponent : found.problem.code;
    };
    expect([0, 1, 2, 3].map((kind) => componentOf(kind))).toEqual([
      'MAGNITUDE',
      'PHASE',
      'REAL',
      'IMAGINARY',
    ]);
    expect([componentOf(7), componentOf(-1), componentOf(1, 'CT')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('spin labelling', () => {
  it("is told by Philips' private label type where no attribute tells", () => {
    const contextOf = (label: string) => {
      const own = [
        element(0x8, 0x60, 'CS', 'MR'),
        element(0x2005, 0x14, 'LO', 'Philips MR Imaging DD 005'),
        element(0x2005, 0x1429, 'CS', label),
      ];
      const found = scan(bytesSource(raw.file(raw.sliceWith(...own))));
      return found.ok ? found.value.attributes.ASLContext : found.problem.code;
    };
    expect(['LABEL', 'CONTROL', 'NONE'].map(contextOf)).toEqual(['LABEL', 'CONTROL', undefined]);
  });
});
