import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import { paddingRangeOf } from '../../core/pixels/auto-window.ts';
import { modalityTransformOf } from '../../core/pixels/modality.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import type { DecodeRequest, FrameDecoder } from '../volumes/decoder.ts';
import { frameBuffers } from '../volumes/frame-buffers.ts';
import type { FrameImage } from '../volumes/frame-image.ts';
import workerUrl from '../workers/decode.ts?worker&url';
import { type DecodedMessage, type DecodeMessage, type DecodeReply, targetView } from './messages.ts';

/** Time for one frame; a decoder that needs longer hangs. */
const frameDeadlineMs = 10_000;

/** The part of a Worker that the pool uses; tests give another. */
export interface DecodeWorker {
  postMessage(message: DecodeMessage, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<DecodeReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface DecodePool extends FrameDecoder {
  /** Starts a worker ahead of the first frame. */
  warm(): void;
  /** Ends all workers; what waits is answered with CANCELLED. */
  close(): void;
}

interface Waiting {
  readonly request: DecodeRequest;
  readonly settle: (result: Result<FrameImage>) => void;
}

const startWorker = (): DecodeWorker =>
  new Worker(trustedWorkerUrl(workerUrl), { type: 'module', name: 'decode' }) as DecodeWorker;

/**
 * Decodes frames in `count` workers, each with one frame at a time: urgent ones first, then in the order asked.
 * A frame whose signal aborts is taken out of the queue, or its result is dropped. A worker that hangs or dies
 * costs its frame (DEADLINE, INTERNAL) and is replaced.
 */
export function createDecodePool(
  count: number,
  start: () => DecodeWorker = startWorker,
  deadlineMs = frameDeadlineMs,
): DecodePool {
  const urgent: Waiting[] = [];
  const ordinary: Waiting[] = [];
  const slots = Array.from({ length: Math.max(1, count) }, () => new Slot(start, deadlineMs));
  let closed = false;
  const next = (): void => {
    for (const slot of slots) {
      if (slot.isBusy) continue;
      const waiting = urgent.shift() ?? ordinary.shift();
      if (!waiting) return;
      void slot.run(waiting.request).then((result) => {
        waiting.settle(result);
        next();
      });
    }
  };
  return {
    decode(request) {
      if (closed || request.signal.aborted) return Promise.resolve(fail(problem('CANCELLED')));
      if (!request.info.instance.format) return Promise.resolve(fail(problem('NOT_IMAGE')));
      return new Promise((resolve) => {
        const queue = request.urgent ? urgent : ordinary;
        const onAbort = (): void => {
          const at = queue.indexOf(waiting);
          if (at >= 0) queue.splice(at, 1);
          resolve(fail(problem('CANCELLED')));
        };
        const settle = (result: Result<FrameImage>): void => {
          request.signal.removeEventListener('abort', onAbort);
          resolve(result);
        };
        const waiting: Waiting = { request, settle };
        request.signal.addEventListener('abort', onAbort, { once: true });
        queue.push(waiting);
        next();
      });
    },
    warm: () => slots[0]?.warm(),
    close() {
      closed = true;
      for (const waiting of [...urgent.splice(0), ...ordinary.splice(0)])
        waiting.settle(fail(problem('CANCELLED')));
      for (const slot of slots) slot.close();
    },
  };
}

/** One worker and the frame it has; the worker starts with the first frame, or ahead of it. */
class Slot {
  isBusy = false;
  readonly #start: () => DecodeWorker;
  readonly #deadlineMs: number;
  #worker: DecodeWorker | null = null;
  #id = 0;
  #abandon: ((reason: Problem) => void) | null = null;

  constructor(start: () => DecodeWorker, deadlineMs: number) {
    this.#start = start;
    this.#deadlineMs = deadlineMs;
  }

  async run(request: DecodeRequest): Promise<Result<FrameImage>> {
    this.isBusy = true;
    try {
      return imageOf(await this.#ask(request), request);
    } finally {
      this.isBusy = false;
    }
  }

  warm(): void {
    this.#worker ??= this.#start();
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#abandon?.(problem('CANCELLED'));
  }

  #ask(request: DecodeRequest): Promise<DecodedMessage> {
    this.warm();
    const worker = this.#worker!;
    const id = ++this.#id;
    return new Promise((resolve) => {
      const settle = (decoded: DecodedMessage): void => {
        clearTimeout(timer);
        this.#abandon = null;
        resolve(decoded);
      };
      const giveUp = (reason: Problem): void => {
        worker.terminate();
        if (this.#worker === worker) this.#worker = null;
        settle({ kind: 'failed', problem: reason });
      };
      const timer = setTimeout(() => giveUp(problem('DEADLINE')), this.#deadlineMs);
      this.#abandon = giveUp;
      worker.onmessage = ({ data }) => {
        for (const buffer of data.buffers ?? []) frameBuffers.give(buffer);
        if (data.id === id) settle(data.decoded);
      };
      worker.onerror = (event) => giveUp(problem('INTERNAL', { reason: event.message }));
      worker.postMessage(messageOf(request, id), buffersOf(request));
    });
  }
}

function messageOf(request: DecodeRequest, id: number): DecodeMessage {
  const { info, fragments, target } = request;
  const { instance, frame, attributes } = info;
  if (!instance.format) throw new Error('no pixel format');
  const padding = paddingRangeOf(attributes);
  const embedded = instance.overlays?.filter((overlay) => overlay.data === undefined) ?? [];
  return {
    id,
    transferSyntaxUID: instance.transferSyntaxUID,
    format: instance.format,
    frameIndex: frame.frame,
    fragments,
    transform: modalityTransformOf(attributes, instance.modalityLut),
    target,
    ...(padding && { padding }),
    ...(embedded.length > 0 && { embedded }),
    ...(instance.palette && { palette: instance.palette }),
  };
}

/** Fragments of a frame often lie in one buffer; each buffer is named once. */
const buffersOf = (request: DecodeRequest): ArrayBuffer[] => [
  ...new Set(request.fragments.map((fragment) => fragment.buffer)),
];

function imageOf(decoded: DecodedMessage, { target }: DecodeRequest): Result<FrameImage> {
  if (decoded.kind === 'failed') return fail(decoded.problem);
  if (decoded.kind === 'colour') return ok(decoded);
  const { rows, columns, values, overlay, problem: note } = decoded;
  const image = (all: Int16Array | Float32Array): Result<FrameImage> =>
    ok({
      kind: 'mono',
      rows,
      columns,
      values: all,
      ...(overlay && { overlay }),
      ...(note && { problem: note }),
    });
  if (values) return image(values);
  if (!target) return fail(problem('INTERNAL', { reason: 'no values' }));
  return image(targetView(target, rows * columns));
}
