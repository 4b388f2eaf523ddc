import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import type { DecodedFrame } from '../../../core/pixels/types.ts';
import type { Tile } from '../../../core/volume/tiles.ts';
import { WorkerClient, WorkerEnded } from '../worker-rpc.ts';
import type { Filled, FillRequest } from './fill.ts';
import {
  type DecodeOperations,
  type DecodeRequest,
  type FramePicture,
  type FrameSummary,
  type PictureRequest,
  type SummaryRequest,
  type ThumbnailRequest,
  unknownFrame,
} from './operations.ts';
import type { TranscodeRequest } from './transcode.ts';

/** Decoding on the host, in killable threads. One per process; `close` ends its threads. */
export interface DecodeService {
  /** @param frames from 0. */
  decodeFrames(path: string, scan: Scan, frames: readonly number[]): Promise<readonly Result<DecodedFrame>[]>;
  /** Modality values straight into shared voxels; one result a target. */
  fill(request: FillRequest): Promise<readonly Filled[]>;
  /** @param frame from 1; absent = all frames. */
  frameSummary(path: string, frame?: number, source?: string): Promise<FrameSummary>;
  /**
   * @param frame from 0; absent = the middle one.
   * @param tile the part of it to show; absent = all.
   */
  thumbnailPng(
    path: string,
    scan: Scan,
    frame: number | undefined,
    size: number,
    tile?: Tile,
  ): Promise<Result<Uint8Array>>;
  /** One frame in its own size. */
  framePicture(request: PictureRequest): Promise<Result<FramePicture>>;
  /** Writes a stored file's data set in another transfer syntax; answers its size. */
  transcode(request: TranscodeRequest): Promise<Result<number>>;
  close(): Promise<void>;
}

export interface DecodeOptions {
  readonly threads?: number;
  /** Time for one frame (and the scan before it). */
  readonly deadlineMs?: number;
}

interface Task {
  /** Runs on a worker. */
  readonly run: (worker: WorkerClient<DecodeOperations>) => Promise<void>;
  /** Answers with a problem when the worker had to be ended. */
  readonly refuse: (reason: Problem) => void;
}

/** One thread: started when first needed, ended at the deadline, started anew for the next task. */
class DecodeThread {
  #worker: WorkerClient<DecodeOperations> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #late = false;
  readonly #deadlineMs: number;

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  async run(task: Task): Promise<void> {
    this.#worker ??= new WorkerClient<DecodeOperations>('decode', null, {
      limits: { maxOldGenerationSizeMb: 512 },
      onNote: () => this.#wind(),
    });
    this.#late = false;
    this.#wind();
    try {
      await task.run(this.#worker);
    } catch (error) {
      // Either the worker ended, or the decoder has a bug: both cost this file only, and a fresh worker follows.
      await this.close();
      const code = this.#late ? 'DEADLINE' : error instanceof WorkerEnded ? 'WORKER_OOM' : 'INTERNAL';
      task.refuse(problem(code, { reason: error instanceof Error ? error.name : 'unknown' }));
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #wind(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#late = true;
      void this.#worker?.terminate();
    }, this.#deadlineMs);
  }
}

export function createDecodeService(options: DecodeOptions = {}): DecodeService {
  const { threads = 1, deadlineMs = 10_000 } = options;
  const idle = Array.from({ length: threads }, () => new DecodeThread(deadlineMs));
  const all = [...idle];
  const queue: Task[] = [];
  let isClosed = false;
  const next = (): void => {
    const task = queue[0];
    const thread = idle[0];
    if (!task || !thread) return;
    queue.shift();
    idle.shift();
    void thread.run(task).finally(() => {
      idle.push(thread);
      next();
    });
  };
  const enqueue = <T>(
    run: (worker: WorkerClient<DecodeOperations>) => Promise<T>,
    refused: (reason: Problem) => T,
  ): Promise<T> =>
    new Promise((resolve) => {
      const task: Task = {
        run: async (worker) => resolve(await run(worker)),
        refuse: (reason) => resolve(refused(reason)),
      };
      // A thread started now would be ended by nobody, and hold the process.
      if (isClosed) return task.refuse(problem('CANCELLED'));
      queue.push(task);
      next();
    });
  return {
    decodeFrames: (path, scan, frames) => {
      const request: DecodeRequest = { path, scan, frames };
      return enqueue(
        (worker) => worker.call('decode', request),
        (reason) => frames.map(() => fail(reason)),
      );
    },
    fill: (request) =>
      enqueue(
        (worker) => worker.call('fill', request),
        (reason) => request.targets.map(() => fail(reason)),
      ),
    frameSummary: (path, frame, source = path) => {
      const request: SummaryRequest = { path, source, ...(frame !== undefined && { frame }) };
      return enqueue(
        (worker) => worker.call('summary', request),
        (reason) => ({ source, ...unknownFrame, problem: reason }),
      );
    },
    thumbnailPng: (path, scan, frame, size, tile) => {
      const part = { ...(frame !== undefined && { frame }), ...(tile && { tile }) };
      const request: ThumbnailRequest = { path, scan, size, ...part };
      return enqueue((worker) => worker.call('thumbnail', request), fail);
    },
    framePicture: (request) => enqueue((worker) => worker.call('picture', request), fail),
    transcode: (request) => enqueue((worker) => worker.call('transcode', request), fail),
    close: async () => {
      isClosed = true;
      for (const task of queue.splice(0)) task.refuse(problem('CANCELLED'));
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}
