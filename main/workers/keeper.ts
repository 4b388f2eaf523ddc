import { type KeeperProgress, makeBackup } from '../host/storage/backup/make-backup.ts';
import { repairObjects } from '../host/storage/backup/repair.ts';
import { checkBackup, restoreBackup } from '../host/storage/backup/restore-backup.ts';
import type { KeeperOperations } from '../host/storage/keeper-operations.ts';
import { swapIn } from '../host/storage/swap-in.ts';
import { compareDumps, hashOfDump } from '../host/store/canonical-dump.ts';
import { openReadable } from '../host/store/open-database.ts';
import { provenanceFiles, readProvenance } from '../host/store/provenance-log.ts';
import { checkIndex, takeSnapshot } from '../host/store/snapshots.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

/** Progress at most this often: a backup may be of millions of small files. */
const tellEveryMs = 50;
let toldAtMs = 0;
function tell(progress: KeeperProgress): void {
  const isLast = progress.done === progress.total;
  if (!isLast && Date.now() - toldAtMs < tellEveryMs) return;
  toldAtMs = Date.now();
  sendNote(progress);
}

/** Keeps the store: long reading and copying beside the index in use; may be ended at any time. */
const operations: KeeperOperations = {
  provenanceFiles: ({ dir }) => provenanceFiles(dir),
  provenance: ({ dir, name }) => readProvenance(dir, name),
  takeSnapshot: ({ index, backupsDir, nowMs }) => takeSnapshot(index, backupsDir, nowMs),
  checkIndex: ({ index, isQuick }) => checkIndex(index, isQuick),
  compareDumps({ a, b }) {
    const [one, other] = [openReadable(a), openReadable(b)];
    try {
      return compareDumps(one, other);
    } finally {
      one.close();
      other.close();
    }
  },
  hashOfDump({ index }) {
    const db = openReadable(index);
    try {
      return hashOfDump(db);
    } finally {
      db.close();
    }
  },
  makeBackup: (task) => makeBackup(task, tell),
  checkBackup: (task) => checkBackup(task, tell),
  restoreBackup: (task) => restoreBackup(task, tell),
  repairObjects: (task) => repairObjects(task, tell),
  swapIn: ({ root }) => swapIn(root),
};
serveWorker({ ...operations });
