import { peerOperations } from '../host/dimse/peer-operations.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

/** Talks to other stations as their client; all tasks run at once. */
serveWorker({ ...peerOperations(sendNote) }, { atOnce: true });
