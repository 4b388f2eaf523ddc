import { parseOperations } from '../host/parse/operations.ts';
import { serveWorker } from '../host/worker-rpc.ts';

serveWorker({ ...parseOperations() });
