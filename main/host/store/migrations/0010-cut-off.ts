import type { Migration } from '../migrate.ts';

/** A study whose sender went away midway, or of which not all was retrieved: it may be incomplete. */
export const cutOff: Migration = {
  version: 10,
  name: 'cut off',
  sql: 'ALTER TABLE studies ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0;',
};
