import type { Migration } from '../migrate.ts';

/** Pictures of a study: a cine loop of 120 frames is one object, and people count what they look at. */
export const studyFrames: Migration = {
  version: 9,
  name: 'study frames',
  sql: `
ALTER TABLE studies ADD COLUMN frame_count INTEGER NOT NULL DEFAULT 0;
UPDATE studies SET frame_count = (
  SELECT coalesce(sum(CASE WHEN frame_count BETWEEN 1 AND 100000 THEN frame_count ELSE instance_count END), 0)
  FROM series WHERE study = studies.id AND category IN ('image', 'video'));
DROP INDEX studies_by_instances;
CREATE INDEX studies_by_frames ON studies (frame_count) WHERE deleted_at_ms IS NULL;
`,
};
