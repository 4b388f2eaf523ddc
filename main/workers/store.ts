import type { DataFolder } from '../host/folder.ts';
import { StudyList } from '../host/store/list-studies.ts';
import type { WritableDatabase } from '../host/store/open-database.ts';
import { type ReadOperations, readOperations } from '../host/store/read-operations.ts';
import { type StoreOperations, writeOperations } from '../host/store/write-operations.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

/** The store worker: the only writer of a data folder's index, or the database in memory behind opened places. */
let opened: { db: WritableDatabase; list: StudyList; scansDir: string | null } | null = null;
let key = new Uint8Array();

const writes = writeOperations({
  onOpen: (db: WritableDatabase, folder: DataFolder | null) => {
    opened = { db, list: new StudyList(db), scansDir: folder?.scans ?? null };
  },
  onUndecided: () => sendNote('undecided'),
});
const reads = readOperations(() => {
  if (!opened) throw new Error('the store is not open');
  return { ...opened, auditKey: key };
});
const operations: StoreOperations & ReadOperations = {
  ...writes,
  ...reads,
  open(input) {
    key = new Uint8Array(input.auditKey);
    return writes.open(input);
  },
};
serveWorker({ ...operations });
