import { createContext, useContext } from 'react';
import type { SeriesRow } from '../../core/contract/studies.ts';

/** What series of equal numbers are called, by their keys; the others go by their number. */
export type SeriesLabels = ReadonlyMap<string, string>;

/** Beside a mark there is little room. */
const lettersMost = 24;

const short = (text: string): string =>
  text.length > lettersMost ? `${text.slice(0, lettersMost - 1).trimEnd()}…` : text;

type Named = Pick<SeriesRow, 'seriesKey' | 'number' | 'description'>;

/** Members of a list that have something in common with another of it. */
function alike<T>(items: readonly T[], of: (item: T) => string): ReadonlySet<T> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return new Set(items.filter((item) => counts.get(of(item))! > 1));
}

/**
 * Names for series of a study whose numbers are equal: by description, then by the time of their acquisition, then by
 * their place among each other.
 * @param timeOf `HH:MM:SS`; empty where it is not known
 */
export function seriesLabels(series: readonly Named[], timeOf: (seriesKey: string) => string): SeriesLabels {
  const labels = new Map<string, string>();
  const same = alike(
    series.filter(({ number }) => number !== null),
    ({ number }) => String(number),
  );
  const described = ({ number, description }: Named): string =>
    `Se ${number} ${short(description.trim())}`.trim();
  const stillSame = alike([...same], described);
  const timed = (row: Named): string => `${described(row)} ${timeOf(row.seriesKey)}`.trim();
  const sameTime = alike([...stillSame], timed);
  for (const row of same) {
    if (!stillSame.has(row)) labels.set(row.seriesKey, described(row));
    else if (timeOf(row.seriesKey) !== '' && !sameTime.has(row)) labels.set(row.seriesKey, timed(row));
    else {
      const among = [...stillSame].filter((other) => described(other) === described(row));
      labels.set(row.seriesKey, `${described(row)} (${among.indexOf(row) + 1})`);
    }
  }
  return labels;
}

/** Series in a list to choose from, in whole words; those of the same words as they are told apart elsewhere. */
export function choiceNames<R extends Named & Pick<SeriesRow, 'modality'>>(
  rows: readonly R[],
  labels: SeriesLabels,
): readonly string[] {
  const named = (first: string | number | null, row: R, ...more: readonly string[]): string =>
    [first, row.modality, ...more].filter(Boolean).join(' · ');
  const plain = (row: R): string => named(row.number, row, row.description);
  const same = alike(rows, plain);
  return rows.map((row) => {
    const label = same.has(row) ? labels.get(row.seriesKey) : undefined;
    return label === undefined ? plain(row) : named(label, row);
  });
}

const SeriesLabelsContext = createContext<SeriesLabels>(new Map());
/** Of the study whose pictures are inside. */
export const SeriesLabelsProvider = SeriesLabelsContext.Provider;
export const useSeriesLabels = (): SeriesLabels => useContext(SeriesLabelsContext);
