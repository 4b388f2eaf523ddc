import type { Migration } from '../migrate.ts';

/**
 * The same image again (issue 10): `shows` is 0 for an older version and while a new one is still undecided;
 * `difference` is why a row stands beside another of its SOP Instance UID (`versions.ts`). And what rules and backups
 * need: when a study was last opened, on which of our days it came, where backups lie.
 */
export const versions: Migration = {
  version: 5,
  name: 'versions',
  sql: `
ALTER TABLE instances ADD COLUMN shows INTEGER NOT NULL DEFAULT 1;
ALTER TABLE instances ADD COLUMN difference TEXT NOT NULL DEFAULT 'none';
ALTER TABLE instances ADD COLUMN pixels_sha256 TEXT;
ALTER TABLE instances ADD COLUMN source INTEGER REFERENCES sources (id);
UPDATE instances SET difference = 'pixels' WHERE instr(flags, '"UID_CONFLICT"') > 0 AND EXISTS (
  SELECT 1 FROM instances o WHERE o.sop_uid = instances.sop_uid AND o.scope = instances.scope
  AND o.id < instances.id);
UPDATE instances SET source = (SELECT st.source FROM series se JOIN studies st ON st.id = se.study
  WHERE se.id = instances.series);
CREATE INDEX instances_undecided ON instances (id) WHERE difference = 'undecided';
CREATE INDEX instances_damaged ON instances (id) WHERE missing <> 0;
ALTER TABLE studies ADD COLUMN opened_at_ms INTEGER;
ALTER TABLE studies ADD COLUMN added_day INTEGER NOT NULL DEFAULT 0;
CREATE TABLE backups (
  path TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  instances INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  encrypted INTEGER NOT NULL,
  verified INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
