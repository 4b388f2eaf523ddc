import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isInSight,
  type LabelPlace,
  type LabelWish,
  labelLinePx,
  placeLabels,
  textWidthPx,
} from './label-places.ts';
import { ownMark } from './measure-surface.ts';

const [width, height] = [640, 420];
const wish = (
  kind: LabelWish['kind'],
  [ax, ay, bx, by]: readonly [number, number, number, number],
  lines = ['均值 −374.1 HU SD 425.3', '1539 mm²', 'Se 30026 · Im 50'],
): LabelWish => ({
  kind,
  placed: ownMark([
    { x: ax, y: ay },
    { x: bx, y: by },
  ]),
  lines,
});
/** What the words cover: letters of 12.5 px. */
function rectOf({ lines }: LabelWish, { x, y, anchor }: LabelPlace) {
  const wide = Math.max(...lines.map(textWidthPx));
  const left = anchor === 'start' ? x : x - wide;
  return { left, right: left + wide, top: y - 11, bottom: y + (lines.length - 1) * labelLinePx + 4 };
}
const overlaps = (a: ReturnType<typeof rectOf>, b: ReturnType<typeof rectOf>): boolean =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1e-9 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1e-9;

describe('the words beside marks', () => {
  it('stand below to the right of a mark that is alone', () => {
    const [length, ellipse] = [
      wish('length', [200, 120, 100, 90], ['61.8 mm']),
      wish('ellipse', [100, 90, 200, 150]),
    ];
    expect(placeLabels([length], width, height)).toEqual([
      { from: { x: 200, y: 120 }, to: { x: 230, y: 154 }, x: 234, y: 161, anchor: 'start' },
    ]);
    expect(placeLabels([ellipse], width, height)[0]).toMatchObject({
      from: { x: 200, y: 120 },
      anchor: 'start',
    });
  });

  it('do not hang on leads that cross, although places are few', () => {
    // As seen on planes of 1366 × 768: the rectangle's words stood left of the ellipse, and the other way round.
    const marks = [
      wish('length', [256, 161, 355, 143], ['122.0 mm']),
      wish('ellipse', [270, 180, 306, 209]),
      wish('rectangle', [343, 178, 381, 201]),
    ];
    const others = [{ left: 440, top: 270, right: 616, bottom: 326 }];
    const [, ellipse, rectangle] = placeLabels(marks, 616, 326, others) as [
      LabelPlace,
      LabelPlace,
      LabelPlace,
    ];
    const sideOf = ({ x, y }: { readonly x: number; readonly y: number }): number => {
      const { from, to } = rectangle;
      return Math.sign((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x));
    };
    expect(sideOf(ellipse.from)).toBe(sideOf(ellipse.to));
  });

  it('stay in the viewport wherever the mark is', () => {
    const x = fc.integer({ min: 0, max: width });
    const y = fc.integer({ min: 0, max: height });
    fc.assert(
      fc.property(fc.constantFrom('length', 'ellipse', 'rectangle'), x, y, (kind, atX, atY) => {
        const mark = wish(kind, [atX, atY, Math.min(width, atX + 30), Math.max(0, atY - 20)]);
        const rect = rectOf(mark, placeLabels([mark], width, height)[0]!);
        expect(rect.left).toBeGreaterThanOrEqual(0);
        expect(rect.right).toBeLessThanOrEqual(width);
        expect(rect.top).toBeGreaterThanOrEqual(0);
        expect(rect.bottom).toBeLessThanOrEqual(height);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('of marks side by side do not cover each other', () => {
    const x = fc.integer({ min: 120, max: width - 160 });
    const y = fc.integer({ min: 100, max: height - 120 });
    fc.assert(
      fc.property(fc.array(fc.tuple(x, y), { minLength: 2, maxLength: 4 }), (places) => {
        const marks = places.map(([atX, atY]) => wish('ellipse', [atX, atY, atX + 30, atY + 24]));
        const rects = placeLabels(marks, width, height).map((place, n) => rectOf(marks[n]!, place));
        for (const [n, rect] of rects.entries())
          for (const other of rects.slice(n + 1)) expect(overlaps(rect, other)).toBe(false);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('keep off words that stand there already, and off lines', () => {
    const corner = { left: 400, top: 300, right: width, bottom: height };
    const mark = wish('rectangle', [300, 250, 370, 290]);
    const alone = rectOf(mark, placeLabels([mark], width, height)[0]!);
    expect(overlaps(alone, corner)).toBe(true);
    expect(overlaps(rectOf(mark, placeLabels([mark], width, height, [corner])[0]!), corner)).toBe(false);
    // A length whose line goes where the words of the region would stand.
    const line = wish('length', [390, 240, 520, 380], ['190.2 mm']);
    const beside = rectOf(mark, placeLabels([mark, line], width, height)[0]!);
    expect(beside.left > 520 || beside.right < 390 || beside.bottom < 240).toBe(true);
  });

  it('stay in a narrow viewport too, off their own mark', () => {
    const [narrow, low] = [305, 360];
    const mark = wish('rectangle', [91, 140, 137, 212], ['mean −90.4 HU SD 23.8', '57.1 mm²']);
    const rect = rectOf(mark, placeLabels([mark], narrow, low)[0]!);
    expect(rect.left).toBeGreaterThanOrEqual(0);
    expect(rect.right).toBeLessThanOrEqual(narrow);
    expect(overlaps(rect, { left: 91, top: 140, right: 137, bottom: 212 })).toBe(false);
  });

  it('stay where they are when another mark is drawn', () => {
    const first = wish('length', [100, 90, 200, 150], ['61.8 mm']);
    const second = wish('length', [110, 100, 210, 160], ['64.4 mm']);
    const [alone] = placeLabels([first], width, height);
    expect(placeLabels([first, second], width, height)[0]).toEqual(alone);
  });

  it('Chinese letters take as much room as they are high', () => {
    expect(textWidthPx('均值')).toBeGreaterThan(25);
    expect(textWidthPx('mm')).toBeLessThan(15);
  });
});

describe('marks out of sight', () => {
  it('are those that do not reach into the viewport', () => {
    const isSeen = (kind: LabelWish['kind'], box: readonly [number, number, number, number]) =>
      isInSight(wish(kind, box), width, height);
    expect(isSeen('length', [-50, 10, 20, 40])).toBe(true);
    expect(isSeen('length', [-50, 10, -2, 40])).toBe(false);
    expect(isSeen('ellipse', [-500, -500, 2000, 2000])).toBe(true);
    expect(isSeen('rectangle', [10, height + 3, 60, height + 40])).toBe(false);
  });
});
