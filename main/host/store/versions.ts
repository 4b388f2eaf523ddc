import { type Problem, problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import { unpackScan } from '../parse/packed-scan.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';
import { recount } from './recount.ts';
import { readScanFile } from './scan-files.ts';
import { mergeStudies, refreshStudy } from './study-versions.ts';

/**
 * The same image again (issue 10, line 7). A new object whose SOP Instance UID is here with another data set is stored
 * first, undecided and not shown; who compares pixels (`storage/version-decider.ts`) then decides:
 * a version takes the place and the key of the one before, which is kept; a conflict is shown beside it with its flag.
 */
export type Difference = CallOutput<'versions.list'>[number]['difference'];

/** An object as deciding needs it. */
export interface Candidate {
  readonly fileSha256: string;
  readonly pixelsSha256: string | null;
  readonly transferSyntax: string;
  readonly scan: Scan;
}

export interface Undecided extends Candidate {
  readonly studyKey: string;
  /** Those of its SOP Instance UID that are shown, newest first. */
  readonly twins: readonly Candidate[];
}

export interface Decision {
  readonly fileSha256: string;
  readonly pixelsSha256: string | null;
  /** The object it takes the place of, and how the two differ; null: a conflict, shown beside the others. */
  readonly of: { readonly fileSha256: string; readonly difference: 'transferSyntax' | 'attributes' } | null;
}

interface CandidateRow {
  readonly id: number;
  readonly fileSha256: string;
  readonly pixelsSha256: string | null;
  readonly transferSyntax: string;
  readonly sopUid: string;
  readonly scope: string;
  readonly studyKey: string;
  readonly scan: Uint8Array | null;
}

const candidateRows = `SELECT i.id, i.file_sha256 AS fileSha256, i.pixels_sha256 AS pixelsSha256,
    i.transfer_syntax AS transferSyntax, i.sop_uid AS sopUid, i.scope, st.study_key AS studyKey, sc.scan
  FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
  JOIN scans sc ON sc.instance = i.id`;

/** In the order in which they came. */
export function undecidedInstances(db: ReadableDatabase, scansDir: string, limit: number): Undecided[] {
  const toCandidate = (row: CandidateRow): Candidate => ({
    fileSha256: row.fileSha256,
    pixelsSha256: row.pixelsSha256,
    transferSyntax: row.transferSyntax,
    scan: unpackScan(row.scan ?? readScanFile(scansDir, row)),
  });
  const twins = db.prepare(
    `${candidateRows} WHERE i.sop_uid = ? AND i.scope = ? AND i.shows = 1 ORDER BY i.id DESC LIMIT 16`,
  );
  const rows = db
    .prepare(`${candidateRows} WHERE i.difference = 'undecided' ORDER BY i.id LIMIT ?`)
    .all(limit) as CandidateRow[];
  return rows.map((row) => ({
    ...toCandidate(row),
    studyKey: row.studyKey,
    twins: (twins.all(row.sopUid, row.scope) as CandidateRow[]).map(toCandidate),
  }));
}

interface InstanceRow {
  readonly id: number;
  readonly key: string;
  readonly series: number;
  readonly study: number;
  readonly flags: string;
}

/** Answers the keys of studies that changed. Deciding twice, or what is gone meanwhile, changes nothing. */
export function decideVersions(
  db: WritableDatabase,
  scansDir: string,
  decisions: readonly Decision[],
): string[] {
  const find = db.prepare(
    `SELECT i.id, i.instance_key AS key, i.series, se.study, i.flags FROM instances i
     JOIN series se ON se.id = i.series WHERE i.file_sha256 = ? AND i.scope = 's'`,
  );
  const undecided = db.prepare("SELECT 1 FROM instances WHERE id = ? AND difference = 'undecided'");
  const keyOf = db.prepare('SELECT study_key FROM studies WHERE id = ?').pluck();
  return db.transaction(() => {
    const studies = new Set<number>();
    const refreshed = new Map<number, number>();
    const pairs = new Map<number, number>();
    for (const decision of decisions) {
      const row = find.get(decision.fileSha256) as InstanceRow | undefined;
      if (!row || undecided.get(row.id) === undefined) continue;
      const before = decision.of && (find.get(decision.of.fileSha256) as InstanceRow | undefined);
      if (before && decision.of) {
        takePlace(db, row, before, decision.of.difference);
        if (before.study === row.study) refreshed.set(row.study, row.id);
        else pairs.set(row.study, before.study);
      } else keepBeside(db, row);
      db.prepare('UPDATE instances SET pixels_sha256 = ? WHERE id = ?').run(decision.pixelsSha256, row.id);
      studies.add(row.study);
      if (before) studies.add(before.study);
    }
    for (const study of studies) recount(db, study);
    for (const [study, instance] of refreshed) refreshStudy(db, scansDir, study, instance);
    for (const [from, into] of pairs) if (mergeStudies(db, from, into)) studies.delete(from);
    return [...studies].flatMap((study) => (keyOf.get(study) as string | undefined) ?? []);
  })();
}

/** The newer one gets the key by which pages, plans and readers' work know the image. */
function takePlace(db: WritableDatabase, newer: InstanceRow, older: InstanceRow, difference: string): void {
  const flags = withoutConflict(newer.flags);
  const rename = db.prepare('UPDATE instances SET instance_key = ? WHERE id = ?');
  rename.run(`${newer.key}~`, newer.id);
  rename.run(newer.key, older.id);
  rename.run(older.key, newer.id);
  db.prepare('UPDATE instances SET shows = 0, difference = ? WHERE id = ?').run(difference, older.id);
  db.prepare("UPDATE instances SET shows = 1, difference = 'none', flags = ? WHERE id = ?").run(
    flags,
    newer.id,
  );
}

function keepBeside(db: WritableDatabase, row: InstanceRow): void {
  const flags = JSON.stringify([
    ...(JSON.parse(withoutConflict(row.flags)) as Problem[]),
    problem('UID_CONFLICT'),
  ]);
  db.prepare("UPDATE instances SET shows = 1, difference = 'pixels', flags = ? WHERE id = ?").run(
    flags,
    row.id,
  );
}

const withoutConflict = (flags: string): string =>
  flags.includes('UID_CONFLICT')
    ? JSON.stringify((JSON.parse(flags) as Problem[]).filter(({ code }) => code !== 'UID_CONFLICT'))
    : flags;

export interface DecidedObject {
  readonly fileSha256: string;
  readonly difference: Difference | 'undecided';
}

export function differencesOf(db: ReadableDatabase, fileSha256: readonly string[]): DecidedObject[] {
  const find = db.prepare("SELECT difference FROM instances WHERE file_sha256 = ? AND scope = 's'").pluck();
  return fileSha256.flatMap((hash) => {
    const difference = find.get(hash) as DecidedObject['difference'] | undefined;
    return difference === undefined ? [] : [{ fileSha256: hash, difference }];
  });
}

/** All objects of a study whose SOP Instance UID it has more than once; those that are undecided come later. */
export function listVersions(db: ReadableDatabase, studyKey: string): CallOutput<'versions.list'> {
  const rows = db
    .prepare(
      `WITH own AS (
         SELECT i.*, count(*) OVER (PARTITION BY i.sop_uid) AS times FROM instances i
         JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study WHERE st.study_key = ?)
       SELECT instance_key AS instanceKey, sop_uid AS sopInstanceUID, shows, difference,
              transfer_syntax AS transferSyntaxUID, added_at_ms AS addedAtMs, so.kind, so.label, missing
       FROM own LEFT JOIN sources so ON so.id = own.source
       WHERE (times > 1 OR difference <> 'none') AND difference <> 'undecided'
       ORDER BY sop_uid, shows DESC, own.id DESC`,
    )
    .all(studyKey) as VersionRow[];
  return rows.map(({ kind, label, shows, missing, ...row }) => ({
    ...row,
    shows: shows === 1,
    source: label || kind || '',
    problem: problemOf(row.difference, missing),
  }));
}

interface VersionRow extends Omit<CallOutput<'versions.list'>[number], 'shows' | 'source' | 'problem'> {
  readonly shows: number;
  readonly kind: string | null;
  readonly label: string | null;
  readonly missing: number;
}

function problemOf(difference: Difference, missing: number): Problem | null {
  if (missing === 1) return problem('FILE_MISSING');
  if (missing === 2) return problem('OBJECT_CORRUPT');
  return difference === 'pixels' ? problem('UID_CONFLICT') : null;
}
