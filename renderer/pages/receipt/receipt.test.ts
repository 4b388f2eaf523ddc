import { expect, it } from 'vitest';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { isBalanced } from './balance.ts';
import { csvCell, receiptCsv } from './receipt-export.ts';
import { byReason, commonFolder, sortProblems } from './receipt-problems.ts';

const receipt: Receipt = {
  receiptId: 'R-1',
  jobId: 'j',
  startedAtMs: 0,
  finishedAtMs: 1000,
  source: 'CD "王"',
  files: 4,
  stored: 1,
  duplicates: 1,
  notDicom: 1,
  broken: 1,
  bytes: 10,
  elapsedMs: 1000,
  studies: [],
  cancelled: false,
  stoppedBy: null,
  problems: [{ code: 'NOT_DICOM', path: '=cmd|x,y' }],
  flags: { NO_PREAMBLE: 2 },
};

it('balances', () => {
  expect(isBalanced(receipt)).toBe(true);
  expect(isBalanced({ ...receipt, files: 5 })).toBe(false);
});

it('quotes cells and disarms formulas', () => {
  expect(csvCell('a,"b"')).toBe('"a,""b"""');
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell(-3)).toBe('-3');
});

it('writes a file that spreadsheets read', () => {
  const csv = receiptCsv(receipt, 'en');
  expect(csv.startsWith('\uFEFFreceiptId,R-1\r\n')).toBe(true);
  expect(csv).toContain('source,"CD ""王"""');
  expect(csv).toContain(`"'=cmd|x,y",NOT_DICOM`);
  expect(csv).toContain('flag NO_PREAMBLE,2');
});

it('tells broken files from those stored with a flag, missing, or no DICOM', () => {
  const problems = [
    { code: 'UID_MISSING', path: '/d/a' },
    { code: 'UID_CONFLICT', path: '/d/b' },
    { code: 'FILE_MISSING', path: '/d/c' },
    { code: 'NOT_DICOM', path: '/d/e' },
    { code: 'FILE_MISSING', path: `objects/ab/${'ab'.repeat(32)}.dcm` },
    { code: 'INDEX_DIFFERED', path: 'index.db' },
  ] as const;
  const sorted = sortProblems({ problems: [...problems], flags: { UID_CONFLICT: 1 } });
  const parts: readonly [string, readonly { readonly code: string }[]][] = Object.entries(sorted);
  const codes = parts.map(([part, found]) => [part, ...found.map(({ code }) => code)]);
  expect(codes).toEqual([
    ['broken', 'UID_MISSING', 'FILE_MISSING'],
    ['noted', 'INDEX_DIFFERED'],
    ['missing', 'FILE_MISSING'],
    ['flagged', 'UID_CONFLICT'],
    ['notDicom', 'NOT_DICOM'],
  ]);
});

it('puts the files of one reason together', () => {
  const problems = [
    { code: 'NOT_DICOM', path: 'a' },
    { code: 'UID_MISSING', path: 'b' },
    { code: 'NOT_DICOM', path: 'c' },
  ] as const;
  expect(byReason(problems).map(({ problem, paths }) => [problem.code, ...paths])).toEqual([
    ['NOT_DICOM', 'a', 'c'],
    ['UID_MISSING', 'b'],
  ]);
});

it('finds the folder that paths share', () => {
  expect(commonFolder(['/cd/im/a', '/cd/im/b', '/cd/index'])).toBe('/cd/');
  expect(commonFolder(['D:\\im\\a1', 'D:\\im\\a2'])).toBe('D:\\im\\');
  expect(commonFolder(['/a', 'b'])).toBe('');
  expect(commonFolder(['/only/one'])).toBe('');
  expect(commonFolder(['/cd/a', ''])).toBe('');
});
