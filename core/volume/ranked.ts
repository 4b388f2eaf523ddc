import { partition } from './alike.ts';
import type { Divider } from './dividers.ts';
import type { FrameEntry } from './frames.ts';
import { median } from './order.ts';

/** A frame and the number of its position along the normal; `heightMm` NaN without geometry. */
export interface Located {
  readonly frame: FrameEntry;
  readonly heightMm: number;
  readonly position: number;
}

interface Valued {
  readonly l: Located;
  readonly value: number;
}

/** Values of a position that lacks some may be this part of the least step off those of the position beside it. */
const besideSteps = 0.25;

/** The frames of each position by rising value; null where one has no value, or two the same. */
function placesOf(located: readonly Located[], divider: Divider): Valued[][] | null {
  const places: Valued[][] = [];
  for (const own of partition(located, (l) => String(l.position)).values()) {
    const place: Valued[] = [];
    for (const l of own) {
      const value = divider.numberOf?.(l.frame.attributes);
      if (value === undefined) return null;
      place.push({ l, value });
    }
    place.sort((a, b) => a.value - b.value);
    if (place.some(({ value }, at) => at > 0 && value === place[at - 1]!.value)) return null;
    places.push(place);
  }
  return places;
}

const positionOf = (place: readonly Valued[]): number => place[0]!.l.position;

/** The ranks of a position's frames, as those beside it have them; null where that leaves a doubt. */
function ranksBeside(place: readonly Valued[], full: readonly (readonly Valued[])[]): number[] | null {
  const at = positionOf(place);
  const beside = full.reduce((best, other) =>
    Math.abs(positionOf(other) - at) < Math.abs(positionOf(best) - at) ? other : best,
  );
  const steps = beside.slice(1).map(({ value }, n) => value - beside[n]!.value);
  const mostOff = besideSteps * Math.min(...steps);
  const ranks = place.map(({ value }) =>
    beside.findIndex((other) => Math.abs(other.value - value) <= mostOff),
  );
  return ranks.every((rank, n) => rank > (ranks[n - 1] ?? -1)) ? ranks : null;
}

/**
 * The first of every position by the divider's value, the second …. Where positions lack some (images that did not
 * arrive), theirs are ranked as at the nearest position that has all. Null where values are missing or the same, where
 * half of the positions or more lack some, or where it stays open which.
 */
export function ranked(located: readonly Located[], divider: Divider): Located[][] | null {
  const places = placesOf(located, divider);
  if (!places) return null;
  const count = Math.max(...places.map((place) => place.length));
  const full = places.filter((place) => place.length === count);
  if (2 * full.length <= places.length) return null;
  const groups: Located[][] = Array.from({ length: count }, () => []);
  for (const place of places) {
    const ranks = place.length === count ? [...place.keys()] : ranksBeside(place, full);
    if (!ranks) return null;
    for (const [n, { l }] of place.entries()) groups[ranks[n]!]!.push(l);
  }
  return groups;
}

/** A step this many times the median of its position's lacks a phase; one that is as even as this does not. */
const steps = { lacking: 1.6, even: 1.3 };

/**
 * Whether every position seems to lack another phase of the heart, so that phases of one rank are not those of one time:
 * phases of a slice are evenly spaced, and a step is long at some positions only.
 */
export function doSlip(ranks: readonly (readonly Located[])[], divider: Divider): boolean {
  if (divider.kind !== 'phase' || ranks.length < 4) return false;
  const rows = partition(ranks.flat(), (l) => String(l.position));
  const relative = [...rows.values()].map((own) => {
    const values = own.map((l) => divider.numberOf!(l.frame.attributes)!).sort((a, b) => a - b);
    const gaps = values.slice(1).map((value, n) => value - values[n]!);
    const middle = median(gaps);
    return gaps.map((gap) => gap / middle);
  });
  return ranks.slice(1).some((_, n) => {
    const own = relative.flatMap((gaps) => (gaps.length === ranks.length - 1 ? [gaps[n]!] : []));
    return own.some((gap) => gap >= steps.lacking) && own.some((gap) => gap <= steps.even);
  });
}
