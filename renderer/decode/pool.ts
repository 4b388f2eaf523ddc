import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import { type WasmCodecName, wasmCodecOf } from '../../core/pixels/wasm-codecs.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import { kernelModule } from '../cpu/kernel-module.ts';
import type { FrameImage } from '../volumes/frame-image.ts';
import workerUrl from '../workers/decode.ts?worker&url';
import {
  type DecodedMessage,
  type FrameOrder,
  type LoadRequest,
  newProgress,
  progressCells,
  targetView,
  type WorkerReply,
  type WorkerRequest,
} from './messages.ts';

/** Time for one frame; a decoder that needs longer hangs. Fetching has no limit of its own: a disc may spin up. */
const frameDeadlineMs = 10_000;

/** Workers that are started ahead. */
const warmMost = 2;

/** The part of a Worker that the pool uses; tests give another. */
export interface DecodeWorker {
  postMessage(message: WorkerRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<WorkerReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A request without its number, and who is told. */
export type PoolRequest = LoadRequest extends infer R
  ? R extends LoadRequest
    ? Omit<R, 'id'>
    : never
  : never;

export interface DecodePool {
  /** Answers when every frame was told, or the signal aborted. */
  run(
    request: PoolRequest,
    signal: AbortSignal,
    onFrame: (index: number, result: Result<FrameImage>) => void,
  ): Promise<void>;
  /** Starts workers ahead of the first frame. */
  warm(): void;
  /** Starts the codecs that frames of a plan need, in the workers that run. */
  expect(plan: Pick<SeriesPlan, 'instances'>): void;
  /** No frame is begun until `go`, or for a moment: the page needs the processor. */
  hold(): void;
  go(): void;
  /** Ends workers that have nothing to do: what they were given is in memory until their engine collects it. */
  rest(): void;
  /** Ends all workers; what waits is answered with CANCELLED. */
  close(): void;
}

function startWorker(): DecodeWorker {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module', name: 'decode' }) as DecodeWorker;
  // Without them it decodes all the same.
  kernelModule().then(
    (module) => worker.postMessage({ kind: 'kernels', module }),
    () => undefined,
  );
  return worker;
}

/**
 * Fetches and decodes frames in `count` workers; a request goes to the one that has least to do. A worker that
 * hangs or dies costs the frame it had (DEADLINE, INTERNAL): it is replaced, and the rest is asked for again.
 */
export function createDecodePool(
  count: number,
  start: () => DecodeWorker = startWorker,
  deadlineMs = frameDeadlineMs,
): DecodePool {
  const slots = Array.from({ length: Math.max(1, count) }, () => new Slot(start, deadlineMs));
  let closed = false;
  let lastId = 0;
  return {
    run(request, signal, onFrame) {
      if (closed || signal.aborted) {
        if (!signal.aborted)
          for (const { index } of request.frames) onFrame(index, fail(problem('CANCELLED')));
        return Promise.resolve();
      }
      lastId += 1;
      const id = lastId;
      const slot = slots.reduce((least, other) => (other.load < least.load ? other : least));
      return slot.run({ ...request, id }, signal, onFrame);
    },
    warm() {
      for (const slot of slots.slice(0, warmMost)) slot.warm();
    },
    expect({ instances }) {
      const syntaxes = new Set(instances.map(({ transferSyntaxUID }) => transferSyntaxUID));
      for (const syntax of syntaxes) {
        const name = wasmCodecOf(syntax);
        if (name) for (const slot of slots) slot.expect(name);
      }
    },
    hold() {
      for (const slot of slots) slot.hold(1);
    },
    go() {
      for (const slot of slots) slot.hold(0);
    },
    rest() {
      for (const slot of slots) slot.rest();
    },
    close() {
      closed = true;
      for (const slot of slots) slot.close();
    },
  };
}

interface Running {
  readonly request: LoadRequest;
  /** Frames not told yet. */
  readonly left: Map<number, FrameOrder>;
  readonly onFrame: (index: number, result: Result<FrameImage>) => void;
  readonly end: () => void;
}

/** One worker and its requests; the worker starts with the first of them, or ahead of it. */
class Slot {
  readonly #start: () => DecodeWorker;
  readonly #deadlineMs: number;
  readonly #running = new Map<number, Running>();
  #progress = newProgress();
  #worker: DecodeWorker | null = null;
  #watch: ReturnType<typeof setInterval> | undefined;
  readonly #expected = new Set<WasmCodecName>();

  constructor(start: () => DecodeWorker, deadlineMs: number) {
    this.#start = start;
    this.#deadlineMs = deadlineMs;
  }

  /** Frames to come. */
  get load(): number {
    let sum = 0;
    for (const { left } of this.#running.values()) sum += left.size;
    return sum;
  }

  run(request: LoadRequest, signal: AbortSignal, onFrame: Running['onFrame']): Promise<void> {
    const left = new Map(request.frames.map((order) => [order.index, order]));
    return new Promise((resolve) => {
      const cancel = (): void => {
        this.#worker?.postMessage({ kind: 'cancel', id: request.id });
        end();
      };
      const end = (): void => {
        this.#running.delete(request.id);
        signal.removeEventListener('abort', cancel);
        if (this.#running.size === 0) this.#unwatch();
        resolve();
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#running.set(request.id, { request, left, onFrame, end });
      this.#keepWatch();
      this.warm().postMessage(request);
    });
  }

  warm(): DecodeWorker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    this.#worker = worker;
    this.#expected.clear();
    this.#progress = newProgress();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => this.#replace(problem('INTERNAL', { reason: event.message }));
    worker.postMessage({ kind: 'open', progress: this.#progress });
    return worker;
  }

  /** Once for each worker: it may be asked again and again. */
  expect(name: WasmCodecName): void {
    if (!this.#worker || this.#expected.has(name)) return;
    this.#expected.add(name);
    this.#worker.postMessage({ kind: 'codec', name });
  }

  hold(cell: 0 | 1): void {
    Atomics.store(this.#progress, progressCells.held, cell);
    Atomics.notify(this.#progress, progressCells.held);
  }

  rest(): void {
    if (this.#running.size > 0) return;
    this.#worker?.terminate();
    this.#worker = null;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const running of [...this.#running.values()]) failAll(running, problem('CANCELLED'));
  }

  #hear(reply: WorkerReply): void {
    const running = this.#running.get(reply.id);
    if (!running) return;
    if (reply.kind === 'done') failAll(running, problem('IO_ERROR'));
    else for (const { index, decoded } of reply.frames) tell(running, index, decoded);
  }

  /** A worker that has begun nothing new since the last look, but is decoding, hangs. */
  #keepWatch(): void {
    let begun = -1;
    this.#watch ??= setInterval(() => {
      const now = Atomics.load(this.#progress, progressCells.begun);
      const isDecoding = Atomics.load(this.#progress, progressCells.decoding) > 0;
      if (isDecoding && now === begun) this.#replace(problem('DEADLINE'));
      begun = isDecoding ? now : -1;
    }, this.#deadlineMs);
  }

  #unwatch(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** Ends the worker: the frame that it had fails, what else was fetched is asked for again. */
  #replace(reason: Problem): void {
    const index = Atomics.load(this.#progress, progressCells.decoding) - 1;
    this.#worker?.terminate();
    this.#worker = null;
    this.#unwatch();
    for (const running of [...this.#running.values()]) {
      const { request, left } = running;
      if (left.has(index)) tell(running, index, { kind: 'failed', problem: reason });
      // Without a culprit the next worker would end in the same way.
      if (index < 0 || request.kind === 'decode' || left.size === 0) failAll(running, reason);
      else {
        this.warm().postMessage({ ...request, frames: [...left.values()] });
        this.#keepWatch();
      }
    }
  }
}

function tell(running: Running, index: number, decoded: DecodedMessage): void {
  const order = running.left.get(index);
  if (!order) return;
  running.left.delete(index);
  running.onFrame(index, imageOf(decoded, order));
}

function failAll(running: Running, reason: Problem): void {
  running.end();
  for (const index of running.left.keys()) running.onFrame(index, fail(reason));
  running.left.clear();
}

function imageOf(decoded: DecodedMessage, { target }: FrameOrder): Result<FrameImage> {
  if (decoded.kind === 'failed') return fail(decoded.problem);
  if (decoded.kind === 'colour') return ok(decoded);
  const { values, rows, columns } = decoded;
  if (values) return ok({ ...decoded, values });
  if (!target) return fail(problem('INTERNAL', { reason: 'no values' }));
  return ok({ ...decoded, values: targetView(target, rows * columns) });
}
