import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { auditWriter } from './audit-writer.ts';

it('holds entries while the disk is full, and writes them in order with their times afterwards', async () => {
  const written: string[] = [];
  let isFull = true;
  const call = async (_name: string, input: { atMs: number; entries: readonly { detail: string }[] }) => {
    if (isFull) throw new Error('SqliteError: database or disk is full');
    written.push(`${input.atMs} ${input.entries[0]?.detail}`);
  };
  let nowMs = 0;
  const audit = auditWriter({ write: { call } } as unknown as Pick<Store, 'write'>, () => ++nowMs);
  await audit({ event: 'study.open', outcome: 'ok', detail: 'a' });
  await audit({ event: 'study.open', outcome: 'ok', detail: 'b' });
  expect(written).toEqual([]);
  isFull = false;
  await audit({ event: 'study.open', outcome: 'ok', detail: 'c' });
  expect(written).toEqual(['1 a', '2 b', '3 c']);
});

it('hides no other fault', async () => {
  const call = async () => {
    throw new Error('no such table');
  };
  const audit = auditWriter({ write: { call } } as unknown as Pick<Store, 'write'>, () => 0);
  await expect(audit({ event: 'study.open', outcome: 'ok', detail: '' })).rejects.toThrow('no such table');
});
