import { describe, expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { modalityTransformOf, modalityValue } from '../pixels/modality.ts';
import { greyFunction, windowsOf } from '../pixels/voi.ts';
import { bytesSource } from './byte-source.ts';
import { scan } from './scan.ts';
import type { Scan } from './types.ts';
import { valueUnit } from './value-unit.ts';

const { element, sequence, u16 } = raw;
const fd = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

interface Mapped {
  readonly slope?: number;
  readonly intercept?: number;
  readonly unit?: readonly [code: string, scheme: string, meaning: string];
  readonly isTable?: true;
}

const item = ({ slope = 0.25, intercept = -3, unit, isTable }: Mapped): number[] => [
  ...element(0x28, 0x3003, 'LO', 'made'),
  ...(unit
    ? sequence(0x40, 0x8ea, [
        ...element(8, 0x100, 'SH', unit[0]),
        ...element(8, 0x102, 'SH', unit[1]),
        ...element(8, 0x104, 'LO', unit[2]),
      ])
    : []),
  ...(isTable ? element(0x40, 0x9212, 'FD', [...fd(1), ...fd(2)]) : []),
  ...element(0x40, 0x9224, 'FD', fd(intercept)),
  ...element(0x40, 0x9225, 'FD', fd(slope)),
];
const mapping = (...items: readonly Mapped[]): number[] => sequence(0x40, 0x9096, ...items.map(item));
const becquerel = ['Bq/ml', 'UCUM', 'Becquerels per milliliter'] as const;

function scanned(...changes: raw.Bytes[]): Scan {
  const result = scan(bytesSource(raw.file(raw.sliceWith(...changes))));
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

/** Frame f of an object as a viewer has it. */
const frameOf = ({ attributes, sharedFrame, perFrame }: Scan, f = 0) => ({
  ...attributes,
  ...sharedFrame,
  ...perFrame?.[f],
});
const facts = (found: Scan, f = 0) => {
  const attributes = frameOf(found, f);
  const codes = found.flags.map(({ code }) => code).filter((code) => code === 'REAL_WORLD_UNCLEAR');
  return [modalityValue(modalityTransformOf(attributes), 100), valueUnit(attributes), ...codes];
};

describe('a mapping to real-world values', () => {
  it.each([
    ['one with a unit', [{ unit: becquerel }], [22, 'Bq/ml']],
    ['the unit of CT', [{ slope: 1, intercept: -1024, unit: ["[hnsf'U]", 'UCUM', 'HU'] }], [-924, 'HU']],
    ['a pure number', [{ unit: ['1', 'UCUM', 'no units'] }], [22, '']],
    ['a unit of another scheme', [{ unit: ['X1', '99MADE', 'widgets'] }], [22, 'widgets']],
    ['twice the same', [{ unit: becquerel }, { unit: becquerel }], [22, 'Bq/ml']],
    ['without a unit', [{}], [100, '']],
    ['two slopes', [{ unit: becquerel }, { slope: 2, unit: becquerel }], [100, '', 'REAL_WORLD_UNCLEAR']],
    ['two units', [{ unit: becquerel }, { unit: ['g/ml', 'UCUM', 'g/ml'] }], [100, '', 'REAL_WORLD_UNCLEAR']],
    ['a table', [{ unit: becquerel, isTable: true }], [100, '', 'REAL_WORLD_UNCLEAR']],
    ['a line that falls', [{ slope: -1, unit: becquerel }], [100, '', 'REAL_WORLD_UNCLEAR']],
    ['no number', [{ slope: Number.NaN, unit: becquerel }], [100, '', 'REAL_WORLD_UNCLEAR']],
  ] as [string, Mapped[], unknown[]][])('%s', (_, items, expected) => {
    expect(facts(scanned(mapping(...items)))).toEqual(expected);
  });

  it('comes behind slope and intercept, wherever these stand', () => {
    const rescale = [element(0x28, 0x1052, 'DS', '-1024'), element(0x28, 0x1053, 'DS', '1')];
    expect(facts(scanned(mapping({ unit: becquerel }), ...rescale))).toEqual([-924, 'HU']);
    expect(facts(scanned(mapping({ unit: becquerel }, {}), ...rescale))).toEqual([-924, 'HU']);
    const transformation = sequence(0x28, 0x9145, rescale.flat());
    for (const groups of [
      sequence(0x5200, 0x9229, [...transformation, ...mapping({ unit: becquerel })]),
      [
        ...sequence(0x5200, 0x9229, transformation),
        ...sequence(0x5200, 0x9230, mapping({ unit: becquerel })),
      ],
    ])
      expect(facts(scanned(groups))).toEqual([-924, 'HU']);
  });

  it('is none of colours', () => {
    const palette = element(0x28, 4, 'CS', 'PALETTE COLOR');
    expect(facts(scanned(mapping({ unit: becquerel }), palette))).toEqual([100, '']);
  });

  it('may differ from frame to frame, and then tells frames apart by its unit', () => {
    const two = scanned(
      element(0x28, 8, 'IS', '3'),
      sequence(
        0x5200,
        0x9230,
        mapping({ slope: 2, unit: becquerel }),
        mapping({ slope: 3, intercept: 0, unit: ['mm2/s', 'UCUM', 'ADC'] }),
        mapping({ unit: becquerel }, { unit: ['1', 'UCUM', 'no units'] }),
      ),
      element(0x7fe0, 0x10, 'OW', new Array<number>(48).fill(0)),
    );
    expect([0, 1, 2].map((f) => facts(two, f).slice(0, 2))).toEqual([
      [197, 'Bq/ml'],
      [300, 'mm²/s'],
      [100, ''],
    ]);
  });

  const windows = [element(0x28, 0x1050, 'DS', '40'), element(0x28, 0x1051, 'DS', '400')];
  it.each([
    ['with the mapping in the object', [...windows, mapping({ unit: becquerel })]],
    [
      'of the frame',
      [mapping({ unit: becquerel }), sequence(0x5200, 0x9230, sequence(0x28, 0x9132, windows.flat()))],
    ],
    [
      'shared, under a mapping of the frame',
      [
        [
          ...sequence(0x5200, 0x9229, sequence(0x28, 0x9132, windows.flat())),
          ...sequence(0x5200, 0x9230, mapping({ unit: becquerel })),
        ],
      ],
    ],
  ] as [string, raw.Bytes[]][])('takes windows along, which are over stored values: %s', (_, changes) => {
    const attributes = frameOf(scanned(...changes));
    const [mapped] = windowsOf(attributes);
    const [stored] = windowsOf({ WindowCenter: [40], WindowWidth: [400] });
    const grey = greyFunction(mapped!.voi);
    for (const value of [-161, -160, -159.5, 0, 39, 40, 200, 238, 239, 240])
      expect(grey(value * 0.25 - 3)).toBeCloseTo(greyFunction(stored!.voi)(value), 9);
  });
});

it('windows over floating-point pixels have no steps of one unit', () => {
  const pixels = element(0x7fe0, 8, 'OF', new Array<number>(32).fill(0));
  const window = [element(0x28, 0x1050, 'DS', '0.5'), element(0x28, 0x1051, 'DS', '1')];
  const elements = [...window, element(0x28, 0x100, 'US', u16(32)), mapping({ unit: becquerel }), pixels];
  const list = raw.slice();
  list.delete(0x7fe00010);
  for (const bytes of elements)
    list.set((bytes[0]! + bytes[1]! * 256) * 65_536 + bytes[2]! + bytes[3]! * 256, bytes);
  const found = scan(bytesSource(raw.file(raw.inOrder(list))));
  const [mapped] = windowsOf(found.ok ? frameOf(found.value) : {}, [], true);
  const grey = greyFunction(mapped!.voi);
  for (const value of [0, 0.25, 0.5, 0.75, 1]) expect(grey(value * 0.25 - 3)).toBeCloseTo(255 * value, 9);
});

describe('RT dose', () => {
  const dose = (units: string, scaling: string) => [
    element(8, 0x60, 'CS', 'RTDOSE'),
    element(0x3004, 2, 'CS', units),
    element(0x3004, 0xe, 'DS', scaling),
    element(0x28, 0x101, 'US', u16(16)),
  ];
  it('is in steps of Dose Grid Scaling', () => {
    expect(facts(scanned(...dose('GY', '0.002')))).toEqual([0.2, 'Gy']);
    expect(facts(scanned(...dose('RELATIVE', '0.5')))).toEqual([50, '']);
    expect(facts(scanned(...dose('GY', '0')))).toEqual([100, '']);
  });
});
