import { existsSync } from 'node:fs';
import type { DataFolder } from '../folder.ts';
import { objectPath } from '../objects/object-path.ts';
import { type AddBatch, InstanceWriter } from './add-instances.ts';
import type { WritableDatabase } from './open-database.ts';
import { readScanFile } from './scan-files.ts';
import { damages } from './show-study.ts';

/** Made from objects, readings and provenance; everything else is carried over as it stands. */
const remade = /^(patients|sources|studies|series|instances|scans|reading_states|study_search.*|sqlite_.*)$/;

/**
 * What the index in use knows and an index made again from files (`next`) does not: rows of objects that came
 * meanwhile or whose file is gone or cannot be read, marks, the trash, jobs, settings and the audit trail. Run by the
 * one writer, right before the swap.
 */
export function carryOver(live: WritableDatabase, next: WritableDatabase, folder: DataFolder): void {
  carryInstances(live, next, folder);
  next.prepare('ATTACH ? AS old').run(folder.index);
  try {
    next.transaction(() => {
      carryTables(next);
      carryMarks(next);
    })();
  } finally {
    next.exec('DETACH old');
  }
}

function carryInstances(live: WritableDatabase, next: WritableDatabase, folder: DataFolder): void {
  const writer = new InstanceWriter(next, folder.scans);
  const known = next.prepare('SELECT 1 FROM instances WHERE file_sha256 = ? LIMIT 1');
  const missing = next.prepare('UPDATE instances SET missing = ? WHERE file_sha256 = ?');
  const scanOf = live.prepare('SELECT scan FROM scans WHERE instance = ?').pluck();
  const rows = live
    .prepare(
      `SELECT i.id, i.file_sha256 AS fileSha256, i.dataset_sha256 AS datasetSha256, i.size_bytes AS sizeBytes,
              i.added_at_ms AS nowMs, coalesce(so.kind, st.source_kind) AS sourceKind,
              coalesce(so.label, '') AS sourceLabel, st.receipt_id AS receiptId, st.demo
       FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
       LEFT JOIN sources so ON so.id = i.source
       WHERE i.scope = 's' AND i.file_sha256 IS NOT NULL ORDER BY i.id`,
    )
    .iterate() as Iterable<CarriedRow>;
  const lacking: CarriedRow[] = [];
  for (const row of rows) if (known.get(row.fileSha256) === undefined) lacking.push(row);
  for (const row of lacking) {
    const { id, fileSha256, datasetSha256, sizeBytes, demo, ...batch } = row;
    const scan = (scanOf.get(id) as Uint8Array | null) ?? readScanFile(folder.scans, { id, fileSha256 });
    const item = { scan, fileSha256, datasetSha256, sizeBytes, path: null, modifiedAtMs: null };
    writer.add({ ...batch, scope: 's', demo: demo === 1, items: [item] });
    const isThere = existsSync(objectPath(folder.objects, fileSha256));
    if (!isThere) missing.run(damages.missing, fileSha256);
  }
}

interface CarriedRow extends Omit<AddBatch, 'scope' | 'items' | 'demo'> {
  readonly id: number;
  readonly fileSha256: string;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  readonly demo: number;
}

function carryTables(next: WritableDatabase): void {
  const names = next
    .prepare("SELECT name FROM old.sqlite_master WHERE type = 'table'")
    .pluck()
    .all() as string[];
  for (const name of names.filter((table) => !remade.test(table))) {
    next.exec(`INSERT OR REPLACE INTO main."${name}" SELECT * FROM old."${name}"`);
  }
}

function carryMarks(next: WritableDatabase): void {
  next.exec(`
    UPDATE main.studies AS n SET unread = o.unread, starred = o.starred, arriving = o.arriving, cut_off = o.cut_off,
      deleted_at_ms = o.deleted_at_ms, deleted_day = o.deleted_day, opened_at_ms = o.opened_at_ms,
      added_day = o.added_day
    FROM old.studies AS o WHERE o.study_key = n.study_key;
    UPDATE main.instances AS n SET missing = o.missing, verified_at_ms = o.verified_at_ms
    FROM old.instances AS o WHERE o.file_sha256 = n.file_sha256 AND o.scope = 's';
    DELETE FROM study_search WHERE rowid IN (SELECT id FROM main.studies WHERE deleted_at_ms IS NOT NULL);
    INSERT OR REPLACE INTO main.reading_states (study, state, saved_at_ms)
    SELECT n.id, r.state, r.saved_at_ms FROM old.reading_states r JOIN old.studies o ON o.id = r.study
    JOIN main.studies n ON n.study_key = o.study_key;
  `);
}
