import type { SeriesRow } from '../../../../core/contract/studies.ts';

/** Objects that this version shows; the others get a tile that says they are kept. */
export const isPicture = (row: Pick<SeriesRow, 'category'>): boolean => row.category === 'image';

/** As the thumbnails list them: pictures first. */
export const listedSeries = (rows: readonly SeriesRow[]): readonly SeriesRow[] => [
  ...rows.filter(isPicture),
  ...rows.filter((row) => !isPicture(row)),
];

/** No rule for this study: localisers and single pictures last, else as the study lists them. */
export function hangingOrder<T extends { readonly frames: number; readonly description: string }>(
  rows: readonly T[],
): T[] {
  const isLocaliser = (row: T): boolean =>
    row.frames <= 3 || /\b(loc|localizer|scout|topogram|surview)\b|定位/i.test(row.description);
  return [...rows.filter((row) => !isLocaliser(row)), ...rows.filter(isLocaliser)];
}
