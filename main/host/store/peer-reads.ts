import type { PersonNameGroups } from '../../../core/terms/format-person.ts';
import type { ReadableDatabase } from './open-database.ts';

/** What is here of studies that other stations name; places and the trash do not count. */
export interface LocalStudy {
  readonly studyUid: string;
  readonly studyKey: string;
  readonly instances: number;
}

const live = "st.scope = 's' AND st.deleted_at_ms IS NULL";

/** One row a study that is here; two patients' studies under one UID count as the larger. */
export function localStudies(db: ReadableDatabase, uids: readonly string[]): LocalStudy[] {
  const find = db.prepare(
    `SELECT study_uid AS studyUid, study_key AS studyKey, instance_count AS instances FROM studies st
     WHERE study_uid = ? AND ${live} ORDER BY instance_count DESC LIMIT 1`,
  );
  return uids.flatMap((uid) => (find.get(uid) as LocalStudy | undefined) ?? []);
}

/** Those of the given SOP instances that are here. */
export function presentInstances(db: ReadableDatabase, sopUids: readonly string[]): string[] {
  const find = db.prepare(
    `SELECT 1 FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
     WHERE i.sop_uid = ? AND i.scope = 's' AND ${live} LIMIT 1`,
  );
  return sopUids.filter((uid) => find.get(uid) !== undefined);
}

/** A stored object as it is sent or given back. */
export interface ObjectToSend {
  /** Rises in the order in which objects came. */
  readonly arrival: number;
  readonly studyUid: string;
  readonly studyKey: string;
  readonly sopUid: string;
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly fileSha256: string;
  readonly datasetOffset: number;
  readonly sizeBytes: number;
}

const objectColumns = `i.id AS arrival, st.study_uid AS studyUid, st.study_key AS studyKey, i.sop_uid AS sopUid,
  i.sop_class AS sopClass, i.transfer_syntax AS transferSyntax, i.file_sha256 AS fileSha256,
  i.dataset_offset AS datasetOffset, i.size_bytes AS sizeBytes`;
const objectTables = 'instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study';

/** Objects by keys of studies, series or instances, each once, in the order of series and instance numbers. */
export function objectsToSend(
  db: ReadableDatabase,
  keys: {
    readonly studyKeys: readonly string[];
    readonly seriesKeys: readonly string[];
    readonly instanceKeys: readonly string[];
  },
): ObjectToSend[] {
  const by = (column: string) =>
    db.prepare(
      `SELECT ${objectColumns} FROM ${objectTables} WHERE ${column} = ? AND ${live} AND i.file_sha256 IS NOT NULL
       ORDER BY se.number, se.id, i.instance_number, i.id`,
    );
  const found = new Map<string, ObjectToSend>();
  const add = (statement: ReturnType<typeof by>, list: readonly string[]): void => {
    for (const key of list) {
      for (const row of statement.all(key) as ObjectToSend[]) found.set(row.fileSha256, row);
    }
  };
  if (keys.studyKeys.length > 0) add(by('i.shows = 1 AND st.study_key'), keys.studyKeys);
  if (keys.seriesKeys.length > 0) add(by('i.shows = 1 AND se.series_key'), keys.seriesKeys);
  if (keys.instanceKeys.length > 0) add(by('i.instance_key'), keys.instanceKeys);
  return [...found.values()];
}

/** Whose studies, series and objects the keys name, each patient once, in the order of their studies. */
export function patientsOfKeys(
  db: ReadableDatabase,
  keys: Parameters<typeof objectsToSend>[1],
): { readonly patientName: PersonNameGroups; readonly patientId: string }[] {
  const among = 'IN (SELECT value FROM json_each(?))';
  const rows = db
    .prepare(
      `SELECT st.name_alphabetic AS alphabetic, st.name_ideographic AS ideographic, st.patient_id AS patientId
       FROM studies st WHERE st.id IN (
         SELECT id FROM studies WHERE study_key ${among}
         UNION SELECT study FROM series WHERE series_key ${among}
         UNION SELECT se.study FROM instances i JOIN series se ON se.id = i.series WHERE i.instance_key ${among})
       GROUP BY st.patient ORDER BY min(st.id)`,
    )
    .all(...[keys.studyKeys, keys.seriesKeys, keys.instanceKeys].map((list) => JSON.stringify(list))) as {
    alphabetic: string;
    ideographic: string | null;
    patientId: string;
  }[];
  return rows.map(({ alphabetic, ideographic, patientId }) => ({
    patientName: { alphabetic, ideographic: ideographic ?? '' },
    patientId,
  }));
}

/** Objects by UIDs, as a peer asks for them; a level that is left out is any. */
export function objectsOfUids(
  db: ReadableDatabase,
  asked: {
    readonly patientId?: string;
    readonly studyUids?: readonly string[];
    readonly seriesUids?: readonly string[];
    readonly sopUids?: readonly string[];
    readonly limit: number;
  },
): ObjectToSend[] {
  const terms: string[] = [live, 'i.shows = 1', 'i.file_sha256 IS NOT NULL'];
  const values: string[] = [];
  const among = (column: string, list: readonly string[] | undefined): void => {
    if (!list || list.length === 0) return;
    terms.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(list));
  };
  among('i.sop_uid', asked.sopUids);
  among('se.series_uid', asked.seriesUids);
  among('st.study_uid', asked.studyUids);
  among('st.patient_id', asked.patientId === undefined ? undefined : [asked.patientId]);
  if (values.length === 0) return [];
  return db
    .prepare(
      `SELECT ${objectColumns} FROM ${objectTables} WHERE ${terms.join(' AND ')}
       ORDER BY st.id, se.number, se.id, i.instance_number, i.id LIMIT ?`,
    )
    .all(...values, asked.limit) as ObjectToSend[];
}
