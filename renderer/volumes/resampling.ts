import type { VolumeGroup } from '../../core/volume/types.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import workerUrl from '../workers/resample.ts?worker&url';

/** What the resampling worker needs; the arrays lie in shared memory. */
export interface ResampleMessage {
  readonly group: VolumeGroup;
  readonly acquired: Int16Array | Float32Array;
  readonly out: Int16Array | Float32Array;
  readonly outside: number;
  /** Between rows, between columns. */
  readonly spacingMm: readonly [number, number];
}

/** Resamples away from the page's thread. Answers the function that gives it up. */
export function resampleInWorker(message: ResampleMessage, onDone: (isWhole: boolean) => void): () => void {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module', name: 'resample' });
  const end = (isWhole: boolean): void => {
    worker.terminate();
    onDone(isWhole);
  };
  worker.onmessage = () => end(true);
  worker.onerror = () => end(false);
  worker.postMessage(message);
  return () => worker.terminate();
}
