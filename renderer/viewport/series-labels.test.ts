import { describe, expect, it } from 'vitest';
import { choiceNames, seriesLabels } from './series-labels.ts';

const row = (seriesKey: string, number: number | null, description: string) => ({
  seriesKey,
  number,
  description,
});
const noTimes = () => '';

describe('series of one study', () => {
  it('go by their number alone where it is their own', () => {
    const series = [row('a', 1, 'Axial'), row('b', 2, 'Axial'), row('c', null, ''), row('d', null, '')];
    expect(seriesLabels(series, noTimes).size).toBe(0);
  });

  it('of equal numbers are told apart by description, cut short, then time, then order', () => {
    const long = 'Thorax 1.0 mm lung kernel ';
    const series = [
      row('a', 3, 'T1 FLAIR'),
      row('b', 3, 'T2'),
      row('c', 3, ''),
      row('d', 4, 'DWI'),
      row('e', 4, 'DWI'),
      row('f', 5, 'Scout'),
      row('g', 5, 'Scout'),
      row('h', 6, `${long}A`),
      row('i', 6, `${long}B`),
      row('j', 7, 'alone'),
    ];
    const times: Readonly<Record<string, string>> = {
      a: '08:00:00',
      d: '10:01:00',
      e: '10:09:30',
      f: '10:02:00',
      g: '10:02:00',
    };
    const labels = seriesLabels(series, (key) => times[key] ?? '');
    expect(Object.fromEntries(labels)).toEqual({
      a: 'Se 3 T1 FLAIR',
      b: 'Se 3 T2',
      c: 'Se 3',
      d: 'Se 4 DWI 10:01:00',
      e: 'Se 4 DWI 10:09:30',
      f: 'Se 5 Scout (1)',
      g: 'Se 5 Scout (2)',
      h: 'Se 6 Thorax 1.0 mm lung kern… (1)',
      i: 'Se 6 Thorax 1.0 mm lung kern… (2)',
    });
    expect(new Set(labels.values()).size).toBe(labels.size);
  });

  it('tell series of the same words apart in a list to choose from, and shorten nothing else', () => {
    const rows = [
      { ...row('a', 2, 'CT phantom'), modality: 'CT' },
      { ...row('b', 2, 'CT phantom'), modality: 'CT' },
      { ...row('c', 2, 'CT phantom'), modality: 'PT' },
      { ...row('d', 2, 'Thorax 1.0 mm lung kernel A'), modality: 'CT' },
      { ...row('e', null, ''), modality: 'CT' },
    ];
    const labels = seriesLabels(rows, () => '');
    expect(choiceNames(rows, labels)).toEqual([
      'Se 2 CT phantom (1) · CT',
      'Se 2 CT phantom (2) · CT',
      '2 · PT · CT phantom',
      '2 · CT · Thorax 1.0 mm lung kernel A',
      'CT',
    ]);
  });
});
