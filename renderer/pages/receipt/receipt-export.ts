import type { Problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import type { Language } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';

/**
 * A cell of a CSV file (RFC 4180). A leading sign that a spreadsheet would take for a formula gets an
 * apostrophe: names of files come from strangers.
 */
export function csvCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (...cells: (string | number)[]) => cells.map(csvCell).join(',');

function problemLine(language: Language, problem: Problem): string {
  const words = problemText(language, problem);
  return line(problem.path ?? '', problem.code, words.sentence, words.advice);
}

/** The receipt as CSV with a byte-order mark, so that spreadsheets read the Chinese. */
export function receiptCsv(receipt: Receipt, language: Language): string {
  const sums = ['files', 'stored', 'duplicates', 'notDicom', 'broken', 'bytes', 'elapsedMs'] as const;
  return `\uFEFF${[
    line('receiptId', receipt.receiptId),
    line('source', receipt.source),
    line('startedAt', new Date(receipt.startedAtMs).toISOString()),
    line('finishedAt', new Date(receipt.finishedAtMs).toISOString()),
    ...sums.map((name) => line(name, receipt[name])),
    ...Object.entries(receipt.flags).map(([code, n]) => line(`flag ${code}`, n)),
    '',
    line('path', 'code', 'message', 'advice'),
    ...receipt.problems.map((problem) => problemLine(language, problem)),
  ].join('\r\n')}\r\n`;
}
