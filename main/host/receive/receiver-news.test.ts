/** What the audit trail is told of senders, also while the disk is full. The store is made up. */
import { describe, expect, it } from 'vitest';
import { problem } from '../../../core/base/problem.ts';
import type { AuditEntry } from '../store/audit-chain.ts';
import type { Sender } from './arrivals.ts';
import { ReceiverNews } from './receiver-news.ts';

function setUp() {
  const written: AuditEntry[] = [];
  const disk = { isFull: true };
  const write = {
    call: async (_name: 'audit', { entries }: { entries: readonly AuditEntry[] }) => {
      if (disk.isFull) throw new Error('SQLITE_FULL: database or disk is full');
      written.push(...entries);
    },
  };
  const uses = { now: () => 0, events: { emit: () => undefined }, store: { write } };
  return { news: new ReceiverNews(uses as never), written, disk };
}

const sender = (sourceLabel: string, stored: number): Sender =>
  ({ sourceLabel, tally: { stored, duplicates: 0, broken: 0, files: stored } }) as never;
const refusal = {
  aeTitle: 'CT1',
  calledAeTitle: 'WRONG',
  address: '10.0.0.9',
  problem: problem('CANCELLED'),
};

describe('records of the receiver for the audit trail', () => {
  it('wait for room on a full disk, each once, in order', async () => {
    const { news, written, disk } = setUp();
    news.senderEnded(sender('CT1', 3), null);
    for (let n = 0; n < 4; n += 1) news.refused(refusal as never);
    await expect(news.close()).rejects.toThrow('SQLITE_FULL');
    news.senderEnded(sender('MR1', 7), null);
    await expect(news.close()).rejects.toThrow('SQLITE_FULL');
    expect(written).toEqual([]);
    disk.isFull = false;
    await news.close();
    await news.close();
    expect(written.map(({ event, detail }) => `${event} ${detail}`)).toEqual([
      'receiver.associate CT1 stored 3 duplicates 0 refused 0',
      'receiver.refuse 10.0.0.9 4',
      'receiver.associate MR1 stored 7 duplicates 0 refused 0',
    ]);
  });
  it('are no more than a thousand while they wait', async () => {
    const { news, written, disk } = setUp();
    for (let n = 0; n < 1200; n += 1) news.senderEnded(sender(`CT${n}`, 1), null);
    await expect(news.close()).rejects.toThrow('SQLITE_FULL');
    disk.isFull = false;
    await news.close();
    expect(written).toHaveLength(1000);
    expect(written.at(-1)?.detail).toContain('CT1199');
  });
});
