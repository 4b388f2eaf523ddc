import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../core/base/result.ts';
import { personNameText } from '../../../core/dicom/person-name.ts';
import type { PersonName } from '../../../core/dicom/types.ts';
import { queryMatch, type QueryKey as WebKey } from '../../../core/dicomweb/query.ts';
import { readMessageDataset, textAt } from '../../../core/dimse/query-dataset.ts';
import { foldedGroup, matchesPattern } from '../../../core/dimse/query-matching.ts';
import { encodeFind } from '../../../core/dimse/query-plan.ts';
import { type FindRecord, matchesRecord, parseFindIdentifier } from '../../../core/dimse/query-request.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import { migrate, migrations } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';
import { answerPeer, findForPeer, type PeerCursor } from './peer-find.ts';
import { nameFolded } from './row-values.ts';
import { findForWeb } from './web-find.ts';

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

const syntax = '1.2.840.10008.1.2.1';
const uidTag = 0x0020000d;
const nameTag = 0x00100010;
const referringTag = 0x00080090;
const studyIdTag = 0x00200010;

type Name = readonly [alphabetic: string, ideographic: string | null, phonetic: string | null];
interface Stored {
  readonly patient: number;
  readonly name: Name;
  readonly referring: Name;
  readonly studyId: string;
  readonly patientId: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly date: string;
  readonly time: string;
  readonly modalities: string;
  readonly accession: string;
  readonly description: string;
  readonly institution: string;
  readonly isDeleted: boolean;
}

const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const alphabetic = fc.oneof(
  one('Müller^Anna', 'MULLER^BEN^^Dr', 'Mu\u0308ller^C', 'Wang^XiaoDong', 'wang', "O'Neil", 'A[b]c^?*'),
  one('', 'Иванов^Йод', 'Ｗang^Ｌi', 'ﬁsher', 'Erst^Über  Zwei', 'van der Berg^Jan ', '王^小东', 'Łoś^ß'),
  fc.string({ unit: one('a', 'b', 'ä', 'É', '^', ' ', '王', '伟'), maxLength: 6 }),
);
const name: fc.Arbitrary<Name> = fc.tuple(
  alphabetic,
  one(null, '王^小东', '张^伟', '王伟'),
  one(null, 'ワン^シャオ'),
);
const stored: fc.Arbitrary<Stored> = fc.record({
  patient: fc.integer({ min: 1, max: 4 }),
  name,
  referring: fc.oneof(name, one<Name>(['', null, null])),
  studyId: one('', '1', '12', 's1', 'S[1]', 'S 1', '检1'),
  patientId: one('P1', 'P10', 'p1', 'Q[1]', ''),
  birthDate: one('', '19500101', '1950.01.02', '19800229', 'unknown'),
  sex: one('', 'M', 'F', 'O'),
  date: one('', '20200101', '2020.01.15', '20200131', '20191231', '2020', '20201301x'),
  time: one('', '10', '1015', '101500.25', '10:15:30', '235959', 'noon'),
  modalities: one('', 'CT', 'CT\\SR', 'MR', 'CTX'),
  accession: one('', 'A1', 'A12', 'B%1'),
  description: one('', 'Thorax', 'thorax', 'CT [Abdomen]', '胸部 平扫'),
  institution: one('', 'General Hospital'),
  isDeleted: fc.boolean(),
});

const nameKey = fc.oneof(
  one(
    'MULLER*',
    '*üll*',
    'mu?ller^*',
    'M?ller',
    '*erst*',
    'wang^xiao*',
    'Wang',
    '王*',
    '*东',
    '王^小东',
    '=王*',
  ),
  one(
    'wang^*=王^?东',
    '==ワン*',
    '^Anna',
    '*^*^x',
    'Иван*',
    '*йод',
    'йод',
    'ｗａｎｇ*',
    'fi*',
    'łoś',
    'A[b]*',
    '?',
  ),
  one('O', '*=*', '[ab]*', '*b*a*', 'van*berg', '*a*^', 'über *', 'ÜBER', '*^über zwei', '**a'),
  fc.string({ unit: one('a', 'B', 'é', '^', '*', '?', ' ', '王', '='), maxLength: 5 }),
);
/** Each key alone often, so that it is walked for; together sometimes. */
const keys = fc.record(
  {
    PatientName: nameKey,
    PatientID: one('P1', 'P1*', '?1', '*1]', 'P1\\P10'),
    PatientBirthDate: one('19500101', '19500101-19501231', '-1979', '1950.01.02'),
    PatientSex: one('M', '?', 'O\\F'),
    StudyDate: one(
      '20200101',
      '20200101-20200131',
      '-20191231',
      '20200102-',
      '2020.01.15',
      '20190101-20200114',
    ),
    StudyTime: one('10', '1015', '101500-101529', '-0959', '11-', '2359'),
    ModalitiesInStudy: one('CT', 'SR\\MR', 'XA', 'C?', '*T*'),
    AccessionNumber: one('A1', 'A*', '?1*', 'B%*'),
    StudyID: one('1', '1*', '?1', 's1', 'S[*', '*检*', '1\\s1', '? ?'),
    ReferringPhysicianName: nameKey,
    StudyDescription: one('*orax', 'T*', 'CT [A]*', '胸部*', '*[*', 'Thorax'),
    InstitutionName: one('General*', '*Clinic'),
  },
  { requiredKeys: [] },
);
const patientKeys = fc.record(
  {
    PatientName: nameKey,
    PatientID: one('P1', 'P1*', '?1'),
    PatientBirthDate: one('19500101', '19500101-19501231'),
    PatientSex: one('M', '?'),
  },
  { requiredKeys: [] },
);

let db: WritableDatabase;
beforeAll(() => {
  db = openEmptyStore();
});
afterAll(() => db.close());

function fill(studies: readonly Stored[]): void {
  db.exec('DELETE FROM studies; DELETE FROM patients');
  const addPatient = db.prepare("INSERT OR IGNORE INTO patients VALUES (?, 's', '', '', '', '')");
  const add = db.prepare(
    `INSERT INTO studies VALUES (@id, 's', @uid, @uid, @patient, @patientId, '', @alphabetic, @ideographic, @phonetic,
       '', '', 0, @sex, @birthDate, '', 0, @date, @time, @modalities, @description, @accession, @institution, 1, 1, 0,
       'received', NULL, 0, 0, 0, 0, '[]', NULL, 0, @deletedAtMs, NULL, NULL, 0, @folded, @studyId, @referringPhysician,
       @referringFolded, 0, 0)`,
  );
  db.transaction(() => {
    for (const [n, { name, referring, isDeleted, ...study }] of studies.entries()) {
      const [alphabetic, ideographic, phonetic] = name;
      const folded = nameFolded(...name);
      const referringFolded = nameFolded(...referring);
      const referringPhysician = personNameText(personOf(referring));
      addPatient.run(study.patient);
      const deletedAtMs = isDeleted ? 1 : null;
      const names = { alphabetic, ideographic, phonetic, folded, referringPhysician, referringFolded };
      add.run({ ...study, ...names, deletedAtMs, id: n + 1, uid: `1.${n}` });
    }
  })();
}

const personOf = ([alphabetic, ideographic, phonetic]: Name): PersonName => ({
  alphabetic,
  ideographic: ideographic ?? '',
  phonetic: phonetic ?? '',
});

const recordOf = (study: Stored): FindRecord => ({
  PatientName: personOf(study.name),
  ReferringPhysicianName: personOf(study.referring),
  StudyID: study.studyId,
  PatientID: study.patientId,
  PatientBirthDate: study.birthDate,
  PatientSex: study.sex,
  StudyDate: study.date,
  StudyTime: study.time,
  ModalitiesInStudy: study.modalities.split('\\').filter(Boolean),
  AccessionNumber: study.accession,
  StudyDescription: study.description,
  InstitutionName: study.institution,
});

function findAll(root: 'study' | 'patient', asked: Readonly<Record<string, string>>, limit = 3): string[] {
  const level = root === 'study' ? 'STUDY' : 'PATIENT';
  const identifier = encodeFind({ root, level, keys: asked, charset: 'ISO_IR 192' }, syntax);
  const find = { identifier, transferSyntaxUid: syntax, root, aeTitle: 'CANDELA' };
  const found = findForPeer(db, find);
  if (!found.ok) return [found.refusal.problem.code];
  const uids: string[] = [];
  for (let cursor: PeerCursor | null = found.cursor; cursor; ) {
    const page = answerPeer(db, { ...find, cursor, limit }, null);
    expect(page.answers.length).toBeLessThanOrEqual(limit);
    cursor = page.next;
    for (const answer of page.answers) {
      const dataset = need(readMessageDataset(answer, syntax));
      uids.push(textAt(dataset, uidTag));
    }
  }
  return uids;
}

const ofWeb = (key: WebKey): string[] =>
  findForWeb(db, { level: 'study', keys: [key], limit: 99, offset: 0 })
    .map(({ studyUid }) => studyUid)
    .sort();

/** What the request says once it is read again, for the plain filter. */
function requestOf(root: 'study' | 'patient', asked: Readonly<Record<string, string>>) {
  const level = root === 'study' ? 'STUDY' : 'PATIENT';
  const identifier = encodeFind({ root, level, keys: asked, charset: 'ISO_IR 192' }, syntax);
  const parsed = parseFindIdentifier(identifier, syntax, root);
  return parsed.ok ? parsed.request : null;
}

describe('queries of peers', () => {
  it('find what a plain filter finds', () => {
    fc.assert(
      fc.property(
        fc.array(stored, { minLength: 1, maxLength: 25 }),
        fc.array(keys, { maxLength: 12 }),
        (all, asks) => {
          fill(all);
          for (const asked of asks) {
            const request = requestOf('study', asked);
            if (!request) continue;
            const fits = all.flatMap((study, n) =>
              !study.isDeleted && matchesRecord(recordOf(study), request) ? [`1.${n}`] : [],
            );
            const found = findAll('study', { StudyInstanceUID: '', ...asked });
            expect([...found].sort()).toEqual([...fits].sort());
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('find names by keys of more groups than a name has as a plain filter does', () => {
    fill(fc.sample(stored, { numRuns: 20, seed: 1 }).map((study) => ({ ...study, isDeleted: false })));
    const all = findAll('study', { StudyInstanceUID: '' });
    expect(all).toHaveLength(20);
    expect(findAll('study', { StudyInstanceUID: '', PatientName: '===' }).toSorted()).toEqual(all.toSorted());
    expect(findAll('study', { StudyInstanceUID: '', PatientName: '===A' })).toEqual([]);
  });

  it('tell a patient once', () => {
    fc.assert(
      fc.property(fc.array(stored, { minLength: 1, maxLength: 25 }), patientKeys, (all, asked) => {
        fill(all);
        const request = requestOf('patient', asked);
        if (!request) return;
        const fits = all.filter((study) => !study.isDeleted && matchesRecord(recordOf(study), request));
        expect(findAll('patient', asked)).toHaveLength(new Set(fits.map(({ patient }) => patient)).size);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    [nameTag, 'name'],
    [referringTag, 'referring'],
  ] as const)('of scripts find names (%i) as a plain filter does, group by group', (tag, field) => {
    fc.assert(
      fc.property(fc.array(stored, { minLength: 1, maxLength: 25 }), nameKey, (all, asked) => {
        fill(all);
        const patterns = asked.split('=').map(foldedGroup);
        const wanted = patterns.filter((pattern) => pattern.replaceAll('*', '') !== '');
        const fits = all.flatMap((study, n) => {
          const groups = study[field].map((group) => foldedGroup(group ?? '')).filter(Boolean);
          const isMeant =
            wanted.length === 0 ||
            groups.some((group) => wanted.some((pattern) => matchesPattern(group, pattern)));
          return isMeant && !study.isDeleted ? [`1.${n}`] : [];
        });
        expect(ofWeb({ tag, match: { kind: 'wildcard', pattern: asked } })).toEqual(fits.sort());
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['wang*', 1],
    ['WANG XIAO?DONG', 1],
    ['w_ng*', 0],
    ['wan%', 0],
    ['?', 0],
    ['*', 1],
  ])('of scripts find a Chinese name by its pinyin: %s', (asked, found) => {
    const [any] = fc.sample(stored, 1);
    fill([{ ...any!, name: ['', '王^小东', null], isDeleted: false }]);
    db.exec("UPDATE studies SET name_latin = 'Wang Xiao Dong'");
    expect(ofWeb({ tag: nameTag, match: { kind: 'wildcard', pattern: asked } })).toHaveLength(found);
  });

  it('of scripts find study IDs as they are written', () => {
    fc.assert(
      fc.property(
        fc.array(stored, { minLength: 1, maxLength: 25 }),
        one('1', '1*', '?1', 's1', 'S[*', '*检*', '? ?'),
        (all, asked) => {
          fill(all);
          const fits = all.flatMap(({ studyId, isDeleted }, n) =>
            !isDeleted && matchesPattern(studyId, asked) ? [`1.${n}`] : [],
          );
          const match = queryMatch(studyIdTag, asked)!;
          expect(ofWeb({ tag: studyIdTag, match })).toEqual(fits.sort());
        },
      ),
      { numRuns: 100 },
    );
  });

  it('find names that were stored before there was an index of them', () => {
    const old = need(openWritable(':memory:'));
    need(migrate(old, { backupDir: null, freeBytes: 1e12, steps: migrations.slice(0, 5) }));
    old.exec(`INSERT INTO patients VALUES (1, 's', '', '', '', '');
      INSERT INTO studies VALUES (1, 's', 'k', '1.2', 1, 'P', '', 'Müller^Anna^^ ', '王^伟', NULL, '', '', 0, '', '', '', 0,
        '', '', 'CT', '', '', '', 1, 1, 0, 'received', NULL, 0, 0, 0, 0, '[]', NULL, 0, NULL, NULL, NULL, 0)`);
    expect(need(migrate(old, { backupDir: null, freeBytes: 1e12 }))).toEqual({
      from: 5,
      to: migrations.length,
    });
    expect(old.prepare('SELECT name_folded FROM studies').pluck().get()).toBe('=muller^anna=王^伟==');
    expect(nameFolded('Müller^Anna^^ ', '王^伟', null)).toBe('=muller^anna=王^伟==');
    old.close();
  });
});
