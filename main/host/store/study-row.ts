import type { Problem } from '../../../core/base/problem.ts';
import type { StudySource } from '../../../core/contract/common.ts';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';

/** Columns of `studies` as `toStudyRow` and `studyRowsOf` expect them. */
const studyColumnNames = [
  'study_key',
  'study_uid',
  'name_alphabetic',
  'name_ideographic',
  'name_phonetic',
  'name_latin',
  'charset_guess',
  'patient_id',
  'sex',
  'birth_date',
  'age',
  'study_date',
  'study_time',
  'modalities',
  'description',
  'accession',
  'institution',
  'series_count',
  'instance_count',
  'frame_count',
  'bytes',
  'source_kind',
  'unread',
  'starred',
  'demo',
  'arriving',
  'cut_off',
  'flags',
  'added_at_ms',
  'deleted_at_ms',
  'scope',
] as const satisfies readonly (keyof StudyRecord)[];
export const studyColumns = studyColumnNames.join(', ');

export interface StudyRecord {
  readonly study_key: string;
  readonly study_uid: string;
  readonly name_alphabetic: string;
  readonly name_ideographic: string | null;
  readonly name_phonetic: string | null;
  readonly name_latin: string;
  readonly charset_guess: number;
  readonly patient_id: string;
  readonly sex: string;
  readonly birth_date: string;
  readonly age: string;
  readonly study_date: string;
  readonly study_time: string;
  readonly modalities: string;
  readonly description: string;
  readonly accession: string;
  readonly institution: string;
  readonly series_count: number;
  readonly instance_count: number;
  readonly frame_count: number;
  readonly bytes: number;
  readonly source_kind: StudySource;
  readonly unread: number;
  readonly starred: number;
  readonly demo: number;
  readonly arriving: number;
  readonly cut_off: number;
  readonly flags: string;
  readonly added_at_ms: number;
  readonly deleted_at_ms: number | null;
  readonly scope: string;
}

export function toStudyRow(r: StudyRecord): StudyRow {
  return {
    studyKey: r.study_key,
    studyInstanceUID: r.study_uid,
    patientName: {
      alphabetic: r.name_alphabetic,
      ...(r.name_ideographic !== null && { ideographic: r.name_ideographic }),
      ...(r.name_phonetic !== null && { phonetic: r.name_phonetic }),
    },
    nameLatin: r.name_latin,
    charsetGuess: r.charset_guess === 1,
    patientId: r.patient_id,
    sex: r.sex,
    birthDate: r.birth_date,
    age: r.age,
    studyDate: r.study_date,
    studyTime: r.study_time,
    modalities: r.modalities.split('\\').filter(Boolean),
    description: r.description,
    accessionNumber: r.accession,
    institution: r.institution,
    series: r.series_count,
    instances: r.instance_count,
    frames: r.frame_count,
    bytes: r.bytes,
    source: r.source_kind,
    unread: r.unread === 1,
    starred: r.starred === 1,
    demo: r.demo === 1,
    stored: r.scope === 's',
    arriving: r.arriving === 1,
    incomplete: r.cut_off === 1,
    flags: JSON.parse(r.flags) as Problem[],
    addedAtMs: r.added_at_ms,
    deletedAtMs: r.deleted_at_ms,
  };
}

/** A record's values in the order of `studyColumns`. */
type ValuesOf<Names extends readonly (keyof StudyRecord)[]> = { [N in keyof Names]: StudyRecord[Names[N]] };
type StudyTuple = ValuesOf<typeof studyColumnNames>;

/** By position, written out: taking names from a list costs as much as the search. */
const recordOf = ([
  study_key,
  study_uid,
  name_alphabetic,
  name_ideographic,
  name_phonetic,
  name_latin,
  charset_guess,
  patient_id,
  sex,
  birth_date,
  age,
  study_date,
  study_time,
  modalities,
  description,
  accession,
  institution,
  series_count,
  instance_count,
  frame_count,
  bytes,
  source_kind,
  unread,
  starred,
  demo,
  arriving,
  cut_off,
  flags,
  added_at_ms,
  deleted_at_ms,
  scope,
]: StudyTuple): StudyRecord => ({
  study_key,
  study_uid,
  name_alphabetic,
  name_ideographic,
  name_phonetic,
  name_latin,
  charset_guess,
  patient_id,
  sex,
  birth_date,
  age,
  study_date,
  study_time,
  modalities,
  description,
  accession,
  institution,
  series_count,
  instance_count,
  frame_count,
  bytes,
  source_kind,
  unread,
  starred,
  demo,
  arriving,
  cut_off,
  flags,
  added_at_ms,
  deleted_at_ms,
  scope,
});

/** Rows as SQLite writes them: an array of `json_array(studyColumns)`. */
export const studyRowsOf = (json: string): StudyRow[] =>
  (JSON.parse(json) as StudyTuple[]).map((values) => toStudyRow(recordOf(values)));

export interface SeriesRecord {
  readonly series_key: string;
  readonly series_uid: string;
  readonly number: number | null;
  readonly description: string;
  readonly modality: string;
  readonly body_part: string;
  readonly instance_count: number;
  readonly frame_count: number;
  readonly slice_thickness_mm: number | null;
  readonly pixel_rows: number | null;
  readonly pixel_columns: number | null;
  readonly category: SeriesRow['category'];
  readonly verdict: SeriesRow['verdict'];
  readonly flags: string;
}

export const toSeriesRow = (r: SeriesRecord): SeriesRow => ({
  seriesKey: r.series_key,
  seriesInstanceUID: r.series_uid,
  number: r.number,
  description: r.description,
  modality: r.modality,
  bodyPart: r.body_part,
  instances: r.instance_count,
  frames: r.frame_count,
  sliceThicknessMm: r.slice_thickness_mm,
  rows: r.pixel_rows,
  columns: r.pixel_columns,
  category: r.category,
  verdict: r.verdict,
  flags: JSON.parse(r.flags) as Problem[],
});
