import { expect, it } from 'vitest';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { isBalanced } from './balance.ts';
import { csvCell, receiptCsv } from './receipt-export.ts';

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
