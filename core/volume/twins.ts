import { partition } from './alike.ts';
import { dividers } from './dividers.ts';
import { byInstance } from './file-order.ts';
import { median } from './order.ts';
import type { Located } from './ranked.ts';

/**
 * Images that are there twice under other names (sent again): all that could tell them apart is the same. They would stand
 * in the way of telling volumes apart by ranks. Only where a position has more images than most: of volumes whose clock is
 * coarse two images may be alike.
 */
export function twinsOf(located: readonly Located[]): ReadonlyMap<Located, readonly Located[]> {
  const counts = new Map<number, number>();
  for (const { position } of located) counts.set(position, (counts.get(position) ?? 0) + 1);
  const usual = median([...counts.values()]);
  const crowded = located.filter(({ position }) => counts.get(position)! > usual);
  const alike = partition(crowded, ({ frame: { attributes }, position }) =>
    [position, ...dividers.map((divider) => divider.textOf(attributes))].join('|'),
  );
  const twins = new Map<Located, readonly Located[]>();
  for (const own of alike.values()) {
    if (own.length < 2) continue;
    const [first, ...others] = own.sort((a, b) => byInstance(a.frame, b.frame));
    twins.set(first!, others);
    counts.set(first!.position, counts.get(first!.position)! - others.length);
  }
  return new Map([...twins].filter(([{ position }]) => counts.get(position)! >= usual));
}
