import type { ColumnVertebra } from './column.ts';

/**
 * Which rib belongs to which vertebra: both are ordered from the top downwards, a rib passes its vertebra's
 * transverse process a little above the middle of the body, and hardly ever one is missing in between.
 */
const usualOffset = -0.2;
const mostOff = 0.8;
const skippedVertebra = 0.35;
const skippedRib = 1;

interface Cell {
  readonly cost: number;
  /** What was done last: the rib and the vertebra matched, or one of them passed over. */
  readonly by: 'match' | 'rib' | 'vertebra' | 'start';
}

/** For each rib (by its station beside the spine, ascending) the index of its vertebra; null where it has none. */
export function levelsOf(
  ribStations: readonly number[],
  vertebrae: readonly ColumnVertebra[],
): (number | null)[] {
  const [r, v] = [ribStations.length, vertebrae.length];
  const matchCost = (i: number, j: number): number => {
    const { station, heightMm } = vertebrae[j]!;
    const off = Math.abs((ribStations[i]! - station) / heightMm - usualOffset);
    return off > mostOff ? Number.POSITIVE_INFINITY : off * off;
  };
  const table: Cell[][] = [];
  for (let i = 0; i <= r; i++) {
    table.push([]);
    for (let j = 0; j <= v; j++) {
      const options: Cell[] = [];
      if (i === 0 && j === 0) options.push({ cost: 0, by: 'start' });
      if (i > 0) options.push({ cost: table[i - 1]![j]!.cost + skippedRib, by: 'rib' });
      // Vertebrae above the first rib and below the last cost nothing.
      if (j > 0)
        options.push({
          cost: table[i]![j - 1]!.cost + (i === 0 || i === r ? 0 : skippedVertebra),
          by: 'vertebra',
        });
      if (i > 0 && j > 0)
        options.push({ cost: table[i - 1]![j - 1]!.cost + matchCost(i - 1, j - 1), by: 'match' });
      table[i]!.push(options.reduce((a, b) => (b.cost < a.cost ? b : a)));
    }
  }
  const out = new Array<number | null>(r).fill(null);
  for (let [i, j] = [r, v]; i > 0 || j > 0; ) {
    const { by } = table[i]![j]!;
    if (by === 'match') out[i - 1] = j - 1;
    if (by !== 'vertebra') i -= 1;
    if (by !== 'rib') j -= 1;
  }
  return out;
}
