import { expect, it } from 'vitest';
import type { Attributes } from '../../core/dicom/types.ts';
import type { PlanItem } from '../../core/volume/frames.ts';
import { buildSeriesPlan } from '../../core/volume/plan.ts';
import { oblique, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import { lackingReasons } from './lacking-reasons.ts';

const heights = [0, 2.5, 5, 7.5, 10, 12.5];
const stackOf = (own: (n: number) => Attributes, at: readonly number[] = heights, shearMm = 0) =>
  at.map((heightMm, n) => sliceAt(n, heightMm, own(n), shearMm * n));

/** Turned about the normal by few hundredths of a degree: less than what parts a stack. */
function turned(n: number): Attributes {
  const angle = n === 3 ? 0.09 * (Math.PI / 180) : 0;
  const [row, column] = [oblique.row, oblique.column].map((axis) => [...axis]) as [number[], number[]];
  const mixed = (a: number[], b: number[], sign: number): number[] =>
    a.map((x, at) => x * Math.cos(angle) + sign * b[at]! * Math.sin(angle));
  return { ImageOrientationPatient: [...mixed(row, column, 1), ...mixed(column, row, -1)] };
}

const mosaic = () => {
  const item = sliceAt(1, 0, {
    Rows: 18,
    Columns: 12,
    ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'MOSAIC'],
    SliceThickness: 3,
  });
  return [{ ...item, scan: { ...item.scan, mosaic: { slices: 7, layout: 'square' as const } } }];
};

it.each([
  ['pixel spacings', stackOf((n) => ({ PixelSpacing: n % 2 ? [0.42, 0.82] : [0.4, 0.8] })), 'PIXELS_VARY'],
  ['a mosaic spaced by its thickness', mosaic(), 'FROM_THICKNESS'],
  ['one slice', [sliceAt(1, 0)], 'ONE_SLICE'],
  ['a place taken twice', stackOf(() => ({}), [0, 2.5, 5, 5]), 'DUPLICATES'],
  ['more made up than acquired', stackOf(() => ({}), [0, 1, 2, 21]), 'UNEVEN'],
])('%s: approximate, and a script hears why', (_name, items, code) => {
  const { verdict } = buildSeriesPlan(items, planKeys).groups[0]!;
  expect(verdict.kind).toBe('approximate');
  expect(lackingReasons(verdict).map((reason) => reason.code)).toEqual([`GEOMETRY_${code}`]);
});

it('slices turned against each other are told, tilt alone is not', () => {
  const large = stackOf(turned).map((item) => {
    const scan = {
      ...item.scan,
      attributes: { ...item.scan.attributes, Rows: 512, Columns: 512 },
      pixel: {
        kind: 'native',
        element: 'PixelData',
        range: { offset: 1000, length: 2 * 512 * 512 },
      } as const,
    };
    return { ...item, scan };
  });
  const told = (items: readonly PlanItem[]): string[] =>
    lackingReasons(buildSeriesPlan(items, planKeys).groups[0]!.verdict).map(({ code }) => code);
  expect(told(large)).toEqual(['GEOMETRY_TURNS_VARY']);
  expect(told(stackOf(() => ({}), heights, 0.5))).toEqual([]);
});
