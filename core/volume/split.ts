import { alikeFrames, leaveOut, matrixOf, partition } from './alike.ts';
import { byOneClock, type Divider, type DividerName, dimensionDividers, dividers } from './dividers.ts';
import {
  areStations,
  byHeight,
  doOverlap,
  gapsOf,
  hasRepeats,
  isEven,
  isEvenButMissing,
  isNearlyEven,
  positionsOf,
} from './evenness.ts';
import { fieldsOf } from './fields.ts';
import { byInstance } from './file-order.ts';
import type { FrameEntry } from './frames.ts';
import { occurrencesOf, oneWayRuns } from './occurrences.ts';
import { dot, median, normalOf, poseOf } from './order.ts';
import { doSlip, type Located, ranked } from './ranked.ts';
import { sweepsOf } from './sweeps.ts';
import { twinsOf } from './twins.ts';

/** What told a group from its siblings, e.g. DiffusionBValue 1000. */
export interface SplitLabel {
  readonly divider: DividerName;
  readonly kind: Divider['kind'];
  readonly text: string;
  readonly number: number | null;
  /** Place among the siblings, from 0. */
  readonly ordinal: number;
}

/**
 * Series ≠ volume (lessons L6, L7). Frames are first divided by what can never share a grid (matrix, spacing,
 * orientation, frame of reference, localiser, stack). Where positions still repeat, they are divided by what
 * tells acquisitions apart (`dividers.ts`) until every group has one frame a position.
 */
export interface SplitGroup {
  readonly frames: readonly FrameEntry[];
  readonly labels: readonly SplitLabel[];
  /** Groups of one matrix and orientation have the same number. */
  readonly grid: number;
  /** True when positions repeat unevenly and nothing tells which frame belongs where. */
  readonly repeats: boolean;
  /** Positions repeat evenly, and the order of the files is no word on which frames belong together. */
  readonly isUnordered?: true;
  /** Frames that are read as one stack but are no volume: all at one place, or each in another orientation. */
  readonly scattered?: 'place' | 'orientation';
  /** Frames like these that have no place of their own and are a group by themselves. */
  readonly leftOut?: number;
  /** Such frames. */
  readonly isUnplaced?: true;
}

type Part = Omit<SplitGroup, 'grid'>;

/** Positions closer than this along the normal are one position: rounding, or less than pixels that are finer still. */
const samePosition = { mm: 0.01, pixels: 0.1 };
/** Single frames of so many orientations are one stack (radial series), not as many groups. */
const scatteredFrames = 4;
/** More acquisitions than this in one series are not told apart by their number alone. */
const mostAcquisitions = 8;

/** Frames with their places along the first frame's normal; null where one has no place. */
function locate(frames: readonly FrameEntry[]): Located[] | null {
  const first = frames[0] && poseOf(frames[0].attributes);
  if (!first) return null;
  const normal = normalOf(first);
  const heights: number[] = [];
  for (const { attributes } of frames) {
    const pose = poseOf(attributes);
    if (!pose) return null;
    heights.push(dot(pose.position, normal));
  }
  const finestMm = Math.min(...(frames[0]!.attributes.PixelSpacing ?? [])) * samePosition.pixels;
  const sameMm = finestMm > 0 ? Math.min(samePosition.mm, finestMm) : samePosition.mm;
  const order = [...frames.keys()].sort((a, b) => heights[a]! - heights[b]!);
  const positions = new Array<number>(frames.length).fill(0);
  let current = 0;
  for (const [rank, at] of order.entries()) {
    if (rank > 0 && heights[at]! - heights[order[rank - 1]!]! > sameMm) current++;
    positions[at] = current;
  }
  return frames.map((frame, at) => ({ frame, heightMm: heights[at]!, position: positions[at]! }));
}

/** By the dividers that are left: what tells nothing of all frames (times that drift) may tell those of one part apart. */
function divide(located: readonly Located[], left: readonly Divider[]): Part[] {
  if (!hasRepeats(located))
    return (
      byInterleaving(located, left) ??
      bySeries(located, left) ??
      bySweeps(located, left) ??
      byDistance(located)
    );
  for (const one of left) {
    const divider = byOneClock(
      one,
      located.map(({ frame }) => frame.attributes),
    );
    const ranks = divider.isRanked ? ranked(located, divider) : null;
    const parts = ranks ?? told(located, divider) ?? swept(located, divider);
    if (!parts || isDenied(parts, divider, located)) continue;
    const groups = divideParts(parts, divider, without(left, divider));
    return ranks && doSlip(ranks, divider)
      ? groups.map((group) => ({ ...group, isUnordered: true as const }))
      : groups;
  }
  const fields = fieldsOf(located, { pixels: 1 });
  return fields ? divideFields(fields, left) : byOccurrence(located);
}

const divideFields = (fields: readonly (readonly Located[])[], left: readonly Divider[]): Part[] =>
  fields.flatMap((own, ordinal) => {
    const nth = ordinal + 1;
    const label: SplitLabel = { divider: 'Field', kind: null, text: String(nth), number: nth, ordinal };
    return divide(own, left).map((group) => ({ ...group, labels: [label, ...group.labels] }));
  });

const without = (left: readonly Divider[], divider: Divider): Divider[] =>
  left.filter(({ name }) => name !== divider.name);

/**
 * Whether numbers that go by a plan tell other volumes apart than times at which images were written (ContentTime), not
 * taken: several are written at once.
 */
function isDenied(
  parts: readonly (readonly Located[])[],
  divider: Divider,
  located: readonly Located[],
): boolean {
  const isWritten = located.every(
    ({ frame: { attributes: a } }) =>
      (a.FrameAcquisitionDateTime ?? a.FrameReferenceDateTime ?? a.AcquisitionTime) === undefined,
  );
  if (divider.name !== 'AcquisitionTime' || !isWritten) return false;
  const { groups, repeats, isUnordered } = occurrencesOf(located);
  const nthOf = new Map(groups.flatMap((group, nth) => group.map((l) => [l, nth] as const)));
  const isOne = (own: readonly Located[]): boolean => new Set(own.map((l) => nthOf.get(l))).size === 1;
  return !repeats && !isUnordered && !parts.every(isOne);
}

const divideParts = (
  parts: readonly (readonly Located[])[],
  divider: Divider,
  left: readonly Divider[],
): Part[] =>
  parts.flatMap((own, ordinal) => {
    const label = labelOf(own, divider, ordinal);
    return divide(own, left).map((group) => ({ ...group, labels: [label, ...group.labels] }));
  });

const repeatLabel = (ordinal: number): SplitLabel => {
  const nth = ordinal + 1;
  return { divider: 'Repeat', kind: 'temporal', text: String(nth), number: nth, ordinal };
};

const part = (located: readonly Located[], more: Partial<Part> = {}): Part => ({
  frames: located.map((l) => l.frame),
  labels: [],
  repeats: false,
  ...more,
});

function labelOf(located: readonly Located[], divider: Divider, ordinal: number): SplitLabel {
  const numbers = located.flatMap(({ frame }) => divider.numberOf?.(frame.attributes) ?? []);
  return {
    divider: divider.name,
    kind: divider.kind,
    text: divider.textOf(located[0]!.frame.attributes),
    number: numbers.length > 0 ? median(numbers) : null,
    ordinal,
  };
}

/** Parts that differ by the divider, in its order; null where it tells nothing. */
function told(located: readonly Located[], divider: Divider): Located[][] | null {
  const parts = [...partition(located, ({ frame }) => divider.textOf(frame.attributes)).values()];
  if (parts.length < 2 || !separates(located, parts, divider)) return null;
  return inOrder(parts, divider);
}

/** By the divider's number, else in the order of the files. Frames without one come last; without a b-value, first. */
function inOrder(parts: Located[][], divider: Divider): Located[][] {
  const numberOf = (own: readonly Located[]): number | undefined =>
    divider.numberOf?.(own[0]!.frame.attributes);
  return parts.sort((a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x !== undefined && y !== undefined && x !== y) return x - y;
    if ((x === undefined) !== (y === undefined))
      return (x === undefined) === (divider.name === 'DiffusionBValue') ? -1 : 1;
    return byInstance(earliest(a), earliest(b));
  });
}

const earliest = (located: readonly Located[]): FrameEntry =>
  located.reduce((best, { frame }) => (byInstance(frame, best) < 0 ? frame : best), located[0]!.frame);

/**
 * A divider counts only if it parts frames of the same position, and more than it parts positions: AcquisitionNumber
 * that runs with the slices would otherwise cut one volume into single slices, and a clock that strikes the next
 * second within a volume would cut it in two. Times therefore need most positions in every part.
 */
function separates(
  located: readonly Located[],
  parts: readonly (readonly Located[])[],
  divider: Divider,
): boolean {
  if (divider.name === 'Segment') return true;
  const positions = positionsOf(located);
  const covered = parts.map(positionsOf);
  const isTold = covered.reduce((sum, count) => sum + count, 0) > positions;
  const most = divider.isRanked ? Math.min(...covered) : Math.max(...covered);
  if (isTold && most > positions / 2) return true;
  // Scans one after the other that share a few positions.
  return (
    (scanDividers.has(divider.name) &&
      parts.length <= mostAcquisitions &&
      parts.every((own) => own.length > 2 && (seriesDividers.has(divider.name) || !hasRepeats(own)))) ||
    (timeDividers.has(divider.name) && areStations(parts, true))
  );
}

/** What is one for a bed or a station. */
const timeDividers: ReadonlySet<DividerName> = new Set(['FrameReferenceTime', 'AcquisitionTime']);
const seriesDividers: ReadonlySet<DividerName> = new Set(['SeriesDescription', 'SeriesNumber']);
/** What numbers or names whole scans. */
const scanDividers: ReadonlySet<DividerName> = new Set([...seriesDividers, 'AcquisitionNumber']);

/** A stack may have gaps as long as its grid stays as fine as its slices (`regular-grid.ts`); these are too wide. */
const farApart = { spacings: 10, times: 4 };

/** Slices that lie so far from the rest that one grid could not show either are stacks of their own. */
function byDistance(located: readonly Located[]): Part[] {
  const sorted = byHeight(located);
  const gaps = gapsOf(sorted);
  const medianMm = median(gaps);
  const totalMm = gaps.reduce((sum, gap) => sum + gap, 0);
  const isWide = (gap: number): boolean => gap > farApart.spacings * medianMm;
  const wide = gaps.filter(isWide).length;
  const isCoarse = totalMm > farApart.times * gaps.length * medianMm;
  // Where wide gaps are common, slices lie in pairs: none of them is far from the rest.
  if (!isCoarse || wide > gaps.length / farApart.times) return [part(located)];
  const parts: Located[][] = [[sorted[0]!]];
  for (const [at, gap] of gaps.entries()) {
    if (isWide(gap)) parts.push([]);
    parts[parts.length - 1]!.push(sorted[at + 1]!);
  }
  return parts.map((own) => part(own));
}

/**
 * Scans that overlap in space without sharing positions (two breath holds, two echoes that lie a little apart): each
 * is nearly even by itself. One volume of both would mix them.
 */
function byInterleaving(located: readonly Located[], left: readonly Divider[]): Part[] | null {
  for (const divider of left) {
    if (!isFew(located, divider)) continue;
    const parts = [...partition(located, ({ frame }) => divider.textOf(frame.attributes)).values()];
    // Slices of one scan may be taken in turns, the odd ones first: together they are even then.
    if (passDividers.has(divider.name) && isEven(located)) continue;
    if (areScans(located, parts) && doOverlap(parts))
      return divideParts(inOrder(parts, divider), divider, without(left, divider));
  }
  return null;
}

/** Each even by itself. Where all together are not, each may lack slices, and one or two images may be of no scan. */
function areScans(located: readonly Located[], parts: readonly (readonly Located[])[]): boolean {
  const long = parts.filter((own) => own.length > 2);
  if (isEvenButMissing(located)) return long.length === parts.length && long.every(isNearlyEven);
  const others = located.length - long.flat().length;
  return long.length > 0 && others <= 2 && long.every(isEvenButMissing);
}

/** Series that an anonymiser made one, and that share no position: one volume of both would be half of each. */
function bySeries(located: readonly Located[], left: readonly Divider[]): Part[] | null {
  for (const divider of left) {
    if (!seriesDividers.has(divider.name) || !isFew(located, divider)) continue;
    const parts = [...partition(located, ({ frame }) => divider.textOf(frame.attributes)).values()];
    if (parts.filter((own) => own.length > 2).length > 1)
      return divideParts(inOrder(parts, divider), divider, without(left, divider));
  }
  return null;
}

const swept = (located: readonly Located[], divider: Divider): Located[][] | null =>
  timeDividers.has(divider.name) ? sweepsOf(located, divider) : null;

/** Scans that share no position and lie in one stack unevenly, by times or by the order of the files. */
function bySweeps(located: readonly Located[], left: readonly Divider[]): Part[] | null {
  if (isEvenButMissing(located)) return null;
  for (const divider of left) {
    const parts = swept(located, divider);
    if (parts && doOverlap(parts)) return divideParts(parts, divider, without(left, divider));
  }
  const parts = sweepsOf(located, null);
  return parts && doOverlap(parts) ? parts.map((own, at) => part(own, { labels: [repeatLabel(at)] })) : null;
}

/** Whether the divider tells two kinds of frames or a few more. */
function isFew(located: readonly Located[], divider: Divider): boolean {
  const texts = new Set<string>();
  for (const { frame } of located)
    if (texts.size <= mostAcquisitions) texts.add(divider.textOf(frame.attributes));
    else return false;
  return texts.size > 1 && texts.size <= mostAcquisitions;
}

/** What may differ within one scan: which pass, and when. */
const passDividers: ReadonlySet<DividerName> = new Set([
  'TemporalPosition',
  'TriggerTime',
  'SequenceName',
  'FrameReferenceTime',
  'AcquisitionNumber',
  'AcquisitionTime',
  'ImageIndex',
  'ImageComments',
]);

/** Without images that are there twice; these come to those that they are like, and it is told. */
function divideWithTwins(located: readonly Located[]): Part[] {
  const twins = hasRepeats(located) ? twinsOf(located) : new Map<Located, readonly Located[]>();
  const others = new Set([...twins.values()].flat());
  const firsts = located.filter((l) => !others.has(l));
  if (others.size === 0 || !hasRepeats(firsts)) return divide(located, dividers);
  const locatedOf = new Map(firsts.map((l) => [l.frame, l] as const));
  return divide(firsts, dividers).flatMap((group) => {
    const again = group.frames.map((frame) => twins.get(locatedOf.get(frame)!) ?? []);
    const times = Math.max(...again.map((own) => own.length));
    if (times === 0) return [group];
    // It is still what it was told to be, and plays with the others.
    const doubled = Array.from({ length: times }, (_, n): Part => {
      const own = again.flatMap((all) => all[n] ?? []);
      return part(own, { labels: [...group.labels, repeatLabel(n + 1)], repeats: true });
    });
    return [{ ...group, repeats: true }, ...doubled];
  });
}

/**
 * Last resort: the dimensions that an object names for its frames, whose order means nothing (PS3.3 C.7.6.17), and the
 * order of the files. Indices count within an object (or what one was cut into): of several, the order goes first.
 */
function byOccurrence(located: readonly Located[]): Part[] {
  const { groups, repeats, isUnordered } = occurrencesOf(located);
  const objects = new Set(located.map(({ frame }) => frame.attributes.ConcatenationUID ?? frame.instance));
  if (repeats || isUnordered || objects.size === 1)
    for (const divider of dimensionDividers) {
      const parts = told(located, divider);
      if (parts) return divideParts(parts, divider, []);
    }
  const stations = repeats ? oneWayRuns([...located].sort((a, b) => byInstance(a.frame, b.frame))) : [];
  if (areStations(stations, false)) return divideFields(stations, []);
  return groups.map((group, ordinal) =>
    part(group, {
      labels: [repeatLabel(ordinal)],
      repeats,
      ...(isUnordered && { isUnordered }),
    }),
  );
}

/** Divides the frames of a series into groups of one frame a position, largest first within the file's order. */
export function splitFrames(frames: readonly FrameEntry[]): SplitGroup[] {
  const groups: SplitGroup[] = [];
  let grid = 0;
  const { placed, unplaced } = leaveOut(frames);
  for (const oriented of alikeFrames(placed)) {
    const single = oriented.filter((group) => group.length === 1);
    const isScattered = single.length >= scatteredFrames;
    for (const group of oriented)
      if (!isScattered || group.length > 1) {
        const leftOut = unplaced.get(matrixOf(group[0]!))?.length;
        for (const divided of divideOriented(group))
          groups.push({ ...divided, grid, ...(leftOut && { leftOut }) });
        grid++;
      }
    if (isScattered) {
      const all = single.flat();
      groups.push({ frames: all, labels: [], repeats: false, scattered: 'orientation', grid: grid++ });
    }
  }
  for (const own of unplaced.values())
    groups.push({ frames: own, labels: [], repeats: false, isUnplaced: true, grid: grid++ });
  return groups;
}

function divideOriented(frames: readonly FrameEntry[]): Part[] {
  const located = locate(frames);
  if (!located) return [{ frames, labels: [], repeats: false }];
  if (frames.length > 1 && positionsOf(located) === 1) return [part(located, { scattered: 'place' })];
  // Segments are never one volume, not even where they share no position.
  const segments = told(located, dividers[0]!);
  if (segments) return divideParts(segments, dividers[0]!, dividers.slice(1));
  // Never one grid, whatever else tells them apart.
  const fields = hasRepeats(located) ? fieldsOf(located, { part: 0.5 }) : null;
  return fields ? divideFields(fields, dividers) : divideWithTwins(located);
}
