import { createHash, type Hash } from 'node:crypto';
import { unpackScan } from '../parse/packed-scan.ts';
import type { ReadableDatabase } from './open-database.ts';

/**
 * The index as lines that do not depend on row numbers, time of day of checks, or what is worked out when it is looked
 * at (verdicts): two indexes of the same store have the same lines (reliability.md A10, B7).
 */
const sections = {
  patients: `SELECT scope, patient_id, issuer, name_key, birth_date, count(*) FROM patients
    WHERE scope = 's' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
  studies: `SELECT st.study_key, study_uid, st.patient_id, st.issuer, p.patient_id, p.name_key, p.birth_date,
      name_alphabetic, name_ideographic, name_phonetic, name_latin, name_sort, charset_guess, sex, st.birth_date, age,
      age_days, study_date, study_time, modalities, description, accession, study_id,
      referring_physician, referring_folded, institution, series_count,
      instance_count, st.frame_count, bytes, source_kind, so.kind, so.label, unread, starred, demo, flags, receipt_id, added_at_ms,
      deleted_at_ms, (SELECT count(*) FROM study_search WHERE study_search.rowid = st.id)
    FROM studies st JOIN patients p ON p.id = st.patient LEFT JOIN sources so ON so.id = st.source
    WHERE st.scope = 's' ORDER BY st.study_key`,
  series: `SELECT se.series_key, st.study_key, series_uid, number, se.description, modality, body_part,
      se.instance_count, se.frame_count, se.bytes, slice_thickness_mm, pixel_rows, pixel_columns, category, se.flags
    FROM series se JOIN studies st ON st.id = se.study WHERE st.scope = 's' ORDER BY se.series_key`,
  instances: `SELECT i.instance_key, se.series_key, sop_uid, sop_class, instance_number, transfer_syntax, deflated,
      file_sha256, dataset_sha256, size_bytes, dataset_offset, pixel_kind, pixel_offset, pixel_length, i.pixel_rows,
      i.pixel_columns, frames, position, orientation, pixel_spacing, i.slice_thickness_mm, frame_of_reference,
      i.flags, shows, difference, so.kind, so.label, added_at_ms, sc.scan
    FROM instances i JOIN series se ON se.id = i.series JOIN scans sc ON sc.instance = i.id
    LEFT JOIN sources so ON so.id = i.source WHERE i.scope = 's' ORDER BY i.instance_key`,
  readings: `SELECT st.study_key, r.state FROM reading_states r JOIN studies st ON st.id = r.study
    ORDER BY st.study_key`,
} as const;
export type DumpSection = keyof typeof sections;
export const dumpSections = Object.keys(sections) as DumpSection[];

const lineHash = (row: unknown): string =>
  createHash('sha256').update(JSON.stringify(row)).digest('base64url');

export function* dumpLines(db: ReadableDatabase, section: DumpSection): Generator<readonly unknown[]> {
  for (const row of db.prepare(sections[section]).raw().iterate()) {
    yield (row as unknown[]).map((value) => (value instanceof Uint8Array ? scanHash(value) : value));
  }
}

/** Of what a scan says: the bytes that V8 writes for it are not always the same. */
const scanHash = (scan: Uint8Array): string => lineHash(unpackScan(scan));

/** One hash over all lines. */
export function hashOfDump(db: ReadableDatabase): string {
  const all: Hash = createHash('sha256');
  for (const section of dumpSections) {
    all.update(section);
    for (const row of dumpLines(db, section)) all.update(JSON.stringify(row));
  }
  return all.digest('hex');
}

/** How many lines only one of the two has, by section; nothing where they are the same. */
export function compareDumps(a: ReadableDatabase, b: ReadableDatabase): Partial<Record<DumpSection, number>> {
  const differing: Partial<Record<DumpSection, number>> = {};
  for (const section of dumpSections) {
    const open = new Map<string, number>();
    const count = (hash: string, by: number): void => {
      const sum = (open.get(hash) ?? 0) + by;
      if (sum === 0) open.delete(hash);
      else open.set(hash, sum);
    };
    for (const row of dumpLines(a, section)) count(lineHash(row), 1);
    for (const row of dumpLines(b, section)) count(lineHash(row), -1);
    const lines = [...open.values()].reduce((sum, times) => sum + Math.abs(times), 0);
    if (lines > 0) differing[section] = lines;
  }
  return differing;
}
