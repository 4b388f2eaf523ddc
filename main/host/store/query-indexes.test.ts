import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../core/dicomweb/query.ts';
import { encodeFind } from '../../../core/dimse/query-plan.ts';
import { parseFindIdentifier } from '../../../core/dimse/query-request.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import type { WritableDatabase } from './open-database.ts';
import { candidatesOf } from './peer-find-sql.ts';
import { queryIndexes, queryIndexFor } from './query-indexes.ts';
import { findForWeb } from './web-find.ts';

const syntax = '1.2.840.10008.1.2.1';
let db: WritableDatabase;
beforeAll(() => {
  db = openEmptyStore();
});
afterAll(() => db.close());

const columnsOf = (index: string): string[] =>
  (db.pragma(`index_info(${index})`) as { name: string }[]).map(({ name }) => name);

function candidates(asked: Readonly<Record<string, string>>) {
  const query = { root: 'study', level: 'STUDY', keys: asked, charset: 'ISO_IR 192' } as const;
  const parsed = parseFindIdentifier(encodeFind(query, syntax), syntax, 'study');
  if (!parsed.ok) throw new Error(parsed.refusal.problem.code);
  return candidatesOf(parsed.request);
}

describe('the indexes that queries walk through', () => {
  it('are what their table says, newest studies first', () => {
    for (const [index, columns] of Object.entries(queryIndexes)) {
      const [date, time, id, ...others] = columnsOf(index);
      expect([date, time, id]).toEqual(['study_date', 'study_time', 'id']);
      expect(others.sort()).toEqual([...columns].sort());
    }
  });

  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{}, 'studies_for_names'],
    [{ PatientName: '*erst*', PatientBirthDate: '19500101', StudyID: '7' }, 'studies_for_names'],
    [{ ModalitiesInStudy: 'XA', StudyDate: '20200101-', StudyTime: '10' }, 'studies_for_names'],
    [{ PatientID: '*2', AccessionNumber: '*1', PatientSex: 'M' }, 'studies_for_names'],
    [{ ReferringPhysicianName: '*x*', StudyID: '7', InstitutionName: 'A*' }, 'studies_for_texts'],
    [{ StudyDescription: '*x*', ModalitiesInStudy: 'CT' }, 'studies_for_texts'],
    [{ StudyDescription: '*x*', PatientID: '*2' }, 'studies_for_queries'],
    [{ IssuerOfPatientID: 'x', ReferringPhysicianName: 'a' }, 'studies_for_queries'],
  ])('hold all that a peer asks for: %o in %s', (asked, index) => {
    const { from, where, values } = candidates(asked);
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT st.study_date, st.study_time, st.id FROM ${from}
         WHERE ${where} AND (st.study_date, st.study_time, st.id) < (?, ?, ?)
         ORDER BY st.study_date DESC, st.study_time DESC, st.id DESC`,
      )
      .all(...values, '~', '~', 1) as { detail: string }[];
    const details = plan.map(({ detail }) => detail).join('; ');
    expect(details).toMatch(new RegExp(`^SEARCH st USING INDEX ${index} `));
    expect(details).not.toMatch(/TEMP B-TREE/);
    for (const [, name] of where.matchAll(/st\.(\w+)/g)) {
      if (name !== 'deleted_at_ms') expect(columnsOf(index)).toContain(name);
    }
  });

  it('are the widest for what none of them has', () => {
    expect(queryIndexFor(['st.age = ?'])).toBe('studies_for_queries');
    expect(queryIndexFor([])).toBe('studies_for_names');
  });

  it.each<readonly [level: 'study' | 'series', parameter: string, plan: RegExp]>([
    ['study', 'StudyID=1', /^(SCAN|SEARCH) st USING INDEX studies_for_names/],
    ['study', 'PatientSex=M', /^(SCAN|SEARCH) st USING INDEX studies_for_names/],
    ['study', 'PatientID=P*', /^(SCAN|SEARCH) st USING INDEX studies_for_names/],
    ['study', 'ReferringPhysicianName=a*', /^(SCAN|SEARCH) st USING INDEX studies_for_texts/],
    ['study', 'PatientName=*a*', /^(SCAN|SEARCH) st USING INDEX studies_for_queries/],
    ['study', 'PatientID=P1', /studies_by_patient_id/],
    ['study', 'AccessionNumber=A1', /studies_by_accession/],
    ['series', 'Modality=CT', /^SCAN st USING INDEX studies_for_names; SEARCH se /],
    ['series', 'SeriesInstanceUID=1.2', /series_by_uid/],
  ])('serve scripts too: %s?%s', (level, parameter, expected) => {
    const plans: string[] = [];
    const watched = {
      ...db,
      prepare: (sql: string) => ({
        all: (...values: (string | number)[]) => {
          const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
          plans.push(rows.map(({ detail }) => detail).join('; '));
          return [];
        },
      }),
    } as unknown as WritableDatabase;
    const { keys } = parseQuery([parameter.split('=') as [string, string]]).query;
    findForWeb(watched, { level, keys, limit: 9, offset: 0 });
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatch(expected);
    if (/studies_for/.test(expected.source)) expect(plans[0]).not.toMatch(/TEMP B-TREE FOR ORDER BY$/);
  });
});
