import { describe, expect, it } from 'vitest';
import { problemText } from '../terms/terms.ts';
import { statusCategory, statusProblem, statusRow, statusText } from './status.ts';
import { statuses } from './status-codes.ts';
import { generalStatuses, type StatusService, serviceStatuses } from './status-table.ts';

/** From PS3.4 tables B.2-1, C.4-1, C.4-2, C.4-3, K.4-1 and PS3.7 annex C. */
const standard: readonly (readonly [StatusService, number, string])[] = [
  ['echo', 0x0000, 'success'],
  ['echo', 0x0122, 'failure'],
  ['store', 0xa700, 'failure'],
  ['store', 0xa7ff, 'failure'],
  ['store', 0xa900, 'failure'],
  ['store', 0xc123, 'failure'],
  ['store', 0xb000, 'warning'],
  ['store', 0xb006, 'warning'],
  ['store', 0xb007, 'warning'],
  ['store', 0xb123, 'warning'],
  ['store', 0xafff, 'failure'],
  ['echo', 0xbfff, 'warning'],
  ['echo', 0xb000, 'warning'],
  ['store', 0x0117, 'failure'],
  ['find', 0xff00, 'pending'],
  ['find', 0xff01, 'pending'],
  ['find', 0xfe00, 'cancel'],
  ['find', 0xa700, 'failure'],
  ['find', 0xc001, 'failure'],
  ['move', 0xa801, 'failure'],
  ['move', 0xa702, 'failure'],
  ['move', 0xb000, 'warning'],
  ['get', 0xa701, 'failure'],
  ['get', 0xfe00, 'cancel'],
  ['get', 0xff01, 'pending'],
  ['worklist', 0xff01, 'pending'],
  ['commitment', 0x0131, 'failure'],
  ['procedureStep', 0x0107, 'warning'],
  ['procedureStep', 0x0001, 'warning'],
  ['procedureStep', 0x0116, 'warning'],
  ['procedureStep', 0x0110, 'failure'],
  ['procedureStep', 0x4242, 'failure'],
];

describe('statusCategory', () => {
  it.each(standard)('%s %i is %s', (service, status, category) => {
    expect(statusCategory(service, status)).toBe(category);
  });
});

describe('statusRow', () => {
  it('prefers the words of the service', () => {
    expect(statusRow('store', 0xb000)?.en).toBe('Coercion of data elements');
    expect(statusRow('get', 0xb000)?.en).toContain('Sub-operations complete');
    expect(statusRow('echo', 0xb000)).toBeUndefined();
  });

  it('knows every status that Candela answers', () => {
    const services = Object.keys(serviceStatuses) as StatusService[];
    for (const status of Object.values(statuses)) {
      expect(services.some((service) => statusRow(service, status) !== undefined)).toBe(true);
    }
  });

  it('has no two rows for one status of a service, and words in both languages', () => {
    for (const rows of [generalStatuses, ...Object.values(serviceStatuses)]) {
      const sorted = [...rows].sort((a, b) => a.from - b.from);
      sorted.forEach((row, i) => {
        expect(row.from).toBeLessThanOrEqual(row.to);
        expect(row.from).toBeGreaterThan(sorted[i - 1]?.to ?? -1);
        expect(row.en).not.toBe('');
        expect(row.zh).toMatch(/\p{Script=Han}/u);
      });
    }
  });
});

describe('statusProblem', () => {
  it('is null when nothing went wrong', () => {
    expect(statusProblem('store', 0)).toBeNull();
    expect(statusProblem('find', 0xff00)).toBeNull();
  });

  it.each<readonly [StatusService, number, string]>([
    ['store', 0xa700, 'PEER_OUT_OF_RESOURCES'],
    ['procedureStep', 0x0213, 'PEER_OUT_OF_RESOURCES'],
    ['store', 0xa901, 'PEER_DATASET_MISMATCH'],
    ['commitment', 0x0119, 'PEER_DATASET_MISMATCH'],
    ['store', 0xc000, 'PEER_CANNOT_UNDERSTAND'],
    ['store', 0xcfff, 'PEER_CANNOT_UNDERSTAND'],
    ['get', 0xc000, 'PEER_CANNOT_PROCESS'],
    ['move', 0xc001, 'PEER_CANNOT_PROCESS'],
    ['worklist', 0xc000, 'PEER_CANNOT_PROCESS'],
    ['find', 0xa900, 'PEER_QUERY_MISMATCH'],
    ['get', 0xa900, 'PEER_QUERY_MISMATCH'],
    ['store', 0xa9ff, 'PEER_DATASET_MISMATCH'],
    ['store', 0xa7ff, 'PEER_OUT_OF_RESOURCES'],
    ['store', 0xa6ff, 'PEER_STATUS_FAILED'],
    ['store', 0xa800, 'PEER_STATUS_FAILED'],
    ['echo', 0x0122, 'PEER_CLASS_UNSUPPORTED'],
    ['echo', 0x0118, 'PEER_CLASS_UNSUPPORTED'],
    ['echo', 0x0211, 'PEER_CLASS_UNSUPPORTED'],
    ['get', 0x0124, 'PEER_NOT_AUTHORIZED'],
    ['commitment', 0x0112, 'PEER_NO_SUCH_INSTANCE'],
    ['find', 0x0110, 'PEER_STATUS_FAILED'],
    ['store', 0xa801, 'PEER_STATUS_FAILED'],
    ['store', 0xb000, 'PEER_STATUS_WARNING'],
    ['get', 0xfe00, 'PEER_CANCELLED'],
  ])('%s %i is %s', (service, status, code) => {
    const problem = statusProblem(service, status);
    expect(problem?.code).toBe(code);
    const { sentence } = problemText('en', problem!);
    expect(sentence).not.toContain('…');
    if (code !== 'PEER_CANCELLED') expect(sentence).toContain(statusText(status));
  });

  it('says where a move could not go, and how much failed', () => {
    expect(statusProblem('move', 0xa801, { aeTitle: 'HERE' })).toEqual({
      code: 'PEER_MOVE_DESTINATION',
      params: { aeTitle: 'HERE' },
    });
    expect(statusProblem('move', 0xa801)?.params).toEqual({ aeTitle: '' });
    expect(statusProblem('get', 0xb000, { failed: 3 })).toEqual({
      code: 'PEER_SUBOPERATIONS_FAILED',
      params: { failed: 3 },
    });
    expect(statusProblem('move', 0xb000)?.params).toEqual({ failed: 0 });
  });
});
