import { ok, type Result } from '../../../core/base/result.ts';
import { type AddBatch, type AddedInstance, InstanceWriter } from './add-instances.ts';
import { migrate } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';

/** An index with all tables and no file. Problems: MIGRATION_FAILED. */
export function openMemoryIndex(): Result<WritableDatabase> {
  const opened = openWritable(':memory:');
  if (!opened.ok) return opened;
  const migrated = migrate(opened.value, { backupDir: null, freeBytes: Number.POSITIVE_INFINITY });
  return migrated.ok ? ok(opened.value) : migrated;
}

/** Where a rehearsed import (import/rehearsal.ts) writes its rows: made with the first, gone with `end`. */
export class RehearsalIndex {
  #open: { readonly db: WritableDatabase; readonly writer: InstanceWriter } | null = null;

  add(batch: AddBatch): AddedInstance[] {
    if (!this.#open) {
      const db = openMemoryIndex();
      if (!db.ok) throw new Error(db.problem.code);
      this.#open = { db: db.value, writer: new InstanceWriter(db.value, null) };
    }
    return this.#open.writer.add(batch);
  }

  end(): void {
    this.#open?.db.close();
    this.#open = null;
  }
}
