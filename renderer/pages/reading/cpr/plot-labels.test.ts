import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelWidth, overlaps, type PlotLabel, stretchLabel } from './plot-labels.ts';

const name = 'Lesion 1 · 15 mm';
const distal = (x: number, y = 40): PlotLabel => ({ x, y, anchor: 'middle', text: 'Distal 8.0' });

describe('the name of a lesion in the profile', () => {
  it('stands right of it where there is room', () => {
    expect(stretchLabel(name, [100, 260], 38, [])).toMatchObject({ x: 266, anchor: 'start' });
    expect(stretchLabel(name, [100, 260], 38, [distal(300, 70)])).toMatchObject({ anchor: 'start' });
  });
  it('goes into it, then left of it, before it covers a reference', () => {
    expect(stretchLabel(name, [100, 260], 38, [distal(300)])).toMatchObject({ x: 180, anchor: 'middle' });
    expect(stretchLabel(name, [200, 240], 38, [distal(280)])).toMatchObject({ x: 194, anchor: 'end' });
  });
  it('covers no other label while any place is free', () => {
    const places = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 20, max: 90 })), {
      maxLength: 2,
    });
    fc.assert(
      fc.property(places, fc.integer({ min: 150, max: 400 }), (at, from) => {
        const others = at.map(([x, y]) => distal(x, y));
        const label = stretchLabel(name, [from, from + 160], 38, others);
        const isFree = others.every((other) => !overlaps(label, other));
        expect(isFree || label.anchor === 'middle').toBe(true);
      }),
      { numRuns: 200, seed: 4 },
    );
  });
  it('takes Chinese letters for as wide as they are', () => {
    expect(labelWidth('病变 1')).toBeGreaterThan(labelWidth('ab 1'));
  });
});
