import { problem } from '../../core/base/problem.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import workerUrl from '../workers/inflate.ts?worker&url';
import type { InflateAnswer } from './deflated.ts';

/** A file that inflates for longer than this is given up. */
const deadlineMs = 20_000;

/** Inflates an object's pixel bytes in a worker of its own that ends with it. */
export function inflateInWorker(file: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<InflateAnswer> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module', name: 'inflate' });
  return new Promise((resolve) => {
    const end = (answer: InflateAnswer): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      worker.terminate();
      resolve(answer);
    };
    const cancel = (): void => end({ problem: problem('CANCELLED') });
    const timer = setTimeout(() => end({ problem: problem('DEADLINE') }), deadlineMs);
    signal.addEventListener('abort', cancel);
    worker.onmessage = ({ data }: MessageEvent<InflateAnswer>) => end(data);
    worker.onerror = () => end({ problem: problem('INTERNAL') });
    worker.postMessage(file, [file.buffer]);
  });
}
