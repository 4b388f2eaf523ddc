import type { AddBatch, InstanceWriter } from './add-instances.ts';
import type { WritableDatabase } from './open-database.ts';
import type { ProvenanceEvent } from './provenance-events.ts';
import { forgetStudies } from './purge.ts';
import { deleteStudies, restoreStudies, setStudyMark } from './study-writes.ts';
import { decideVersions } from './versions.ts';

/** An event of the provenance log as it is done again; what was added comes with its scans. */
export type ReplayStep =
  | { readonly event: 'adds'; readonly batch: AddBatch }
  | Exclude<ProvenanceEvent, { event: 'add' }>;

/** In their order, in one transaction, without being logged once more. Answers the keys of studies that got objects. */
export function replaySteps(
  db: WritableDatabase,
  writer: InstanceWriter,
  scansDir: string,
  steps: readonly ReplayStep[],
): string[] {
  const keys = new Set<string>();
  try {
    db.transaction(() => {
      for (const step of steps) {
        if (step.event === 'adds') for (const { studyKey } of writer.add(step.batch)) keys.add(studyKey);
        else replayOne(db, scansDir, step);
      }
    })();
  } catch (error) {
    writer.forget();
    throw error;
  }
  return [...keys];
}

function replayOne(
  db: WritableDatabase,
  scansDir: string,
  step: Exclude<ReplayStep, { event: 'adds' }>,
): void {
  switch (step.event) {
    case 'mark':
      setStudyMark(db, step.mark, step.studies, step.value);
      break;
    case 'trash':
      deleteStudies(db, step.studies, step.atMs);
      break;
    case 'restore':
      restoreStudies(db, step.studies);
      break;
    case 'purge':
      forgetStudies(db, step.studies);
      break;
    case 'version':
      decideVersions(db, scansDir, step.decisions);
      break;
    case 'settings':
      db.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('settings', ?)").run(step.text);
  }
}
