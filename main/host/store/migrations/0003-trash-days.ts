import type { Migration } from '../migrate.ts';

/** What a purge needs: on which of our days a study was deleted, and which files a purge is about to remove. */
export const trashDays: Migration = {
  version: 3,
  name: 'trash days',
  sql: `
ALTER TABLE studies ADD COLUMN deleted_day INTEGER;
UPDATE studies SET deleted_day = 0 WHERE deleted_at_ms IS NOT NULL;
CREATE TABLE purges (
  path TEXT PRIMARY KEY,
  file_sha256 TEXT
) STRICT, WITHOUT ROWID;
`,
};
