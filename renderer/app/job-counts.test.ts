import { expect, test } from 'vitest';
import type { FileCounts, Job } from '../../core/contract/jobs.ts';
import { t } from '../../core/terms/terms.ts';
import { countWords, hasBroken } from './job-counts.ts';

const job = (kind: Job['kind'], counts?: FileCounts): Job => ({
  jobId: 'j',
  kind,
  title: 'CD',
  state: 'done',
  phase: 'finishing',
  done: 1312,
  total: 1312,
  bytes: 0,
  startedAtMs: 0,
  finishedAtMs: 1,
  remainingMs: null,
  receiptId: 'r',
  ...(counts && { counts }),
  place: null,
  problem: null,
});
const counts = { stored: 1300, duplicates: 0, notDicom: 7, broken: 5 };

test('says what became of the files, and that some are broken', () => {
  const inEnglish = (of: Job): string[] => countWords(of, (key, params) => t('en', key, params));
  const inChinese = (of: Job): string[] => countWords(of, (key, params) => t('zh-CN', key, params));
  expect(inEnglish(job('import', counts))).toEqual(['1,300 stored', '7 not DICOM', '5 broken']);
  expect(inChinese(job('open', counts))).toEqual(['1,300 可读', '7 非 DICOM', '5 损坏']);
  expect(hasBroken(job('import', counts))).toBe(true);
  expect(hasBroken(job('import', { ...counts, broken: 0 }))).toBe(false);
});

test('says nothing of a job of before, or one that still runs', () => {
  expect(countWords(job('import'), (key) => String(key))).toEqual([]);
  expect(hasBroken(job('import'))).toBe(false);
});
