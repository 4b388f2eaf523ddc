import { workerData } from 'node:worker_threads';
import type { DataFolder } from '../host/folder.ts';
import { StudyList } from '../host/store/list-studies.ts';
import { openReadable } from '../host/store/open-database.ts';
import { readOperations } from '../host/store/read-operations.ts';
import { type SwapGate, standAside } from '../host/store/swap-index.ts';
import { serveWorker } from '../host/worker-rpc.ts';

/** A reader of the index: a `query_only` connection of its own, never blocked by the writer (WAL). */
const { folder, auditKey } = workerData as { folder: DataFolder; auditKey: Uint8Array };
let db = openReadable(folder.index);
let list = new StudyList(db);

serveWorker({
  ...readOperations(() => ({ db, list, scansDir: folder.scans, auditKey })),
  /** Waits, without a connection, while the writer puts another index in its place. */
  standAside({ gate }: { gate: SwapGate }) {
    db.close();
    standAside(gate);
    db = openReadable(folder.index);
    list = new StudyList(db);
  },
  close: () => {
    db.close();
  },
});
