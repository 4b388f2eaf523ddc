import { expect, test } from 'vitest';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { orderAround } from './study-actions.ts';

const rows = [0, 1, 2, 200, 201, 400].map((index) => ({
  index,
  item: { studyKey: `s${index}` } as unknown as StudyRow,
}));

test('what stands above and below a study, as far as the list is here', () => {
  expect(orderAround(rows, 's1')).toEqual(['s0', 's1', 's2']);
  expect(orderAround(rows, 's201')).toEqual(['s200', 's201']);
  expect(orderAround(rows, 's400')).toEqual(['s400']);
  expect(orderAround(rows, 'of another station')).toEqual([]);
});
