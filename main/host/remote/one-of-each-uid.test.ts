import { expect, it } from 'vitest';
import type { ObjectToSend } from '../store/peer-reads.ts';
import { oneOfEachUid } from './one-of-each-uid.ts';

const object = (sopUid: string, arrival: number) => ({ sopUid, arrival }) as ObjectToSend;

it('takes of several objects of a UID the one that came first, wherever it stands, and names the UID', () => {
  const rows = [object('1', 5), object('2', 9), object('3', 1), object('2', 4), object('2', 7)];
  const { objects, shared } = oneOfEachUid(rows);
  expect(objects.map(({ sopUid, arrival }) => [sopUid, arrival])).toEqual([
    ['1', 5],
    ['2', 4],
    ['3', 1],
  ]);
  expect([...shared]).toEqual(['2']);
});
