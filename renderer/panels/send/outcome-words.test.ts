import { expect, it } from 'vitest';
import { problem } from '../../../core/base/problem.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import { failureReasons, outcomeNote, outcomeTable, statusWords } from './outcome-words.ts';

it.each([
  [0x0000, '0000H Success', '0000H 成功'],
  [0x0110, '0110H Processing failure', '0110H 处理失败'],
  // 290, which is no HTTP status.
  [0x0122, '0122H Refused: SOP class not supported', '0122H 拒绝：不支持该 SOP 类'],
  [0x0124, '0124H Refused: not authorized', '0124H 拒绝：未授权'],
  [0xa700, 'A700H Refused: out of resources', 'A700H 拒绝：资源不足'],
  [0xa900, 'A900H Data set does not match SOP class', 'A900H 数据集与 SOP 类不符'],
  [0xc000, 'C000H Cannot understand', 'C000H 无法理解'],
  [0xb000, 'B000H Coercion of data elements', 'B000H 部分数据元素被改写'],
  [0xd123, 'D123H', 'D123H'],
  [200, 'HTTP 200', 'HTTP 200'],
  [409, 'HTTP 409', 'HTTP 409'],
  [503, 'HTTP 503', 'HTTP 503'],
])('status %i in words', (status, en, zh) => {
  expect(statusWords('en', status)).toBe(en);
  expect(statusWords('zh-CN', status)).toBe(zh);
});

const row: TransferOutcome = {
  sopInstanceUID: '1.2.3',
  sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
  state: 'failed',
  status: 0xa700,
  transcodedTo: '',
  attempts: 3,
  problem: problem('PEER_OUT_OF_RESOURCES', { status: '0xA700' }),
};

it('copies a table with the words of the language and the code', () => {
  const lines = outcomeTable('en', [row, { ...row, state: 'done', status: null, problem: null }]).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]!.split('\t')).toEqual([
    'Failed',
    '1.2.3',
    'A700H Refused: out of resources',
    '3',
    outcomeNote('en', row),
    'PEER_OUT_OF_RESOURCES',
  ]);
  expect(outcomeNote('zh-CN', row)).toContain('磁盘已满');
  expect(lines[2]!.split('\t')).toEqual(['Done', '1.2.3', '', '3', '', '']);
});

it('counts equal failures, the most frequent first', () => {
  const refused = Array.from({ length: 1200 }, (_, n) => ({ ...row, sopInstanceUID: `1.${n}` }));
  const other: TransferOutcome = { ...row, status: 0x0124, problem: problem('PEER_NOT_AUTHORIZED') };
  const [first = '', second = '', ...more] = failureReasons('en', [other, ...refused]);
  expect(first).toMatch(/^1,200 × A700H Refused: out of resources {2}\S/);
  expect(second).toMatch(/^1 × 0124H Refused: not authorized {2}\S/);
  expect(more).toEqual([]);
});
