import type { CallOutput } from '../../../core/contract/index.ts';
import type { ProcedureStep } from '../../../core/dimse/procedure-step.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

const listedSteps = 1000;

export function saveProcedureStep(
  db: WritableDatabase,
  { step, changedAtMs }: { step: ProcedureStep; changedAtMs: number },
): void {
  db.prepare(
    `INSERT OR REPLACE INTO procedure_steps (sop_uid, state, study_uid, changed_at_ms, row)
     VALUES (?, ?, ?, ?, ?)`,
  ).run(step.sopInstanceUID, step.state, step.studyInstanceUIDs[0] ?? '', changedAtMs, JSON.stringify(step));
}

export function readProcedureStep(
  db: ReadableDatabase,
  { sopInstanceUID }: { sopInstanceUID: string },
): ProcedureStep | null {
  const text = db.prepare('SELECT row FROM procedure_steps WHERE sop_uid = ?').pluck().get(sopInstanceUID);
  return text === undefined ? null : (JSON.parse(String(text)) as ProcedureStep);
}

/** Newest first, each with the study here that it belongs to: by UID, else by accession number and patient. */
export function listProcedureSteps(db: ReadableDatabase): CallOutput<'procedureSteps.list'> {
  const rows = db
    .prepare('SELECT row FROM procedure_steps ORDER BY changed_at_ms DESC LIMIT ?')
    .pluck()
    .all(listedSteps) as string[];
  return rows.map((text) => {
    const step = JSON.parse(text) as ProcedureStep;
    const { sopInstanceUID, state, patientName, patientId, accessionNumber, modality, stationAeTitle } = step;
    const studyInstanceUID = step.studyInstanceUIDs[0] ?? '';
    return {
      sopInstanceUID,
      state,
      patientName,
      patientId,
      accessionNumber,
      studyInstanceUID,
      modality,
      stationAeTitle,
      procedureStepId: step.procedureStepId,
      description: step.description,
      startedAt: `${step.startDate}${step.startTime}`,
      endedAt: `${step.endDate}${step.endTime}`,
      localStudyKey: studyOfOrder(db, { studyInstanceUID, accessionNumber, patientId }),
    };
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
