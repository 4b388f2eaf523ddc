/** A figure beside a peer's: medians of the rounds, judged by the least ratio of any round. */
import { type Figure, median } from '../figure.ts';

export interface PeerRounds {
  readonly ours: number[];
  readonly theirs: number[];
}

const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value);

/** @param timesAtLeast how many times the peer's figure must be ours, in every round; null = reported only */
export function peerFigure(
  name: string,
  unit: string,
  yardstick: string,
  { ours, theirs }: PeerRounds,
  timesAtLeast: number | null,
): Figure {
  const times = theirs.map((value, n) => value / ours[n]!);
  const least = Math.min(...times);
  const listed = times.map((value) => `${round(value)}×`).join(' ');
  return {
    name: `${name} (in each round ${listed})`,
    value: round(median(ours)),
    unit,
    yardstick,
    yardstickValue: round(median(theirs)),
    ratio: round(least),
    goal: timesAtLeast === null ? 'reported' : `≥ ${timesAtLeast}× in every round`,
    met: timesAtLeast === null || least >= timesAtLeast,
  };
}
