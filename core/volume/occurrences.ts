import type { Attributes } from '../dicom/types.ts';
import { byInstance, byNumber, byUid } from './file-order.ts';
import type { FrameEntry } from './frames.ts';
import type { Located } from './ranked.ts';

/** Stacks in the order of files, each up to the frame that `endsBefore` says belongs to the next. */
function runsOf(
  order: readonly Located[],
  endsBefore: (own: Located, last: Located) => boolean,
): Located[][] {
  const runs: Located[][] = [];
  let inRun = new Set<number>();
  for (const [at, one] of order.entries()) {
    if (at === 0 || inRun.has(one.position) || endsBefore(one, order[at - 1]!)) {
      runs.push([]);
      inRun = new Set();
    }
    runs[runs.length - 1]!.push(one);
    inRun.add(one.position);
  }
  return runs;
}

/**
 * Whole volumes that follow each other, so that a missing slice shifts nothing; null where files are in another order.
 * Where all go the same way along the normal, each ends where that turns back; else where a position comes again.
 */
function sweepsOf(order: readonly Located[], times: number, positions: number): Located[][] | null {
  const steps = order.slice(1).map(({ position }, at) => position - order[at]!.position);
  const ups = steps.filter((step) => step > 0).length;
  const downs = steps.filter((step) => step < 0).length;
  const way = Math.sign(ups - downs);
  const isWhole = (runs: readonly Located[][]): boolean =>
    runs.length === times && runs.every((run) => run.length > positions / 2);
  if (Math.min(ups, downs) < times) {
    const runs = runsOneWay(order, way);
    if (isWhole(runs)) return runs;
  }
  const runs = runsOf(order, () => false);
  return isWhole(runs) ? runs : null;
}

/** Each ends where the order turns back. */
const runsOneWay = (order: readonly Located[], way: number): Located[][] =>
  runsOf(order, (own, last) => (own.position - last.position) * way < 0);

/**
 * Stacks in this order that go the way along the normal that most steps go; none where one begins where the last one ends
 * with what may be the same image.
 */
export function oneWayRuns(
  order: readonly Located[],
  isSame: (a: Located, b: Located) => boolean = () => true,
): Located[][] {
  const ways = order.slice(1).map(({ position }, at) => Math.sign(position - order[at]!.position));
  const way = Math.sign(ways.reduce((sum, own) => sum + own, 0));
  const runs = way === 0 ? [] : runsOneWay(order, way);
  const isTwice = runs.slice(1).some(([own], at) => {
    const last = runs[at]!.at(-1)!;
    return own!.position === last.position && isSame(own!, last);
  });
  return isTwice ? [] : runs;
}

/** For each position its frames, in this order. */
function placesOf(order: readonly Located[]): Map<number, Located[]> {
  const places = new Map<number, Located[]>();
  for (const one of order) places.set(one.position, [...(places.get(one.position) ?? []), one]);
  return places;
}

/**
 * Whether an order in which every position comes as often goes by a plan: slice after slice with all its frames, or
 * part after part of the stack with all its volumes, one after another. Numbers given at random have none.
 */
function isPlanned(order: readonly Located[], times: number): boolean {
  const seen = new Map<number, number>();
  let part = new Map<number, number>();
  let rank = 0;
  const isWhole = (): boolean => [...part.values()].every((count) => count === times);
  for (const { position } of order) {
    const own = seen.get(position) ?? 0;
    if (own < rank) {
      if (!isWhole()) return false;
      part = new Map();
    }
    rank = own;
    seen.set(position, own + 1);
    part.set(position, (part.get(position) ?? 0) + 1);
  }
  return isWhole();
}

/**
 * Whether numbers, or times where there are none, are there for all or for none, as an image without one stands anywhere;
 * and whether each number is that of one position, as such that begin again with each volume say nothing across them.
 */
function areNumbered(located: readonly Located[]): boolean {
  const count = (numberOf: (a: Attributes) => unknown): number =>
    located.filter(({ frame }) => numberOf(frame.attributes) !== undefined).length;
  const [all, numbered] = [located.length, count((a) => a.InstanceNumber)];
  const taken = count((a) => a.AcquisitionTime);
  const areTimed = taken === all || (taken === 0 && [0, all].includes(count((a) => a.ContentTime)));
  if (numbered === 0) return areTimed;
  let areTied = false;
  const places = new Map<number, Located>();
  for (const one of located) {
    const number = one.frame.attributes.InstanceNumber!;
    const other = places.get(number) ?? one;
    places.set(number, other);
    if (other.frame.instance === one.frame.instance) continue;
    if (other.position !== one.position) return false;
    areTied = true;
  }
  return numbered === all && (areTimed || !areTied);
}

/** Volumes in order of instance and frame, where nothing else tells the frames of a position apart. */
export interface Occurrences {
  readonly groups: readonly (readonly Located[])[];
  /** Positions repeat unevenly: which frame belongs where stays open. */
  readonly repeats: boolean;
  /** The order says nothing: it goes by no plan, or UIDs that do not are all that tells frames apart. */
  readonly isUnordered: boolean;
}

/** Volumes that follow each other, else the first frame of every position, the second …. */
export function occurrencesOf(located: readonly Located[]): Occurrences {
  const sortedBy = (compare: (a: FrameEntry, b: FrameEntry) => number): Located[] =>
    [...located].sort((a, b) => compare(a.frame, b.frame));
  const order = sortedBy(byInstance);
  const places = [...placesOf(order).values()];
  const times = Math.max(...places.map((place) => place.length));
  const occurrences = Array.from({ length: times }, (_, nth) => places.flatMap((place) => place[nth] ?? []));
  const sweeps = (own: readonly Located[]): Located[][] | null => sweepsOf(own, times, places.length);
  const groups = sweeps(order) ?? occurrences;
  // The same count everywhere is a clean repetition; uneven counts leave it open which frame belongs where.
  const repeats = groups.some((group) => group.length !== groups[0]!.length);
  const isTold = (own: readonly Located[]): boolean => sweeps(own) !== null || isPlanned(own, times);
  const byUidOnly = places.some((place) =>
    place.some(({ frame }, at) => at > 0 && byNumber(frame, place[at - 1]!.frame) === 0),
  );
  const isPlain = isTold(order) && (!byUidOnly || isTold(sortedBy(byUid)));
  const isUnordered = !repeats && !(areNumbered(located) && isPlain);
  return { groups, repeats, isUnordered };
}
