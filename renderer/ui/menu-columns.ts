/** Rows that stay in sight in one column on the smallest window. */
const mostRows = 30;

/**
 * The entries of a menu in one column, or in two where one would be too long to see whole: groups stay together, and
 * the columns are as equal as they allow. `'line'` separates groups and is never at an end of a column.
 */
export function menuColumns<T>(entries: readonly (T | 'line')[]): readonly (readonly (T | 'line')[])[] {
  if (entries.length <= mostRows) return [entries];
  const lines = entries.flatMap((entry, n) => (entry === 'line' ? [n] : []));
  const [first, ...others] = lines;
  if (first === undefined) return [entries];
  const unevenness = (line: number): number => Math.abs(line - (entries.length - line - 1));
  const split = others.reduce((best, line) => (unevenness(line) < unevenness(best) ? line : best), first);
  return [entries.slice(0, split), entries.slice(split + 1)];
}
