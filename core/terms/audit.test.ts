import { describe, expect, it } from 'vitest';
import { auditDetail, auditEvent, auditOutcome } from './audit-words.ts';

/** Rows as main/host writes them. */
const rows: readonly (readonly [event: string, detail: string, zh: string, en: string])[] = [
  ['app.start', 'electron', '桌面程序', 'as a desktop program'],
  ['study.import', '90 2.25.26', '90 个对象，1 个检查', '90 objects, 1 study'],
  ['study.import', '0 ', '0 个对象，0 个检查', '0 objects, 0 studies'],
  [
    'study.open',
    '1.2.3 s.1.2.4 90',
    '90 个对象，序列 1.2.4，检查 1.2.3',
    '90 objects, series 1.2.4, study 1.2.3',
  ],
  ['study.delete', 's.1.2.3', '检查 1.2.3', 'study 1.2.3'],
  ['study.print', 's.1.2.3', '检查 1.2.3', 'study 1.2.3'],
  ['study.print', 'list 12', '检查列表，12 个检查', 'list of 12 studies'],
  ['store.evict', 's.1.2.3', '检查 1.2.3', 'study 1.2.3'],
  ['instance.export', 'film 4f', '影片或图片', 'film or picture'],
  ['instance.export', 's.1.2.5', '对象 1.2.5', 'object 1.2.5'],
  ['settings.write', 'language network theme', '语言、接收、主题', 'Language, Receiver, Theme'],
  ['store.verify', '1', '已核对 1 个文件', '1 file checked'],
  ['store.verify', 'index', '索引损坏', 'the index is damaged'],
  ['store.backup', '/mnt/stick one', '/mnt/stick one', '/mnt/stick one'],
  ['store.restore', 'use /mnt/new place', '改用 /mnt/new place', 'now uses /mnt/new place'],
  ['store.rebuild', 'files 412', '根据文件，412 个对象', 'from the files, 412 objects'],
  ['store.rebuild', '412 0', '412 个对象，与原索引相差 0 行', '412 objects, 0 lines other than before'],
  ['trash.empty', '2', '2 个检查', '2 studies'],
  ['receiver.associate', 'CT 1', 'CT', 'CT'],
  ['receiver.associate', 'CT 3', 'CT，3 次', 'CT, 3 times'],
  [
    'receiver.associate',
    'CT stored 9 duplicates 1 refused 0',
    'CT：收到 9 个对象，重复 1，拒绝 0',
    'CT: 9 stored, 1 duplicate, 0 refused',
  ],
  [
    'receiver.associate',
    'commitment for CT: 9 kept, 1 not',
    'CT 请求存储承诺：已保存 9，未保存 1',
    'CT asked for storage commitment: 9 kept, 1 not',
  ],
  ['receiver.refuse', '10.0.0.7 2', '10.0.0.7，2 次', '10.0.0.7, 2 times'],
  ['remote.query', 'from CT', '来自 CT', 'from CT'],
  ['remote.query', 'Main archive', 'Main archive', 'Main archive'],
  ['remote.retrieve', 'Main archive 1.2.3 1.2.4', 'Main archive：2 个检查', 'Main archive: 2 studies'],
  ['remote.send', 'PACS 2 s.1.2.3', 'PACS 2：1 个检查', 'PACS 2: 1 study'],
  ['remote.send', 'C-MOVE ELSEWHERE', '未知的 C-MOVE 目标 ELSEWHERE', 'unknown C-MOVE destination ELSEWHERE'],
  [
    'remote.send',
    'C-GET by WS to WS: 9 of s.1.2.3',
    'WS 请求 C-GET，发往 WS：9 个对象，1 个检查',
    'WS asked by C-GET for WS: 9 objects of 1 study',
  ],
  [
    'remote.sent',
    'PACS 2 done 9 failed 1 left 2 before 3 committed 0 not 0 s.1.2.3',
    'PACS 2：完成 9 个对象，失败 1，未传 2，原已完成 3',
    'PACS 2: 9 objects done, 1 failed, 2 not tried, 3 done before',
  ],
  [
    'remote.retrieved',
    'Main archive done 1 failed 0 left 0 before 0 committed 0 not 0 1.2.3',
    'Main archive：完成 1 个对象',
    'Main archive: 1 object done',
  ],
  [
    'remote.sent',
    'C-MOVE by WS to WS2 done 0 failed 4 left 0 before 0 committed 0 not 0 s.1.2.3',
    'WS 请求的 C-MOVE，发往 WS2：完成 0 个对象，失败 4',
    'C-MOVE for WS to WS2: 0 objects done, 4 failed',
  ],
  ['web.read', 'frames s.1.2.3 40', '帧像素、检查 1.2.3，40 次', 'pixels of frames, study 1.2.3, 40 times'],
  ['web.read', 'query study 1', '查询检查', 'search for studies'],
  ['web.refuse', 'token 2', '令牌不对或已用过，2 次', 'wrong or used token, 2 times'],
  ['shell.refuse', 'origin 1', '来自其他网页', 'from another page'],
];

describe('the audit trail in words', () => {
  it.each(rows)('%s %s', (event, detail, zh, en) => {
    expect(auditDetail('zh-CN', { event, detail })).toBe(zh);
    expect(auditDetail('en', { event, detail })).toBe(en);
  });

  it('leaves what it does not know, and names of stations, as they are', () => {
    expect(auditDetail('en', { event: 'node.save', detail: 'Main archive' })).toBe('Main archive');
    expect(auditDetail('en', { event: 'study.open', detail: 'who knows' })).toBe('who knows');
    expect(auditDetail('en', { event: 'never.heard', detail: 'x 1' })).toBe('x 1');
    expect(auditEvent('en', 'never.heard')).toBe('never.heard');
  });

  it('says what came of it', () => {
    expect(auditOutcome('zh-CN', 'ok')).toBe('成功');
    expect(auditOutcome('en', 'refused')).toBe('Refused');
    expect(auditOutcome('en', 'DISK_FULL')).not.toContain('_');
    expect(auditEvent('en', 'receiver.passcode')).toBe('Passcode of the receiver');
  });
});
