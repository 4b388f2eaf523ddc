import { expect, it } from 'vitest';
import type { OpenStudy } from './app-store.ts';
import { stripeCount, stripeFor } from './stripes.ts';

const open = (patient: string, stripe: number): OpenStudy => ({
  studyKey: `s.${patient}`,
  name: '',
  words: '',
  patient,
  stripe,
  isKept: false,
});

it('gives each patient the lowest free stripe and one patient one stripe', () => {
  expect(stripeFor('a', [])).toBe(1);
  expect(stripeFor('b', [open('a', 1)])).toBe(2);
  expect(stripeFor('a', [open('c', 2), open('a', 1)])).toBe(1);
  expect(stripeFor('d', [open('a', 1), open('c', 3)])).toBe(2);
});

it('repeats the least used when all are taken', () => {
  const all = Array.from({ length: stripeCount }, (_, i) => open(`p${i}`, i + 1));
  expect(stripeFor('new', [...all, open('p0', 1)])).toBe(2);
});
