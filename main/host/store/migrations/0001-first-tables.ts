import type { Migration } from '../migrate.ts';

/**
 * The first schema. `scope` is `s` for what is stored and `p<n>` for a place opened without importing (those rows
 * live in a database in memory). Counts are kept in studies and series, so that no list has to aggregate.
 */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  sql: `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE patients (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  name_key TEXT NOT NULL,
  birth_date TEXT NOT NULL
) STRICT;
CREATE INDEX patients_by_id ON patients (scope, patient_id, name_key);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE studies (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  study_key TEXT NOT NULL UNIQUE,
  study_uid TEXT NOT NULL,
  patient INTEGER NOT NULL REFERENCES patients (id),
  patient_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  name_alphabetic TEXT NOT NULL,
  name_ideographic TEXT,
  name_phonetic TEXT,
  name_latin TEXT NOT NULL,
  name_sort TEXT NOT NULL,
  charset_guess INTEGER NOT NULL,
  sex TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  age TEXT NOT NULL,
  age_days INTEGER NOT NULL,
  study_date TEXT NOT NULL,
  study_time TEXT NOT NULL,
  modalities TEXT NOT NULL,
  description TEXT NOT NULL,
  accession TEXT NOT NULL,
  institution TEXT NOT NULL,
  series_count INTEGER NOT NULL,
  instance_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  source_kind TEXT NOT NULL,
  source INTEGER REFERENCES sources (id),
  unread INTEGER NOT NULL,
  starred INTEGER NOT NULL,
  demo INTEGER NOT NULL,
  arriving INTEGER NOT NULL,
  flags TEXT NOT NULL,
  receipt_id TEXT,
  added_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE INDEX studies_by_uid ON studies (study_uid, scope);
CREATE INDEX studies_by_patient ON studies (patient);
CREATE INDEX studies_arriving ON studies (id) WHERE arriving = 1;
CREATE INDEX studies_in_trash ON studies (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
CREATE INDEX studies_by_name ON studies (name_sort) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_patient_id ON studies (patient_id) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_sex ON studies (sex) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_age ON studies (age_days) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_date ON studies (study_date, study_time) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_modality ON studies (modalities) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_description ON studies (description) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_series ON studies (series_count) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_instances ON studies (instance_count) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_bytes ON studies (bytes) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_source ON studies (source_kind) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_added ON studies (added_at_ms) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_unread ON studies (id) WHERE unread = 1 AND deleted_at_ms IS NULL;
CREATE INDEX studies_starred ON studies (id) WHERE starred = 1 AND deleted_at_ms IS NULL;

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  study INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  series_key TEXT NOT NULL UNIQUE,
  series_uid TEXT NOT NULL,
  number INTEGER,
  description TEXT NOT NULL,
  modality TEXT NOT NULL,
  body_part TEXT NOT NULL,
  instance_count INTEGER NOT NULL,
  frame_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  slice_thickness_mm REAL,
  pixel_rows INTEGER,
  pixel_columns INTEGER,
  category TEXT NOT NULL,
  verdict TEXT,
  flags TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX series_by_study ON series (study, series_uid);
CREATE INDEX series_by_uid ON series (series_uid);

CREATE TABLE instances (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  instance_key TEXT NOT NULL UNIQUE,
  sop_uid TEXT NOT NULL,
  sop_class TEXT NOT NULL,
  instance_number INTEGER,
  transfer_syntax TEXT NOT NULL,
  deflated INTEGER NOT NULL,
  file_sha256 TEXT,
  dataset_sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  dataset_offset INTEGER NOT NULL,
  pixel_kind TEXT NOT NULL,
  pixel_offset INTEGER,
  pixel_length INTEGER,
  pixel_rows INTEGER,
  pixel_columns INTEGER,
  frames INTEGER NOT NULL,
  position TEXT,
  orientation TEXT,
  pixel_spacing TEXT,
  slice_thickness_mm REAL,
  frame_of_reference TEXT,
  flags TEXT NOT NULL,
  path TEXT,
  modified_at_ms REAL,
  missing INTEGER NOT NULL DEFAULT 0,
  verified_at_ms INTEGER,
  added_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX instances_by_series ON instances (series);
CREATE UNIQUE INDEX instances_by_uid ON instances (sop_uid, scope, dataset_sha256);
CREATE INDEX instances_by_file ON instances (file_sha256);

CREATE TABLE scans (
  instance INTEGER PRIMARY KEY REFERENCES instances (id) ON DELETE CASCADE,
  scan BLOB
) STRICT;

CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  input TEXT NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_start ON jobs (started_at_ms);

CREATE TABLE receipts (
  receipt_id TEXT PRIMARY KEY,
  job_id TEXT NOT NULL,
  finished_at_ms INTEGER NOT NULL,
  receipt TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_end ON receipts (finished_at_ms);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous BLOB NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be cut'); END;

CREATE VIRTUAL TABLE study_search USING fts5 (
  names, ids, words,
  content = '', contentless_delete = 1, prefix = '1 2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);
`,
};
