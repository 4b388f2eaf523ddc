import type { Result } from '../../../core/base/result.ts';
import type { DumpSection } from '../store/canonical-dump.ts';
import type { ProvenanceEvent } from '../store/provenance-events.ts';
import type { Snapshot } from '../store/snapshots.ts';
import type { BackupMade, BackupTask } from './backup/make-backup.ts';
import type { Repaired, RepairTask } from './backup/repair.ts';
import type { BackupChecked, BackupSource, RestoreTask } from './backup/restore-backup.ts';

/**
 * What takes long and touches no row of the index in use: copies, checks and comparisons over connections and files of
 * its own, in one thread that may be ended at any time. Declared here, implemented in main/workers/keeper.ts.
 */
export interface KeeperOperations {
  provenanceFiles(input: { dir: string }): string[];
  provenance(input: { dir: string; name: string }): ProvenanceEvent[];
  /** Throws when the copy cannot be made or fails its check. */
  takeSnapshot(input: { index: string; backupsDir: string; nowMs: number }): Snapshot;
  /** "ok", or what is wrong. */
  checkIndex(input: { index: string; isQuick: boolean }): string;
  /** Lines that only one of two indexes has. */
  compareDumps(input: { a: string; b: string }): Partial<Record<DumpSection, number>>;
  hashOfDump(input: { index: string }): string;
  /** These tell their progress by notes (KeeperProgress). */
  makeBackup(input: BackupTask): Result<BackupMade>;
  checkBackup(input: BackupSource): Result<BackupChecked>;
  restoreBackup(input: RestoreTask): Result<BackupChecked>;
  /** Before anything is opened (swap-in.ts). */
  swapIn(input: { root: string }): Result<boolean>;
  repairObjects(input: RepairTask): Result<Repaired>;
}
