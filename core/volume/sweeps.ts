import { partition } from './alike.ts';
import type { Divider } from './dividers.ts';
import { isEvenButMissing, mostStations } from './evenness.ts';
import { byInstance } from './file-order.ts';
import { oneWayRuns } from './occurrences.ts';
import type { Located } from './ranked.ts';

/** Frames in the order of their times, or of the files; null where some have no time. */
function inOrder(located: readonly Located[], times: Divider | null): Located[] | null {
  if (!times) return [...located].sort((a, b) => byInstance(a.frame, b.frame));
  const timed = located.map((l) => ({ l, time: times.numberOf!(l.frame.attributes) }));
  if (timed.some(({ time }) => time === undefined)) return null;
  return timed.sort((a, b) => a.time! - b.time! || a.l.position - b.l.position).map(({ l }) => l);
}

const timeOf = (l: Located, times: Divider): number => times.numberOf!(l.frame.attributes)!;

/** Whether every pause between scans is longer than any within one. */
function areApart(scans: readonly Located[][], times: Divider): boolean {
  const within = scans.flatMap((own) =>
    own.slice(1).map((l, at) => timeOf(l, times) - timeOf(own[at]!, times)),
  );
  const between = scans.slice(1).map((own, at) => timeOf(own[0]!, times) - timeOf(scans[at]!.at(-1)!, times));
  return Math.max(...within) < Math.min(...between);
}

/**
 * Scans that went the same way along the normal one after the other, whatever each covers (the phases of a liver): each is
 * even by itself. Null where that is not so.
 */
export function sweepsOf(located: readonly Located[], times: Divider | null): Located[][] | null {
  const order = inOrder(located, times);
  const scans = order && oneWayRuns(order, (a, b) => !times || timeOf(a, times) === timeOf(b, times));
  if (!scans || scans.length < 2 || scans.length > mostStations) return null;
  // A run may go on into the next scan, unless there are as many as images of a position, or a pause lies between them.
  const places = partition(located, (l) => String(l.position));
  const most = Math.max(...[...places.values()].map((own) => own.length));
  if (most > 1 && scans.length !== most && !(times && areApart(scans, times))) return null;
  return scans.every((own) => own.length > 2 && isEvenButMissing(own)) ? scans : null;
}
