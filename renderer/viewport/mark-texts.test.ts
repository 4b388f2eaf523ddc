import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../core/measure/types.ts';
import { t } from '../../core/terms/terms.ts';
import { elsewhereText, labelLines, placeLine, seenLines } from './mark-texts.ts';

const say = (term: Parameters<typeof t>[1], params?: Parameters<typeof t>[2]) => t('en', term, params);
const measured = (part: object): Measurement =>
  ({
    kind: 'ellipse',
    anchor: { kind: 'plane', slabMm: 0 },
    seriesNumber: 4,
    imageNumber: null,
    value: {
      calibration: { source: 'volume', rowMm: 1, columnMm: 1 },
      valueUnit: 'HU',
      area: 250,
      statistics: { n: 12, mean: 40, sd: 8, min: 20, max: 60 },
    },
    verdict: 'exact',
    ...part,
  }) as unknown as Measurement;
const onPlane = (anchor: object): Measurement => measured({ anchor: { kind: 'plane', ...anchor } });
const length = measured({
  kind: 'length',
  imageNumber: 12,
  anchor: { kind: 'image' },
  value: {
    calibration: { source: 'PixelSpacing', rowMm: 1, columnMm: 1 },
    valueUnit: 'HU',
    length: 30,
  },
});

describe('where something was measured', () => {
  it('names the slab that a region of a plane was counted in', () => {
    expect(placeLine(say, onPlane({ slabMm: 0 }))).toBe('Se 4 · MPR');
    expect(placeLine(say, onPlane({ slabMm: 10 }))).toBe('Se 4 · MPR · slab 10 mm');
    expect(placeLine(say, onPlane({ slabMm: 7.5 }))).toBe('Se 4 · MPR · slab 7.5 mm');
  });

  it('names the group of a series, the image, and a picture along a line', () => {
    expect(placeLine(say, onPlane({ slabMm: 0, group: 1 }))).toBe('Se 4 · MPR · set 2');
    expect(placeLine(say, length)).toBe('Se 4 · Im 12');
    expect(placeLine(say, measured({ anchor: { kind: 'curve' } }))).toBe('Se 4 · CPR');
  });
});

describe('the words of a mark on another picture', () => {
  it('are its own numbers, and for a region always where they were taken', () => {
    const region = onPlane({ slabMm: 10 });
    for (const isSelected of [false, true])
      expect(seenLines(say, region, isSelected)).toEqual([
        ...labelLines(say, region),
        'Se 4 · MPR · slab 10 mm',
      ]);
    expect(seenLines(say, length, false)).toEqual(['30.0 mm']);
    expect(seenLines(say, length, true)).toEqual(['30.0 mm', 'Se 4 · Im 12']);
  });

  it('tell series of equal numbers apart', () => {
    const labels = new Map([['a', 'Se 4 T1 FLAIR']]);
    const own = measured({ ...length, seriesKey: 'a' });
    const other = measured({ ...length, seriesKey: 'b' });
    expect(placeLine(say, own, labels)).toBe('Se 4 T1 FLAIR · Im 12');
    expect(seenLines(say, own, true, labels)).toEqual(['30.0 mm', 'Se 4 T1 FLAIR · Im 12']);
    expect(placeLine(say, other, labels)).toBe('Se 4 · Im 12');
    expect(elsewhereText(say, own, labels)).toContain('Se 4 T1 FLAIR · Im 12');
  });

  it('say where it is changed', () => {
    expect(elsewhereText(say, length)).toBe('Drawn on Se 4 · Im 12: it is changed there');
  });
});
