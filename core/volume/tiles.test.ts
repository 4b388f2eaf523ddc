import { describe, expect, it } from 'vitest';
import { oblique, obliqueNormal, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes, Mosaic } from '../dicom/types.ts';
import type { DecodedFrame } from '../pixels/types.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import { cutTile, type Tile } from './tiles.ts';

/** Seven slices of 4 × 6 pixels in a square of 3 × 3 tiles. */
const mosaicOf = (mosaic: Mosaic, more: Attributes = {}) => {
  const item = sliceAt(1, 0, {
    Rows: 18,
    Columns: 12,
    ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'MOSAIC'],
    SpacingBetweenSlices: 3,
    ...more,
  });
  return { ...item, scan: { ...item.scan, mosaic } };
};
const down = obliqueNormal.map((x) => -x);

describe('a Siemens mosaic', () => {
  const plan = buildSeriesPlan([mosaicOf({ slices: 7, layout: 'square' })], planKeys);
  const group = plan.groups[0]!;

  it('is a volume of its slices, spaced as the header says', () => {
    expect(group.verdict).toMatchObject({
      kind: 'exact',
      spacingSource: 'SpacingBetweenSlices',
      medianGapMm: expect.closeTo(3, 9),
      reasons: [{ code: 'GEOMETRY_MOSAIC' }],
    });
    expect(group.regular!.size).toEqual([4, 6, 7]);
  });

  it('begins half the difference of the sizes further in', () => {
    const first = oblique.origin.map(
      (mm, x) => mm + 4 * 0.8 * oblique.row[x]! + 6 * 0.4 * oblique.column[x]!,
    );
    const { ImagePositionPatient: position } = frameAttributes(plan, group.frames[0]!);
    for (const x of [0, 1, 2]) expect(position![x]).toBeCloseTo(first[x]!, 9);
  });

  it('has its tiles row by row', () => {
    expect(group.frames.map((f) => plan.frames[f]!.tile)).toEqual(
      Array.from(
        { length: 7 },
        (_, n): Tile => ({
          column: 4 * (n % 3),
          row: 6 * Math.floor(n / 3),
          columns: 4,
          rows: 6,
        }),
      ),
    );
    expect(new Set(group.frames.map((f) => plan.frames[f]!.sizeBytes))).toEqual(new Set([18 * 12 * 2]));
  });

  it('runs against the normal where the CSA header says so', () => {
    const other = buildSeriesPlan([mosaicOf({ slices: 7, layout: 'square', sliceNormal: down })], planKeys);
    const tiles = other.groups[0]!.frames.map((f) => other.frames[f]!.tile!);
    expect(tiles.map((tile) => (tile.row / 6) * 3 + tile.column / 4)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it('with a thickness only is approximate, and without either no volume', () => {
    const guess = (more: Attributes) => {
      const item = mosaicOf({ slices: 7, layout: 'square' });
      const { SpacingBetweenSlices: _spacing, ...attributes } = item.scan.attributes;
      const scan = { ...item.scan, attributes: { ...attributes, ...more } };
      return buildSeriesPlan([{ ...item, scan }], planKeys).groups[0]!.verdict;
    };
    expect(guess({ SliceThickness: 3 })).toMatchObject({
      kind: 'approximate',
      spacingSource: 'SliceThickness',
    });
    expect(guess({})).toMatchObject({ kind: 'none', reasons: [{ code: 'GEOMETRY_ONE_PLACE' }] });
  });
});

describe('mosaics that cannot be cut', () => {
  it.each<readonly [string, Mosaic | undefined]>([
    ['tiles that do not fit', { slices: 17, layout: 'square' }],
    ['nothing tells how many', undefined],
  ])('%s: shown whole, with the reason', (_name, mosaic) => {
    const item = mosaicOf({ slices: 1, layout: 'square' });
    const { mosaic: _mosaic, ...scan } = item.scan;
    const plan = buildSeriesPlan([{ ...item, scan: { ...scan, ...(mosaic && { mosaic }) } }], planKeys);
    expect(plan.frames).toHaveLength(1);
    expect(plan.frames[0]!.tile).toBeUndefined();
    expect(plan.groups[0]!.verdict).toMatchObject({
      kind: 'none',
      reasons: [{ code: 'GEOMETRY_MOSAIC_INVALID' }],
    });
  });
});

describe('cutTile', () => {
  it('takes the rectangle, samples and all', () => {
    const values = Uint8Array.from({ length: 4 * 5 * 3 }, (_, n) => n);
    const frame: DecodedFrame = {
      rows: 4,
      columns: 5,
      samples: 3,
      cells: values,
      masked: values,
      photometricInterpretation: 'RGB',
      lossy: false,
    };
    const cut = cutTile(frame, { column: 2, row: 1, columns: 2, rows: 2 });
    expect([cut.rows, cut.columns, cut.samples]).toEqual([2, 2, 3]);
    expect([...cut.masked]).toEqual([21, 22, 23, 24, 25, 26, 36, 37, 38, 39, 40, 41]);
    expect(cut.cells).toEqual(cut.masked);
  });
});
