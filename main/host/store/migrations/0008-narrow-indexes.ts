import type { Migration } from '../migrate.ts';

/** Two narrower indexes beside the one with everything: what most queries look at, in half the bytes (query-indexes.ts). */
export const narrowIndexes: Migration = {
  version: 8,
  name: 'narrow query indexes',
  sql: `
CREATE INDEX studies_for_names ON studies (study_date, study_time, id, modalities, name_folded, patient_id, accession, sex,
  birth_date, study_id) WHERE deleted_at_ms IS NULL;
CREATE INDEX studies_for_texts ON studies (study_date, study_time, id, modalities, study_id, referring_folded, description,
  institution) WHERE deleted_at_ms IS NULL;
`,
};
