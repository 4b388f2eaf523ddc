import { describe, expect, it } from 'vitest';
import type { RetrieveItem, TransferOutcome } from '../../../core/contract/remote.ts';
import type { RemoteInstance } from './archive.ts';
import { mayPassLater } from './back-off.ts';
import { applyReport } from './commitment-outcomes.ts';
import { parseNodeId } from './inline-node.ts';
import { spellingsOf } from './name-spellings.ts';
import { planRetrieval } from './plan-retrieval.ts';
import { newUid } from './send-job.ts';

const instances = (series: string, count: number): RemoteInstance[] =>
  Array.from({ length: count }, (_, n) => ({
    studyInstanceUID: '1.2',
    seriesInstanceUID: series,
    sopInstanceUID: `${series}.${n + 1}`,
    sopClassUID: '',
  }));

describe('planRetrieval', () => {
  const study: RetrieveItem = { studyInstanceUID: '1.2' };
  const a = instances('1.2.1', 3);
  const b = instances('1.2.2', 2);
  const c = instances('1.2.3', 2);

  it('asks for the whole when nothing of it is here, or nothing is known of it', () => {
    expect(planRetrieval(study, [...a, ...b], [...a, ...b])).toEqual([[study]]);
    expect(planRetrieval(study, [], [])).toEqual([[study]]);
  });

  it('asks for whole series, and for single objects of the others', () => {
    const plan = planRetrieval(study, [...a, ...b, ...c], [...a.slice(1), ...b]);
    expect(plan).toEqual([
      [{ studyInstanceUID: '1.2', seriesInstanceUID: '1.2.2' }],
      [
        { studyInstanceUID: '1.2', seriesInstanceUID: '1.2.1', sopInstanceUID: '1.2.1.2' },
        { studyInstanceUID: '1.2', seriesInstanceUID: '1.2.1', sopInstanceUID: '1.2.1.3' },
      ],
    ]);
  });
});

describe('applyReport', () => {
  const outcome = (sopInstanceUID: string): TransferOutcome => ({
    sopInstanceUID,
    sopClassUID: '1.1',
    state: 'done',
    status: 0,
    transcodedTo: '',
    attempts: 1,
    problem: null,
  });

  it('tells what is kept, what is not and why, and leaves the rest', () => {
    const changed = applyReport([outcome('1'), outcome('2'), outcome('3')], {
      transactionUid: '9',
      committed: [{ sopClassUid: '1.1', sopInstanceUid: '1' }],
      failed: [{ sopClassUid: '1.1', sopInstanceUid: '2', reason: 0x0112 }],
    });
    expect(changed.map(({ sopInstanceUID, state }) => [sopInstanceUID, state])).toEqual([
      ['1', 'committed'],
      ['2', 'notCommitted'],
    ]);
    expect(changed[1]?.problem).toMatchObject({ code: 'COMMITMENT_FAILED', params: { reason: '0x0112' } });
  });

  it('believes a failure more than a promise', () => {
    const both = { sopClassUid: '1.1', sopInstanceUid: '1' };
    const report = { transactionUid: '9', committed: [both], failed: [{ ...both, reason: 0x0110 }] };
    expect(applyReport([outcome('1')], report)).toMatchObject([{ state: 'notCommitted' }]);
  });
});

describe('parseNodeId', () => {
  it('takes a title, a host and a port, and what is wanted of them', () => {
    expect(parseNodeId('MY PACS@pacs.example:104;tls;move').inline).toMatchObject({
      aeTitle: 'MY PACS',
      host: 'pacs.example',
      port: 104,
      tls: true,
      retrieveBy: 'move',
    });
    expect(parseNodeId('A@[::1]:11112').inline).toMatchObject({ host: '::1', port: 11112 });
  });

  it('leaves everything else to be the id of a node', () => {
    for (const id of [
      'A@host',
      'A@host:99999',
      '@host:104',
      'A@ho st:104',
      'plain',
      `${'A'.repeat(17)}@h:104`,
    ]) {
      expect(parseNodeId(id), id).toMatchObject({ base: id, inline: null });
    }
    expect(parseNodeId('abc;get')).toEqual({ base: 'abc', inline: null, change: { retrieveBy: 'get' } });
  });
});

describe('spellingsOf', () => {
  it('gives the pinyin of Chinese names only', () => {
    expect(spellingsOf('王小东')).toEqual(['wang xiaodong', 'wang xiao dong']);
    expect(spellingsOf('王^伟')).toEqual(['wang wei']);
    expect(spellingsOf('Smith')).toEqual([]);
  });
});

it('another try does not help where somebody has to do something', () => {
  expect(mayPassLater({ code: 'CONNECTION_REFUSED' })).toBe(true);
  expect(mayPassLater({ code: 'PEER_ABORTED' })).toBe(true);
  expect(mayPassLater({ code: 'REJECTED_CALLED_AE' })).toBe(false);
  expect(mayPassLater({ code: 'TLS_CERTIFICATE' })).toBe(false);
  expect(mayPassLater({ code: 'WEB_BUSY' })).toBe(true);
  expect(mayPassLater({ code: 'WEB_LOGIN_FAILED' })).toBe(false);
  expect(mayPassLater({ code: 'WEB_NOT_FOUND' })).toBe(false);
  const token = (reason: string) => mayPassLater({ code: 'WEB_TOKEN_FAILED', params: { reason } });
  expect([token('HTTP 503'), token('HTTP 429')]).toEqual([true, true]);
  expect([token('invalid_client'), token('HTTP 401'), token('URL')]).toEqual([false, false, false]);
});

it('UIDs from UUIDs are UIDs, and differ', () => {
  const uids = Array.from({ length: 200 }, newUid);
  expect(uids.every((uid) => /^2\.25\.[1-9]\d{0,38}$/.test(uid))).toBe(true);
  expect(new Set(uids).size).toBe(200);
});
