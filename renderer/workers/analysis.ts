import { operations } from '../analysis/operations.ts';
import type { AnalysisRequest } from '../analysis/protocol.ts';
import { AnalysisSide } from '../analysis/worker-side.ts';

/** Analyses of one volume; the page ends it with the volume. */
const side = new AnalysisSide(operations, (answer) => postMessage(answer));

addEventListener('message', (event: MessageEvent<AnalysisRequest>) => side.handle(event.data));
