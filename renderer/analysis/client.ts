import type { ScalarField } from '../../core/analysis/types.ts';
import { problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import workerUrl from '../workers/analysis.ts?worker&url';
import type { operations } from './operations.ts';
import type { AnalysisAnswer, AnalysisRequest, Operation } from './protocol.ts';

type Operations = typeof operations;
export type OperationName = Extract<keyof Operations, string>;
export type InputOf<N extends OperationName> = Operations[N] extends Operation<infer I, unknown> ? I : never;
export type OutputOf<N extends OperationName> = Operations[N] extends Operation<never, infer O> ? O : never;

/** The part of a Worker that the client uses; tests give another. */
export interface AnalysisWorker {
  postMessage(request: AnalysisRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<AnalysisAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

const startWorker = (): AnalysisWorker =>
  new Worker(trustedWorkerUrl(workerUrl), { type: 'module', name: 'analysis' }) as AnalysisWorker;

/** Cells for requests that wait at a time; a request's cell holds its id once it is to stop. */
const stopCells = 64;

interface Waiting {
  settle(result: Result<unknown> | null): void;
  progress(done: number): void;
}

export interface RunOptions {
  /** Ends the work; its promise answers null. */
  readonly signal?: AbortSignal;
  onProgress?(done: number): void;
}

/**
 * Analyses of one volume away from the page's thread: a worker over the volume's shared memory, which runs one request
 * after the other. Voxels are seen as they are when a request begins. Ends with the volume.
 */
export class AnalysisClient {
  private readonly worker: AnalysisWorker;
  private readonly stopped = new Int32Array(new SharedArrayBuffer(4 * stopCells));
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private isEnded = false;

  constructor(field: ScalarField, start: () => AnalysisWorker = startWorker) {
    this.worker = start();
    this.worker.onmessage = ({ data }) => this.answer(data);
    this.worker.onerror = () => this.fail();
    this.worker.postMessage({ kind: 'open', field, stopped: this.stopped });
  }

  /** What an operation gives, or its problem; null when it was stopped. */
  run<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options: RunOptions = {},
  ): Promise<Result<OutputOf<N>> | null> {
    const { signal, onProgress } = options;
    if (this.isEnded) return Promise.resolve(fail(problem('INTERNAL')));
    if (signal?.aborted) return Promise.resolve(null);
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve) => {
      const stop = (): void => this.stop(id);
      signal?.addEventListener('abort', stop, { once: true });
      this.waiting.set(id, {
        settle(result) {
          signal?.removeEventListener('abort', stop);
          resolve(result as Result<OutputOf<N>> | null);
        },
        progress: (done) => onProgress?.(done),
      });
      this.worker.postMessage({ kind: 'run', id, name, input });
    });
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.worker.terminate();
    for (const waiting of this.waiting.values()) waiting.settle(null);
    this.waiting.clear();
  }

  private stop(id: number): void {
    Atomics.store(this.stopped, id % stopCells, id);
    this.settle(id, null);
  }

  private answer(data: AnalysisAnswer): void {
    switch (data.kind) {
      case 'progress':
        this.waiting.get(data.id)?.progress(data.done);
        return;
      case 'done':
        this.settle(data.id, ok(data.value));
        return;
      case 'problem':
        this.settle(data.id, fail(data.problem));
        return;
      case 'stopped':
        this.settle(data.id, null);
    }
  }

  private settle(id: number, result: Result<unknown> | null): void {
    this.waiting.get(id)?.settle(result);
    this.waiting.delete(id);
  }

  /** The worker could not be loaded, or ran out of memory: what waits is told, and the next requests at once. */
  private fail(): void {
    this.isEnded = true;
    this.worker.terminate();
    for (const waiting of this.waiting.values()) waiting.settle(fail(problem('INTERNAL')));
    this.waiting.clear();
  }
}
