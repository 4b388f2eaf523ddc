import type { Migration } from '../migrate.ts';

/**
 * What other stations did and said: outcomes of transfers, one row an object, so that a send goes on where a dead host
 * left it; commitments still waited for; performed procedure steps. The last index lets a peer's query look at every
 * name without reading the rows.
 */
export const peers: Migration = {
  version: 4,
  name: 'peers',
  sql: `
CREATE TABLE transfers (
  job_id TEXT NOT NULL,
  sop_uid TEXT NOT NULL,
  sop_class TEXT NOT NULL,
  state TEXT NOT NULL,
  status INTEGER,
  transcoded_to TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  problem TEXT,
  PRIMARY KEY (job_id, sop_uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE commitments (
  transaction_uid TEXT PRIMARY KEY,
  job_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE procedure_steps (
  sop_uid TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  study_uid TEXT NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX procedure_steps_by_study ON procedure_steps (study_uid);
CREATE INDEX procedure_steps_by_change ON procedure_steps (changed_at_ms);
CREATE INDEX studies_for_peers ON studies (name_alphabetic, name_ideographic, name_phonetic, accession, study_date)
  WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_by_accession ON studies (accession) WHERE deleted_at_ms IS NULL;
`,
};
