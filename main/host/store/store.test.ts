import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SortColumn } from '../../../core/contract/studies.ts';
import type { Attributes, Scan } from '../../../core/dicom/types.ts';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter, type NewInstance } from './add-instances.ts';
import { appendAudit, checkAudit } from './audit-chain.ts';
import { StudyList } from './list-studies.ts';
import { takeLock } from './lock.ts';
import { applicationId, migrate, migrations } from './migrate.ts';
import { openReadable, openWritable, sqliteIsSafe, type WritableDatabase } from './open-database.ts';
import { showStudy } from './show-study.ts';
import { studyRowsOf } from './study-row.ts';
import { deleteStudies, restoreStudies } from './study-writes.ts';

let folder: string;
let db: WritableDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-store-'));
  const opened = openWritable(join(folder, 'index.db'));
  if (!opened.ok) throw new Error(opened.problem.code);
  db = opened.value;
  expect(migrate(db, { backupDir: folder, freeBytes: 1e12 })).toEqual({
    ok: true,
    value: { from: 0, to: migrations.at(-1)?.version },
  });
});
afterEach(() => {
  if (db.open) db.close();
  rmSync(folder, { recursive: true, force: true });
});

const instance = (attributes: Attributes, dataset = 'd', extra: Partial<Scan> = {}): NewInstance => ({
  scan: packScan({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes: {
      SOPInstanceUID: '1.2.3',
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: '1.2.1',
      PatientID: 'P1',
      PatientName: { alphabetic: 'Doe^Jane' },
      Modality: 'CT',
      ...attributes,
    },
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [],
    ...extra,
  }).bytes,
  fileSha256: `file-${dataset}`,
  datasetSha256: dataset,
  sizeBytes: 1000,
  path: null,
  modifiedAtMs: null,
});

const add = (...items: NewInstance[]) =>
  new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'folder',
    sourceLabel: 'disc',
    receiptId: 'r1',
    demo: false,
    nowMs: 1000,
    items,
  });

const list = (query = '', column: SortColumn = 'name') => {
  const { total, rows } = new StudyList(db).list({
    filter: query ? { query } : {},
    sort: [{ column, descending: false }],
    offset: 0,
    limit: 100,
    todayMs: 0,
  });
  return { total, rows: studyRowsOf(rows) };
};

describe('the connection', () => {
  it('is durable, checks keys and trusts no schema', () => {
    const pragma = (name: string) => db.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('trusted_schema')).toBe(0);
    expect(pragma('secure_delete')).toBe(1);
    expect(pragma('mmap_size')).toBe(0);
  });

  it('refuses SQLite with the WAL-reset bug', () => {
    expect(['3.51.2', '3.7.0', '3.50.9'].map(sqliteIsSafe)).toEqual([false, false, false]);
    expect(['3.51.3', '3.54.1', '4.0.0'].map(sqliteIsSafe)).toEqual([true, true, true]);
  });

  it('of a reader cannot write', () => {
    const reader = openReadable(join(folder, 'index.db'));
    expect(() => reader.prepare("INSERT INTO settings VALUES ('a', 'b')").run()).toThrow(
      /readonly|query_only/,
    );
    reader.close();
  });
});

describe('migrations', () => {
  it('are numbered without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  const newest = migrations.at(-1)?.version ?? 0;
  const next = { version: newest + 1, name: 'test', sql: 'CREATE TABLE extra (id INTEGER) STRICT' };

  it('keep a snapshot of the database before they change it', () => {
    add(instance({}));
    const done = migrate(db, { backupDir: folder, freeBytes: 1e12, steps: [...migrations, next] });
    expect(done).toEqual({ ok: true, value: { from: newest, to: newest + 1 } });
    const before = openReadable(join(folder, `before-migration-${newest}.db`));
    expect(before.pragma('user_version', { simple: true })).toBe(newest);
    expect(before.prepare('SELECT count(*) FROM instances').pluck().get()).toBe(1);
    before.close();
  });

  it('leave everything as it was when a step fails', () => {
    const bad = {
      version: newest + 1,
      name: 'bad',
      sql: 'CREATE TABLE extra (id INTEGER) STRICT; SELECT nothing',
    };
    const done = migrate(db, { backupDir: folder, freeBytes: 1e12, steps: [...migrations, bad] });
    expect(done).toMatchObject({ ok: false, problem: { code: 'MIGRATION_FAILED' } });
    expect(db.pragma('user_version', { simple: true })).toBe(newest);
    expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").pluck().get()).toBe(0);
  });

  it('need room for two copies', () => {
    const done = migrate(db, { backupDir: folder, freeBytes: 1000, steps: [...migrations, next] });
    expect(done).toMatchObject({ ok: false, problem: { code: 'DISK_FULL' } });
  });

  it('do not touch a newer store, nor a database that is not ours', () => {
    db.pragma('user_version = 99');
    expect(migrate(db, { backupDir: null, freeBytes: 1e12 })).toMatchObject({
      ok: false,
      problem: { code: 'STORE_TOO_NEW' },
    });
    db.pragma(`application_id = ${applicationId + 1}`);
    expect(migrate(db, { backupDir: null, freeBytes: 1e12 })).toMatchObject({
      ok: false,
      problem: { code: 'MIGRATION_FAILED' },
    });
  });
});

describe('the lock', () => {
  it('is given once, and again after release', () => {
    const path = join(folder, 'lock.db');
    const first = takeLock(path);
    if (!first.ok) throw new Error(first.problem.code);
    expect(takeLock(path)).toMatchObject({ ok: false, problem: { code: 'STORE_IN_USE' } });
    first.value.release();
    const second = takeLock(path);
    expect(second.ok).toBe(true);
    if (second.ok) second.value.release();
  });
});

describe('adding instances', () => {
  it('knows a duplicate by UID and data set', () => {
    expect(add(instance({}, 'a'), instance({}, 'a')).map(({ outcome }) => outcome)).toEqual([
      'stored',
      'duplicate',
    ]);
    expect(add(instance({}, 'a'))[0]?.outcome).toBe('duplicate');
    expect(list().rows[0]).toMatchObject({ instances: 1, series: 1, bytes: 1000 });
  });

  it('keeps the same UID with other content out of sight until it is decided', () => {
    const [first, second] = add(instance({}, 'a'), instance({}, 'b'));
    expect(second).toMatchObject({ outcome: 'stored', flags: [], isUndecided: true });
    expect(first?.instanceKey).not.toBe(second?.instanceKey);
    expect(list().rows[0]).toMatchObject({ flags: [], instances: 1, bytes: 2000 });
  });

  it('flags it at once in a place, where nothing is decided', () => {
    const batch = { sourceKind: 'folder', sourceLabel: '', receiptId: null, demo: false, nowMs: 1 } as const;
    const items = [instance({}, 'a'), instance({}, 'b')].map((item, at) => ({
      ...item,
      fileSha256: null,
      path: `/${at}`,
    }));
    const added = new InstanceWriter(db, null).add({ ...batch, scope: 'p1', items });
    expect(added[1]).toMatchObject({ outcome: 'stored', flags: [{ code: 'UID_CONFLICT' }] });
    expect(list().rows[0]?.flags.map(({ code }) => code)).toEqual(['UID_CONFLICT']);
  });

  it('keeps two patients apart who share a study UID', () => {
    add(instance({}, 'a'), instance({ SOPInstanceUID: '1.2.4', PatientID: 'P2' }, 'b'));
    const { rows } = list();
    expect(rows.map(({ patientId }) => patientId).sort()).toEqual(['P1', 'P2']);
    expect(new Set(rows.map(({ studyKey }) => studyKey)).size).toBe(2);
  });

  it('does not split a study over an object that only lacks the name or birth date', () => {
    add(
      instance({ PatientBirthDate: '19600101' }, 'a'),
      instance({ SOPInstanceUID: '1.2.4', PatientName: { alphabetic: '' } }, 'b'),
    );
    expect(list().total).toBe(1);
  });

  it('gives priors by patient, never by an empty ID', () => {
    const study = (uid: string, id: string, date: string) =>
      instance({ StudyInstanceUID: uid, SOPInstanceUID: `${uid}.1`, PatientID: id, StudyDate: date }, uid);
    add(
      study('1.1', 'P1', '20200101'),
      study('1.2', 'P1', '20220101'),
      study('1.3', '', ''),
      study('1.4', '', ''),
    );
    expect(showStudy(db, 's.1.1')?.priors.map(({ studyKey }) => studyKey)).toEqual(['s.1.2']);
    expect(showStudy(db, 's.1.3')?.priors).toEqual([]);
  });

  it('makes no key of a UID that is none', () => {
    const [added] = add(instance({ SOPInstanceUID: '../../etc/passwd', StudyInstanceUID: 'x/../y' }));
    expect(added?.instanceKey).toMatch(/^s\.x[0-9a-f]{32}$/);
    expect(added?.studyKey).toMatch(/^s\.x[0-9a-f]{32}$/);
  });

  it('keeps a large scan beside the database', () => {
    const perFrame = Array.from({ length: 20_000 }, (_, n) => ({ ImagePositionPatient: [0.1, 0.2, n] }));
    const [added] = add(instance({}, 'a', { perFrame }));
    expect(db.prepare('SELECT scan FROM scans').pluck().get()).toBeNull();
    const content = showStudy(db, added?.studyKey ?? '');
    expect(content?.series).toHaveLength(1);
  });
});

describe('search', () => {
  beforeEach(() => {
    const study = (n: number, attributes: Attributes) =>
      instance(
        { StudyInstanceUID: `1.${n}`, SOPInstanceUID: `2.${n}`, SeriesInstanceUID: `3.${n}`, ...attributes },
        `${n}`,
      );
    add(
      study(1, { PatientName: { alphabetic: 'Wang^Wei', ideographic: '王^伟' }, PatientID: '003921' }),
      study(2, {
        PatientName: { alphabetic: '李^娜' },
        PatientID: 'P-77',
        StudyDescription: '胸部平扫 Chest',
      }),
      study(3, { PatientName: { alphabetic: 'Smith^John' }, PatientID: '0040', AccessionNumber: 'ACC123' }),
    );
  });

  it.each([
    ['王伟', ['1.1']],
    ['王', ['1.1']],
    ['伟', ['1.1']],
    ['伟王', []],
    ['wangwei', ['1.1']],
    ['WANG wei', ['1.1']],
    ['ww', ['1.1']],
    ['w', ['1.1']],
    ['lina', ['1.2']],
    ['ln', ['1.2']],
    ['003921', ['1.1']],
    ['0039', ['1.1']],
    ['00', ['1.1', '1.3']],
    ['胸部', ['1.2']],
    ['平扫', ['1.2']],
    ['chest', ['1.2']],
    ['smi', ['1.3']],
    ['acc1', ['1.3']],
    ['ct smith', ['1.3']],
    ['xyz', []],
    ['%', []],
  ])('%s', (query, uids) => {
    const found = list(query).rows.map(({ studyInstanceUID }) => studyInstanceUID);
    expect(found.sort()).toEqual(uids);
  });

  it('forgets a deleted study and finds it again when it is restored', () => {
    expect(deleteStudies(db, ['s.1.1'], 5000)).toBe(1);
    expect(list('王伟').total).toBe(0);
    expect(list().total).toBe(2);
    expect(restoreStudies(db, ['s.1.1'])).toBe(1);
    expect(list('王伟').total).toBe(1);
  });

  it('revives a deleted study that is imported again', () => {
    deleteStudies(db, ['s.1.3'], 5000);
    const again = instance({ StudyInstanceUID: '1.3', SOPInstanceUID: '2.3' }, '3');
    expect(add(again)[0]?.outcome).toBe('duplicate');
    expect(list('smith').total).toBe(1);
  });

  it('sorts Chinese names by pinyin among the others', () => {
    expect(list().rows.map(({ patientId }) => patientId)).toEqual(['P-77', '0040', '003921']);
  });
});

describe('query plans', () => {
  const plan = (sql: string) =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('; ');

  it.each([
    'name_sort',
    'patient_id',
    'sex',
    'age_days',
    'modalities',
    'description',
    'series_count',
    'frame_count',
    'bytes',
    'source_kind',
    'added_at_ms',
  ])('a page sorted by %s walks its index', (column) => {
    const sql = `SELECT id FROM studies WHERE deleted_at_ms IS NULL ORDER BY ${column} DESC, id DESC LIMIT 100 OFFSET 0`;
    expect(plan(sql)).toMatch(/USING INDEX studies_by_/);
    expect(plan(sql)).not.toMatch(/TEMP B-TREE/);
  });

  it('a page by date walks its index', () => {
    const sql = `SELECT id FROM studies WHERE deleted_at_ms IS NULL
      ORDER BY study_date DESC, study_time DESC, id DESC LIMIT 100`;
    expect(plan(sql)).toMatch(/USING INDEX studies_by_date/);
    expect(plan(sql)).not.toMatch(/TEMP B-TREE/);
  });

  it('duplicates are looked up by UID', () => {
    expect(plan("SELECT dataset_sha256 FROM instances WHERE sop_uid = '1' AND scope = 's'")).toMatch(
      /USING COVERING INDEX instances_by_uid/,
    );
  });
});

describe('the audit trail', () => {
  const key = new Uint8Array(32).fill(7);
  const fill = () =>
    appendAudit(
      db,
      key,
      1,
      ['a', 'b', 'c', 'd'].map((detail) => ({ event: 'study.open' as const, outcome: 'ok', detail })),
    );
  /** What somebody with a tool of their own could do. */
  const unguard = () => db.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete');

  it('is intact as written', () => {
    fill();
    fill();
    expect(checkAudit(db, key)).toBeNull();
  });

  it('refuses to be changed or cut', () => {
    fill();
    expect(() => db.exec("UPDATE audit SET detail = 'x'")).toThrow(/cannot be changed/);
    expect(() => db.exec('DELETE FROM audit')).toThrow(/cannot be cut/);
  });

  it.each([
    ['a changed row', "UPDATE audit SET detail = 'x' WHERE seq = 3", 3],
    ['a dropped row', 'DELETE FROM audit WHERE seq = 2', 2],
    ['a cut tail', 'DELETE FROM audit WHERE seq = 4', 4],
    ['a cut head', 'DELETE FROM audit WHERE seq = 1', 1],
    [
      'two rows in each other’s place',
      `UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
       UPDATE audit SET seq = 3 WHERE seq = 9`,
      2,
    ],
  ])('tells of %s', (_what, sql, seq) => {
    fill();
    unguard();
    db.exec(sql);
    expect(checkAudit(db, key)?.params).toEqual({ seq });
  });

  it('cannot be written anew without the key', () => {
    appendAudit(db, new Uint8Array(32), 1, [{ event: 'study.open', outcome: 'ok', detail: 'a' }]);
    expect(checkAudit(db, key)).not.toBeNull();
  });
});
