import type { CallOutput } from '../../../core/contract/index.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

/** As `procedureSteps.list` shows it, but for what is here of its study. */
export type ProcedureStepShown = Omit<CallOutput<'procedureSteps.list'>[number], 'localStudyKey'>;

export interface ProcedureStepRow {
  readonly shown: ProcedureStepShown;
  /** Everything that was reported so far (Explicit VR little endian), for N-SET to add to. */
  readonly dataset: Uint8Array;
  readonly changedAtMs: number;
}

const listedSteps = 1000;

export function saveProcedureStep(
  db: WritableDatabase,
  { shown, dataset, changedAtMs }: ProcedureStepRow,
): void {
  db.prepare(
    `INSERT OR REPLACE INTO procedure_steps (sop_uid, state, study_uid, changed_at_ms, row, dataset)
     VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(
    shown.sopInstanceUID,
    shown.state,
    shown.studyInstanceUID,
    changedAtMs,
    JSON.stringify(shown),
    dataset,
  );
}

export function readProcedureStep(
  db: ReadableDatabase,
  { sopInstanceUID }: { sopInstanceUID: string },
): ProcedureStepRow | null {
  const row = db
    .prepare('SELECT row, dataset, changed_at_ms AS changedAtMs FROM procedure_steps WHERE sop_uid = ?')
    .get(sopInstanceUID) as { row: string; dataset: Uint8Array; changedAtMs: number } | undefined;
  if (!row) return null;
  const { dataset, changedAtMs } = row;
  return { shown: JSON.parse(row.row) as ProcedureStepShown, dataset: new Uint8Array(dataset), changedAtMs };
}

/** Newest first, each with the study here that it belongs to: by UID, else by accession number and patient. */
export function listProcedureSteps(db: ReadableDatabase): CallOutput<'procedureSteps.list'> {
  const rows = db
    .prepare('SELECT row FROM procedure_steps ORDER BY changed_at_ms DESC LIMIT ?')
    .pluck()
    .all(listedSteps) as string[];
  return rows.map((text) => {
    const shown = JSON.parse(text) as ProcedureStepShown;
    return { ...shown, localStudyKey: studyOfOrder(db, shown) };
  });
}

export interface Order {
  readonly studyInstanceUID: string;
  readonly accessionNumber: string;
  readonly patientId: string;
}

/** The study here that belongs to an order; null when there is none, or nothing to tell it by (lesson L80). */
export function studyOfOrder(db: ReadableDatabase, order: Order): string | null {
  const live = "scope = 's' AND deleted_at_ms IS NULL";
  const byUid =
    order.studyInstanceUID === ''
      ? undefined
      : db
          .prepare(`SELECT study_key FROM studies WHERE study_uid = ? AND ${live} ORDER BY id DESC LIMIT 1`)
          .pluck()
          .get(order.studyInstanceUID);
  if (byUid !== undefined) return String(byUid);
  if (order.accessionNumber === '' || order.patientId === '') return null;
  const found = db
    .prepare(
      `SELECT study_key FROM studies WHERE accession = ? AND patient_id = ? AND ${live} ORDER BY id DESC LIMIT 1`,
    )
    .pluck()
    .get(order.accessionNumber, order.patientId);
  return found === undefined ? null : String(found);
}
