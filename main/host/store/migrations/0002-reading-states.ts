import type { Migration } from '../migrate.ts';

/** What a reader did to a study (measurements, windows, layout), as the page's own JSON; goes with its study. */
export const readingStates: Migration = {
  version: 2,
  name: 'reading states',
  sql: `
CREATE TABLE reading_states (
  study INTEGER PRIMARY KEY REFERENCES studies (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  saved_at_ms INTEGER NOT NULL
) STRICT;
`,
};
