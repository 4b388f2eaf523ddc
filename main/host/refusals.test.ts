import { expect, it } from 'vitest';
import { Refusals } from './refusals.ts';
import type { AuditEntry } from './store/audit-chain.ts';

it('gathers refusals of one kind into one record', async () => {
  const written: AuditEntry[] = [];
  const refusals = new Refusals(async (entry) => {
    written.push(entry);
  });
  for (let n = 0; n < 1000; n += 1) refusals.note('origin');
  refusals.note('session');
  await refusals.flush();
  await refusals.flush();
  expect(written.map(({ event, detail }) => `${event} ${detail}`)).toEqual([
    'shell.refuse origin 1000',
    'shell.refuse session 1',
  ]);
});
