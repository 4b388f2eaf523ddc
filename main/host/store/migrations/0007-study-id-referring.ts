import type { Scan } from '../../../../core/dicom/types.ts';
import { unpackScan } from '../../parse/packed-scan.ts';
import type { Migration } from '../migrate.ts';
import type { WritableDatabase } from '../open-database.ts';
import { referralValues, studyValues } from '../row-values.ts';
import { readScanFile } from '../scan-files.ts';

/**
 * Study ID and referring physician as columns of a study, in the index that queries walk through: before, each was read
 * from the scan of a study's first object. The physician stands there as in the file (three groups, `=` between them)
 * and as names are compared (`nameFolded` of row-values.ts). The index is made anew at the end, which is faster than to
 * keep it while the columns are filled.
 */
export const studyIdReferring: Migration = {
  version: 7,
  name: 'study ID and referring physician',
  sql: `
ALTER TABLE studies ADD COLUMN study_id TEXT NOT NULL DEFAULT '';
ALTER TABLE studies ADD COLUMN referring_physician TEXT NOT NULL DEFAULT '';
ALTER TABLE studies ADD COLUMN referring_folded TEXT NOT NULL DEFAULT '====';
DROP INDEX studies_for_queries;
`,
  fill(db, scansDir) {
    fillStudies(db, scansDir);
    db.exec(`CREATE INDEX studies_for_queries ON studies (study_date, study_time, id, modalities, name_folded, name_latin,
      patient_id, accession, description, sex, birth_date, institution, issuer, study_id, referring_folded)
      WHERE deleted_at_ms IS NULL`);
  },
};

/** What the row says already tells from which of its objects it was written. */
type Known = Pick<
  ReturnType<typeof studyValues>,
  | 'patientId'
  | 'nameAlphabetic'
  | 'nameIdeographic'
  | 'accession'
  | 'description'
  | 'studyDate'
  | 'studyTime'
  | 'institution'
  | 'birthDate'
>;
interface Study extends Known {
  readonly id: number;
  readonly first: number | null;
  readonly hasVersions: number;
}

const studiesAtOnce = 500;

/** From the scans in the index; no object is read. What cannot be read any more leaves its study without the two. */
function fillStudies(db: WritableDatabase, scansDir: string | null): void {
  const next = db.prepare(
    `SELECT st.id, patient_id AS patientId, name_alphabetic AS nameAlphabetic, name_ideographic AS nameIdeographic,
       accession, st.description, study_date AS studyDate, study_time AS studyTime, institution,
       birth_date AS birthDate, instr(st.flags, '"INSTANCE_VERSIONS"') AS hasVersions,
       (SELECT min((SELECT min(i.id) FROM instances i WHERE i.series = se.id)) FROM series se
        WHERE se.study = st.id) AS first
     FROM studies st WHERE st.id > ? ORDER BY st.id LIMIT ${studiesAtOnce}`,
  );
  const save = db.prepare(
    `UPDATE studies SET study_id = @studyId, referring_physician = @referringPhysician,
       referring_folded = @referringFolded WHERE id = @id`,
  );
  const read = scanReader(db, scansDir);
  let last = 0;
  for (let rows = next.all(last) as Study[]; rows.length > 0; rows = next.all(last) as Study[]) {
    for (const study of rows) {
      const scan = study.hasVersions > 0 ? newestScan(db, study, read) : read(study.first);
      const values = scan && referralValues(scan.attributes);
      if (!values || (values.studyId === '' && values.referringPhysician === '')) continue;
      save.run({ id: study.id, ...values });
    }
    last = rows.at(-1)!.id;
  }
}

type Reader = (instance: number | null) => Scan | null;

function scanReader(db: WritableDatabase, scansDir: string | null): Reader {
  const find = db.prepare(
    `SELECT i.id, i.file_sha256 AS fileSha256, sc.scan FROM instances i JOIN scans sc ON sc.instance = i.id
     WHERE i.id = ?`,
  );
  return (instance) => {
    const row = find.get(instance) as
      | { id: number; fileSha256: string | null; scan: Uint8Array | null }
      | undefined;
    if (!row || (row.scan === null && scansDir === null)) return null;
    try {
      return unpackScan(row.scan ?? readScanFile(scansDir!, row));
    } catch {
      return null;
    }
  };
}

/** A study says what its newest version says (`refreshStudy`, `mergeStudies`); then what its first object says. */
function newestScan(db: WritableDatabase, study: Study, read: Reader): Scan | null {
  const ids = db
    .prepare(
      `SELECT i.id, i.difference = 'none' AND EXISTS (SELECT 1 FROM instances o WHERE o.sop_uid = i.sop_uid AND o.scope = i.scope
         AND o.shows = 0 AND o.difference <> 'undecided') AS isVersion
       FROM instances i JOIN series se ON se.id = i.series WHERE se.study = ? AND i.shows = 1
       ORDER BY isVersion DESC, i.id * iif(isVersion, -1, 1)`,
    )
    .pluck()
    .all(study.id) as number[];
  for (const id of ids) {
    const scan = read(id);
    const values = scan && studyValues(scan);
    if (values && known.every((column) => values[column] === study[column])) return scan;
  }
  return read(ids[0] ?? study.first);
}

const known: readonly (keyof Known)[] = [
  'patientId',
  'nameAlphabetic',
  'nameIdeographic',
  'accession',
  'description',
  'studyDate',
  'studyTime',
  'institution',
  'birthDate',
];
