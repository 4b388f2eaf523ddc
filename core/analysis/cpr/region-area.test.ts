import { describe, expect, it } from 'vitest';
import type { SampledLine } from '../types.ts';
import { cprPicture } from './picture.ts';
import { areaInPicture } from './region-area.ts';
import { arc, helix, straight } from './test-lines.ts';
import type { CprMode, CprPicture } from './types.ts';

const made = (line: SampledLine, mode: CprMode = 'straightened', angleRad = 0): CprPicture => {
  const picture = cprPicture(line, mode, { spacingMm: 0.5, widthMm: 30, angleRad });
  if (!picture.ok) throw new Error(picture.problem.code);
  return picture.value;
};

/** Mm aside of the line and along it to pixels of a straightened picture. */
const at = (asideMm: number, sMm: number) => ({ column: 29.5 + asideMm / 0.5, row: sMm / 0.5 });

function areaOf(...args: Parameters<typeof areaInPicture>): number {
  const area = areaInPicture(...args);
  if (!area.ok) throw new Error(area.problem.code);
  return area.value;
}

describe('the area of a region on a curved picture', () => {
  it('is a·b and π·a·b along a straight line, whichever corners are given', () => {
    const picture = made(straight([0, 0, 0], [0, 0.6, 0.8], [1, 0, 0], 60));
    expect(areaOf(picture, 'rectangle', at(-4, 10), at(6, 32))).toBeCloseTo(220, 6);
    expect(areaOf(picture, 'rectangle', at(6, 10), at(-4, 32))).toBeCloseTo(220, 6);
    expect(areaOf(picture, 'ellipse', at(-4, 32), at(6, 10))).toBeCloseTo(Math.PI * 5 * 11, 6);
    expect(areaOf(picture, 'ellipse', at(2, 20), at(2, 30))).toBeCloseTo(0, 9);
  });
  it('aside of a ring is that of its sector: smaller inwards, larger outwards', () => {
    const r = 40;
    const picture = made(arc(r, 1.4, 0.2));
    // Right points outwards: ∫ (r + x) / r over x, times the arc.
    for (const [from, to] of [
      [-12, -4],
      [2, 13],
      [-6, 6],
    ] as const) {
      const sector = ((to - from + (to ** 2 - from ** 2) / (2 * r)) * 25) as number;
      expect(Math.abs(areaOf(picture, 'rectangle', at(from, 12), at(to, 37)) / sector - 1)).toBeLessThan(
        2e-3,
      );
    }
    // Of an ellipse centred at x: π·a·b · (r + x) / r.
    const ellipse = (Math.PI * 4 * 10 * (r - 8)) / r;
    expect(Math.abs(areaOf(picture, 'ellipse', at(-12, 12), at(-4, 32)) / ellipse - 1)).toBeLessThan(2e-3);
  });
  it('on a stretched picture is that of the sheet rolled flat', () => {
    const picture = made(helix(12, 8, 80, 0.2), 'stretched');
    const [a, b] = [
      { column: 4, row: 20 },
      { column: 40, row: 60 },
    ];
    expect(Math.abs(areaOf(picture, 'rectangle', a, b) / (18 * 20) - 1)).toBeLessThan(2e-3);
    expect(Math.abs(areaOf(picture, 'ellipse', a, b) / (Math.PI * 9 * 10) - 1)).toBeLessThan(2e-3);
  });
  it('is refused in projected pictures, in folds and outside', () => {
    const ring = made(arc(8, 3, 0.2));
    expect(areaInPicture(ring, 'rectangle', at(-7, 4), at(3, 9)).ok).toBe(true);
    expect(areaInPicture(ring, 'rectangle', at(-12, 4), at(3, 9))).toMatchObject({
      problem: { code: 'CPR_NOT_TO_SCALE' },
    });
    expect(areaInPicture(made(arc(40, 1), 'projected'), 'ellipse', at(-4, 4), at(3, 9)).ok).toBe(false);
    expect(areaInPicture(made(arc(40, 1)), 'ellipse', at(-4, 4), at(3, 900))).toMatchObject({
      problem: { code: 'INPUT_INVALID' },
    });
  });
});
