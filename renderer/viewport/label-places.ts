import type { MeasurementKind } from '../../core/measure/types.ts';
import type { PlacedMark, Spot } from './measure-surface.ts';

/** A mark whose words want a place beside it. */
export interface LabelWish {
  readonly kind: MeasurementKind;
  readonly placed: PlacedMark;
  readonly lines: readonly string[];
}

/** Where the words of a mark stand: off the finding, on a lead. CSS pixels. */
export interface LabelPlace {
  /** The lead goes from the mark to the words. */
  readonly from: Spot;
  readonly to: Spot;
  /** Where the first line begins or ends, and its baseline. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** A box on a viewport, CSS pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const labelLinePx = 15;
const ascentPx = 11;
const descentPx = 4;
/** From the mark to its words. */
const leadPx = { x: 30, y: 34 } as const;
const gapPx = 4;
/** Steps that words go farther off where others stand already. */
const steps = [0, 1, 2, 3];
/** How bad it is to leave the viewport, or to cover a mark, beside covering other words (1 for each square pixel). */
const outsideWeight = 50;
const coveredWeight = 0.3;
/** A pixel of lead is worth this many square pixels: words far off seem to be another mark's. */
const leadWeight = 4;
/** Leads that cross make each one's words seem to be the other's. */
const crossingPx2 = 3000;
/** A length is as wide as a hand needs to see it. */
const linePx = 8;

/** Width of a text at 12.5 px: Chinese letters are as wide as they are high. A little more than it takes. */
export const textWidthPx = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter >= '\u2E80' ? 12.6 : 7.2), 0);

const boundsOf = (spots: readonly Spot[]): Rect => ({
  left: Math.min(...spots.map(({ x }) => x)),
  top: Math.min(...spots.map(({ y }) => y)),
  right: Math.max(...spots.map(({ x }) => x)),
  bottom: Math.max(...spots.map(({ y }) => y)),
});

const markBounds = ({ kind, placed }: Pick<LabelWish, 'kind' | 'placed'>): Rect =>
  boundsOf(kind === 'length' ? placed.spots : placed.box);

/** What of the picture a mark is drawn on: a region's box, a length's line in pieces. */
function drawnOn(mark: Pick<LabelWish, 'kind' | 'placed'>): readonly Rect[] {
  if (mark.kind !== 'length') return [markBounds(mark)];
  const [a, b] = mark.placed.spots;
  const count = Math.min(200, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / linePx));
  return Array.from({ length: count + 1 }, (_, n) => {
    const share = count === 0 ? 0 : n / count;
    const [x, y] = [a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)];
    return { left: x - linePx / 2, top: y - linePx / 2, right: x + linePx / 2, bottom: y + linePx / 2 };
  });
}

/** True where something of a mark is in a viewport. */
export function isInSight(mark: Pick<LabelWish, 'kind' | 'placed'>, width: number, height: number): boolean {
  const { left, top, right, bottom } = markBounds(mark);
  return right >= 0 && bottom >= 0 && left <= width && top <= height;
}

const overlapPx2 = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const areaPx2 = ({ left, top, right, bottom }: Rect): number => (right - left) * (bottom - top);

type Line = Pick<LabelPlace, 'from' | 'to'>;

/** Twice the area of a triangle, its sign by the way round. */
const turnOf = (a: Spot, b: Spot, c: Spot): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

const doCross = (a: Line, b: Line): boolean =>
  turnOf(a.from, a.to, b.from) * turnOf(a.from, a.to, b.to) < 0 &&
  turnOf(b.from, b.to, a.from) * turnOf(b.from, b.to, a.to) < 0;

interface Choice {
  readonly place: LabelPlace;
  readonly rect: Rect;
}

/** Places for words on each lead, from the nearest on. */
function choicesOf({ kind, placed, lines }: LabelWish, viewport: Rect): readonly Choice[] {
  const width = Math.max(...lines.map(textWidthPx), 0);
  const height = (lines.length - 1) * labelLinePx + ascentPx + descentPx;
  return leadsOf({ kind, placed }).flatMap(({ from, right, down }) =>
    steps.map((step): Choice => {
      const to = { x: from.x + right * leadPx.x, y: from.y + down * (leadPx.y + step * (height + gapPx)) };
      const top = down > 0 ? to.y - gapPx : to.y + gapPx - height;
      const wanted = right > 0 ? to.x + gapPx : to.x - gapPx - width;
      // In a narrow viewport words come back over or under their mark.
      const left = Math.max(viewport.left, Math.min(wanted, viewport.right - width));
      const x = right > 0 ? left : left + width;
      return {
        place: {
          from,
          to: { x: x - right * gapPx, y: to.y },
          x,
          y: top + ascentPx,
          anchor: right > 0 ? 'start' : 'end',
        },
        rect: { left, top, right: left + width, bottom: top + height },
      };
    }),
  );
}

interface Lead {
  readonly from: Spot;
  readonly right: 1 | -1;
  readonly down: 1 | -1;
}

/** Below to the right, as a hand would write it, then the other corners; of a length also from its middle. */
function leadsOf(mark: Pick<LabelWish, 'kind' | 'placed'>): readonly Lead[] {
  const [a, b] = mark.placed.spots;
  const bounds = markBounds(mark);
  const [upper, lower] = a.y > b.y ? [b, a] : [a, b];
  const middle = { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2 };
  const turns = [1, -1] as const;
  const ways = turns.flatMap((down) => turns.map((right) => ({ right, down })));
  if (mark.kind !== 'length')
    return ways.map((way) => ({
      ...way,
      from: { x: way.right > 0 ? bounds.right : bounds.left, y: middle.y },
    }));
  return [
    ...ways.map((way) => ({ ...way, from: way.down > 0 ? lower : upper })),
    ...ways.map((way) => ({ ...way, from: middle })),
  ];
}

/**
 * Places for the words of all marks of a picture, in their order: those of an earlier mark stay when another is
 * drawn beside them. Words stand in the viewport and off each other, and off the words that stand there already (`others`), where
 * there is room.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  width: number,
  height: number,
  others: readonly Rect[] = [],
): readonly LabelPlace[] {
  const viewport: Rect = { left: 2, top: 2, right: width - 2, bottom: height - 2 };
  const marks = wishes.flatMap(drawnOn);
  const taken = [...others];
  const leads: Line[] = [];
  return wishes.map((wish) => {
    const choices = choicesOf(wish, viewport);
    const cost = ({ rect, place }: Choice, n: number): number =>
      taken.reduce((sum, other) => sum + overlapPx2(rect, other), 0) +
      coveredWeight * marks.reduce((sum, mark) => sum + overlapPx2(rect, mark), 0) +
      outsideWeight * (areaPx2(rect) - overlapPx2(rect, viewport)) +
      leadWeight * Math.hypot(place.to.x - place.from.x, place.to.y - place.from.y) +
      crossingPx2 * leads.filter((lead) => doCross(lead, place)).length +
      // Of places that are as good the first, whatever rounding says.
      n / 100;
    const costs = choices.map(cost);
    const { place, rect } = choices[costs.indexOf(Math.min(...costs))]!;
    taken.push(rect);
    leads.push(place);
    return place;
  });
}
