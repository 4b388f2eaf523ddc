/** Asks DICOMweb servers, and writes what they give to part files. */
import { workerData } from 'node:worker_threads';
import type { IntakePlaces } from '../host/dimse/intake-client.ts';
import { webOperations } from '../host/web/operations.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

serveWorker({ ...webOperations(workerData as IntakePlaces, sendNote) }, { atOnce: true });
