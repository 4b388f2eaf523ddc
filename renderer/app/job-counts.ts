import type { Job } from '../../core/contract/jobs.ts';
import { formatNumber } from '../../core/terms/term.ts';
import type { Say } from './language.ts';

/** True where a job came to its end, but not all of its files could be read. */
export const hasBroken = ({ counts }: Job): boolean => (counts?.broken ?? 0) > 0;

/** What became of a job's files, in words; empty while nobody knows. */
export function countWords({ counts, kind }: Job, t: Say): string[] {
  if (!counts) return [];
  return (['stored', 'duplicates', 'notDicom', 'broken'] as const)
    .filter((part) => counts[part] > 0)
    .map((part) => {
      const term = part === 'stored' && kind === 'open' ? 'receipt.readable' : (`receipt.${part}` as const);
      return `${formatNumber(counts[part])} ${t(term)}`;
    });
}
