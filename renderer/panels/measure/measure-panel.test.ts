import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../core/measure/types.ts';
import { t } from '../../../core/terms/terms.ts';
import { placeLine } from '../../viewport/mark-texts.ts';

const say = (term: Parameters<typeof t>[1], params?: Parameters<typeof t>[2]) => t('en', term, params);
const measured = (slabMm: number): Measurement =>
  ({
    anchor: { kind: 'plane', slabMm },
    seriesNumber: 4,
    imageNumber: null,
    value: { calibration: { source: 'volume', rowMm: 1, columnMm: 1 }, valueUnit: 'HU' },
    verdict: 'exact',
  }) as unknown as Measurement;

describe('where something was measured', () => {
  it('names the slab that a region of a plane was counted in', () => {
    expect(placeLine(say, measured(0))).toBe('Se 4 · MPR');
    expect(placeLine(say, measured(10))).toBe('Se 4 · MPR · slab 10 mm');
    expect(placeLine(say, measured(7.5))).toBe('Se 4 · MPR · slab 7.5 mm');
  });
});
