import type { StudySource } from '../../../core/contract/common.ts';
import type { WritableDatabase } from './open-database.ts';
import { type ProvenanceEvent, packHash } from './provenance-events.ts';
import { type ProvenanceLog, provenanceFiles, readProvenance } from './provenance-log.ts';
import type { Decision } from './versions.ts';

interface Row {
  readonly id: number;
  readonly fileSha256: string;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  readonly atMs: number;
  readonly source: number;
  readonly kind: StudySource;
  readonly label: string;
  readonly receiptId: string | null;
  readonly demo: number;
}

const rowsPerEvent = 500;
/** Files of the log that a row since the last clean end may be told in. */
const newestFiles = 2;

/**
 * Logs what the index has and the log lacks: all of a store from before there was a log, and lines that a power cut
 * took. Answers the last row's id, to go on from after a clean end.
 */
export function completeProvenance(db: WritableDatabase, dir: string, log: ProvenanceLog): void {
  const through = Number(readMeta(db, 'provenanceThrough') ?? 0);
  const last = Number(db.prepare('SELECT max(id) FROM instances').pluck().get() ?? 0);
  if (last <= through) return;
  const files = provenanceFiles(dir);
  const told = new Set<string>();
  for (const name of files.slice(-newestFiles)) {
    for (const event of readProvenance(dir, name)) {
      if (event.event === 'add') for (const [hash] of event.files) told.add(hash);
    }
  }
  for (const event of rowsAsEvents(db, through, told)) log.append(event);
  if (files.length === 0) for (const event of marksAsEvents(db)) log.append(event);
}

/** Called at a clean end: all rows up to now are in the log. */
export function noteProvenance(db: WritableDatabase): void {
  db.prepare(
    "INSERT OR REPLACE INTO meta (key, value) SELECT 'provenanceThrough', coalesce(max(id), 0) FROM instances",
  ).run();
}

const readMeta = (db: WritableDatabase, key: string): unknown =>
  db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);

function* rowsAsEvents(
  db: WritableDatabase,
  through: number,
  told: ReadonlySet<string>,
): Generator<ProvenanceEvent> {
  const rows = db
    .prepare(
      `SELECT i.id, i.file_sha256 AS fileSha256, i.dataset_sha256 AS datasetSha256, i.size_bytes AS sizeBytes,
              i.added_at_ms AS atMs, coalesce(i.source, 0) AS source, coalesce(so.kind, st.source_kind) AS kind,
              coalesce(so.label, '') AS label, st.receipt_id AS receiptId, st.demo
       FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
       LEFT JOIN sources so ON so.id = i.source
       WHERE i.id > ? AND i.scope = 's' AND i.file_sha256 IS NOT NULL ORDER BY i.id`,
    )
    .iterate(through) as Iterable<Row>;
  let group: Row[] = [];
  for (const row of rows) {
    if (told.has(packHash(row.fileSha256))) continue;
    const first = group[0];
    const isSame =
      first && first.source === row.source && first.atMs === row.atMs && first.receiptId === row.receiptId;
    if (first && (!isSame || group.length >= rowsPerEvent)) {
      yield eventOf(group);
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield eventOf(group);
}

function eventOf(group: readonly Row[]): ProvenanceEvent {
  const { atMs, kind: source, label, receiptId, demo } = group[0]!;
  const files = group.map(
    (row) => [packHash(row.fileSha256), packHash(row.datasetSha256), row.sizeBytes] as const,
  );
  return { event: 'add', atMs, source, label, receiptId, demo: demo === 1, files };
}

interface DecidedRow {
  readonly newer: string;
  readonly pixels: string | null;
  readonly older: string | null;
  readonly difference: 'transferSyntax' | 'attributes' | null;
}

/** What people marked before there was a log. */
function* marksAsEvents(db: WritableDatabase): Generator<ProvenanceEvent> {
  const keys = (where: string): string[] =>
    db.prepare(`SELECT study_key FROM studies WHERE scope = 's' AND ${where}`).pluck().all() as string[];
  const settings = db.prepare("SELECT value FROM settings WHERE key = 'settings'").pluck().get();
  if (settings !== undefined) yield { event: 'settings', atMs: 0, text: String(settings) };
  yield { event: 'mark', atMs: 0, mark: 'starred', value: true, studies: keys('starred = 1') };
  yield { event: 'mark', atMs: 0, mark: 'unread', value: false, studies: keys('unread = 0') };
  const decided = db
    .prepare(
      `SELECT n.file_sha256 AS newer, n.pixels_sha256 AS pixels, o.file_sha256 AS older, o.difference
       FROM instances o JOIN instances n ON n.sop_uid = o.sop_uid AND n.scope = o.scope AND n.shows = 1
         AND n.difference = 'none'
       WHERE o.shows = 0 AND o.difference IN ('transferSyntax', 'attributes')
       UNION ALL SELECT file_sha256, pixels_sha256, NULL, NULL FROM instances
       WHERE difference = 'pixels' AND scope = 's'`,
    )
    .all() as DecidedRow[];
  const decisions = decided.map(
    ({ newer, older, difference, pixels }): Decision => ({
      fileSha256: newer,
      pixelsSha256: pixels,
      of: older !== null && difference !== null ? { fileSha256: older, difference } : null,
    }),
  );
  if (decisions.length > 0) yield { event: 'version', atMs: 0, decisions };
  const trashed = db
    .prepare(
      "SELECT study_key AS key, deleted_at_ms AS atMs FROM studies WHERE deleted_at_ms IS NOT NULL AND scope = 's'",
    )
    .all() as { key: string; atMs: number }[];
  for (const { key, atMs } of trashed) yield { event: 'trash', atMs, studies: [key] };
}
