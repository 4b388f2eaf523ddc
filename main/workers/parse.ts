import { parseOperations } from '../host/parse/operations.ts';
import { warmUp } from '../host/parse/warm-up.ts';
import { serveWorker } from '../host/worker-rpc.ts';

serveWorker({ ...parseOperations() });
warmUp();
