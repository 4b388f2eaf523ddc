import { describe, expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { greyFunction, voiLutsOf, windowsOf } from '../pixels/voi.ts';
import { bytesSource } from './byte-source.ts';
import { scan } from './scan.ts';
import type { Scan } from './types.ts';

const { element, sequence, u16 } = raw;

interface Table {
  readonly first: number;
  readonly data: readonly number[];
  readonly bits?: number;
  readonly vr?: 'US' | 'SS';
}
const table = ({ first, data, bits = 8, vr = 'US' }: Table): number[] => [
  ...element(0x28, 0x3002, vr, [data.length, first & 0xffff, bits].flatMap(u16)),
  ...element(0x28, 0x3006, 'OW', data.flatMap(u16)),
];
const window = [...element(0x28, 0x1050, 'DS', '2'), ...element(0x28, 0x1051, 'DS', '4')];
const luts = (...tables: readonly Table[]): number[] => sequence(0x28, 0x3010, ...tables.map(table));
/** The window macro of a frame; a table stands behind the window in it. */
const macro = (...parts: readonly raw.Bytes[]): number[] => sequence(0x28, 0x9132, parts.flat());
const rescale = (intercept: number): number[] =>
  sequence(0x28, 0x9145, [
    ...element(0x28, 0x1052, 'DS', String(intercept)),
    ...element(0x28, 0x1053, 'DS', '1'),
  ]);

function scanned(shared: raw.Bytes, frames: readonly raw.Bytes[], ...changes: raw.Bytes[]): Scan {
  const result = scan(
    bytesSource(
      raw.file(
        raw.sliceWith(
          element(0x28, 8, 'IS', String(frames.length)),
          sequence(0x5200, 0x9229, shared),
          sequence(0x5200, 0x9230, ...frames),
          element(0x7fe0, 0x10, 'OW', new Array<number>(16 * frames.length).fill(0)),
          ...changes,
        ),
      ),
    ),
  );
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

/** Grey of 0, 1, 2 and 3 in frame f as a viewer first shows it. */
function greys(found: Scan, f: number): number[] {
  const attributes = { ...found.attributes, ...found.sharedFrame, ...found.perFrame?.[f] };
  const [first] = windowsOf(attributes, voiLutsOf(found, attributes));
  return first ? [0, 1, 2, 3].map((value) => Math.round(greyFunction(first.voi)(value))) : [];
}
/** LINEAR (PS3.3 C.11.2.1.2.1): thirds between 0 and 3. */
const ofWindow = [0, 85, 170, 255];

describe('VOI LUTs of functional groups', () => {
  const one = { first: 0, data: [10, 20, 40, 80] };
  const two = { first: 1, data: [0, 5, 1023], bits: 10 };

  it('of all frames, and of one frame in their place', () => {
    const found = scanned(macro(luts(one)), [[], macro(luts(two))]);
    expect(greys(found, 0)).toEqual([10, 20, 40, 80]);
    expect(greys(found, 1)).toEqual([0, 0, 1, 255]);
  });

  it('come before the window that stands beside them', () => {
    const found = scanned([], [macro(window, luts(one)), macro(window)]);
    expect(greys(found, 0)).toEqual([10, 20, 40, 80]);
    expect(greys(found, 1)).toEqual(ofWindow);
  });

  it('of all frames are none of a frame with a window of its own', () => {
    const found = scanned(macro(luts(one)), [[], macro(window)]);
    expect(greys(found, 1)).toEqual(ofWindow);
  });

  it('are kept once where neighbours have the same', () => {
    const frames = [one, one, two, two].map((own) => macro(luts(own)));
    const found = scanned([], frames);
    expect(found.frameVoiLuts).toHaveLength(2);
    expect([0, 1, 2, 3].map((f) => greys(found, f)[3])).toEqual([80, 80, 255, 255]);
  });

  it('begin below 0 where values do: by their VR, by the pixels, by the intercept of their frame', () => {
    const low = { first: -2, data: [10, 20, 40, 80, 160] };
    const expected = [40, 80, 160, 160];
    expect(greys(scanned([], [macro(luts({ ...low, vr: 'SS' }))]), 0)).toEqual(expected);
    expect(greys(scanned([], [macro(luts(low))], element(0x28, 0x103, 'US', u16(1))), 0)).toEqual(expected);
    expect(greys(scanned([], [[...rescale(-4), ...macro(luts(low))]]), 0)).toEqual(expected);
    expect(greys(scanned(rescale(-4), [macro(luts(low))]), 0)).toEqual(expected);
    // FFFE: everything lies below it.
    expect(greys(scanned([], [macro(luts(low))]), 0)).toEqual([10, 10, 10, 10]);
  });

  it('with entries that need more bits than they say are as deep as these, and told', () => {
    const found = scanned([], [macro(luts({ first: 0, data: [0, 16, 2048, 4095], bits: 8 }))]);
    expect(greys(found, 0)).toEqual([0, 1, 128, 255]);
    expect(found.flags.map(({ code }) => code)).toContain('BIT_DEPTH');
  });

  it('that cannot be used are told, and nothing is shown by them', () => {
    const broken = macro(sequence(0x28, 0x3010, element(0x28, 0x3002, 'US', [40, 0, 8].flatMap(u16))));
    const found = scanned([], [broken]);
    expect(found.flags.map(({ code }) => code)).toContain('LUT_INVALID');
    expect(greys(found, 0)).toEqual([]);
  });

  it('of other macros (the way back to X-ray intensity) are none', () => {
    const found = scanned([], [sequence(0x28, 0x9422, [...luts(one)])]);
    expect(found.frameVoiLuts).toBeUndefined();
  });
});
