import type { Migration } from '../migrate.ts';

/**
 * One index with all that queries can ask of a study, newest studies first: whatever a peer's C-FIND or QIDO-RS looks
 * for, no row is read before it matches. Names are in it as they are compared (`folded_name` is `nameFolded` of
 * row-values.ts).
 */
export const queryIndex: Migration = {
  version: 6,
  name: 'query index',
  sql: `
ALTER TABLE studies ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE studies SET name_folded = folded_name(name_alphabetic, name_ideographic, name_phonetic);
DROP INDEX studies_for_peers;
CREATE INDEX studies_for_queries ON studies (study_date, study_time, id, modalities, name_folded, name_latin,
  patient_id, accession, description, sex, birth_date, institution, issuer) WHERE deleted_at_ms IS NULL;
`,
};
