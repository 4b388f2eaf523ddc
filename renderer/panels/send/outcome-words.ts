import type { TransferOutcome } from '../../../core/contract/remote.ts';
import { statusRow } from '../../../core/dimse/status.ts';
import { formatNumber, inOne, type Language } from '../../../core/terms/term.ts';
import { problemText, t } from '../../../core/terms/terms.ts';

/**
 * A status as its standard prints it, with its words: `A700H Refused: out of resources`, `HTTP 503`. DIMSE statuses
 * of PS3.7 annex C begin at 0105H = 261 and leave out every number that HTTP uses.
 */
export function statusWords(language: Language, status: number): string {
  const row = statusRow('store', status);
  if (!row && status >= 100 && status < 600) return `HTTP ${status}`;
  const code = `${status.toString(16).toUpperCase().padStart(4, '0')}H`;
  return row ? `${code} ${language === 'zh-CN' ? row.zh : row.en}` : code;
}

/** Why an object has the outcome that it has, and what to do. */
export function outcomeNote(language: Language, { problem, transcodedTo }: TransferOutcome): string {
  const found = problem && problemText(language, problem);
  const notes = [found?.told, transcodedTo && t(language, 'outcomes.transcoded', { name: transcodedTo })];
  return inOne(language, notes);
}

/** Reasons that are listed; what is beyond stands in the rows. */
const mostReasons = 5;

/** Equal failures as one line each, the most frequent first: `312 × A700H Refused: out of resources …`. */
export function failureReasons(language: Language, failed: readonly TransferOutcome[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of failed) {
    const status = row.status === null ? '' : statusWords(language, row.status);
    const words = [status, outcomeNote(language, row)].filter(Boolean).join('  ');
    if (words !== '') counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostReasons)
    .map(([words, count]) => `${formatNumber(count)} × ${words}`);
}

/** A table for a spreadsheet or a mail: one line an object, columns apart by tabs. */
export function outcomeTable(language: Language, rows: readonly TransferOutcome[]): string {
  const head = (['state', 'object', 'status', 'attempts', 'why', 'code'] as const).map((name) =>
    t(language, `outcomes.${name}`),
  );
  const lines = rows.map((row) => [
    t(language, `outcomes.${row.state}`),
    row.sopInstanceUID,
    row.status === null ? '' : statusWords(language, row.status),
    String(row.attempts),
    outcomeNote(language, row),
    row.problem?.code ?? '',
  ]);
  return [head, ...lines].map((cells) => cells.join('\t')).join('\n');
}
