import { stat } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { ParseService } from '../parse-service.ts';
import { WorkerClient, WorkerEnded } from '../worker-rpc.ts';
import type { ParseOperations } from './operations.ts';

/** One parser worker as the service sees it; a worker thread in the product, fakes in tests. */
export interface ParserClient {
  scan(input: Parameters<ParseOperations['scan']>[0]): Promise<ReturnType<ParseOperations['scan']>>;
  tags(input: Parameters<ParseOperations['tags']>[0]): Promise<ReturnType<ParseOperations['tags']>>;
  terminate(): Promise<void>;
  /** Settled once the worker has loaded its code: a slow start must not cost the first file its deadline. */
  readonly ready?: Promise<void>;
}

export interface ParseServiceOptions {
  readonly workers?: number;
  readonly startWorker?: () => ParserClient;
  /** First deadline of a file; small files get no more (C22). */
  readonly deadlineMs?: number;
  /** A file is given up after this long in any case. */
  readonly maxDeadlineMs?: number;
}

/** Heap of one parser (C21); array buffers are bounded by the scanner's own limits. */
const heapMiB = 512;
const bytesPerSecond = 50 * 1024 * 1024;

function startParser(): ParserClient {
  const client = new WorkerClient<ParseOperations>('parse', null, {
    limits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  });
  return {
    scan: (input) => client.call('scan', input),
    tags: (input) => client.call('tags', input),
    terminate: () => client.terminate(),
    ready: client.ready,
  };
}

/**
 * Runs the parser in worker threads that may die: one file at a time each. A file that passes its deadline costs its
 * worker and is answered DEADLINE; a worker that dies is replaced and the file tried once more, then answered
 * PARSER_CRASH, or WORKER_OOM where memory was the reason (reliability.md C21–C23).
 */
export function createParseService(options: ParseServiceOptions = {}): ParseService {
  const lanes = Array.from({ length: options.workers ?? 2 }, () => new Lane(options));
  const waiting: ((lane: Lane) => void)[] = [];
  const idle = [...lanes];
  let closed = false;
  const take = (): Promise<Lane> => {
    const lane = idle.pop();
    return lane ? Promise.resolve(lane) : new Promise((resolve) => waiting.push(resolve));
  };
  const release = (lane: Lane): void => {
    const next = waiting.shift();
    if (next) next(lane);
    else idle.push(lane);
  };
  const run = async <T>(
    file: string,
    ask: (client: ParserClient) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const lane = await take();
    try {
      if (closed) return fail(problem('CANCELLED', undefined, file));
      return await lane.run(file, ask);
    } finally {
      release(lane);
    }
  };
  return {
    scan: (file, { keepPartial }) => run(file, (client) => client.scan({ file, keepPartial })),
    tags: (file) => run(file, (client) => client.tags({ file })),
    warm() {
      for (const lane of lanes) lane.warm();
    },
    async close() {
      closed = true;
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** One worker and its successors. */
class Lane {
  #client: ParserClient | undefined;
  readonly #start: () => ParserClient;
  readonly #deadlineMs: number;
  readonly #maxDeadlineMs: number;

  constructor(options: ParseServiceOptions) {
    this.#start = options.startWorker ?? startParser;
    this.#deadlineMs = options.deadlineMs ?? 2000;
    this.#maxDeadlineMs = options.maxDeadlineMs ?? 5000;
  }

  warm(): void {
    this.#client ??= this.#start();
  }

  async run<T>(file: string, ask: (client: ParserClient) => Promise<Result<T>>): Promise<Result<T>> {
    const first = await this.#attempt(file, ask);
    if (!('died' in first)) return first.result;
    const second = await this.#attempt(file, ask);
    return 'died' in second ? fail(second.died) : second.result;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.terminate();
  }

  async #attempt<T>(
    file: string,
    ask: (client: ParserClient) => Promise<Result<T>>,
  ): Promise<{ readonly result: Result<T> } | { readonly died: Problem }> {
    this.#client ??= this.#start();
    const client = this.#client;
    await client.ready;
    const alarm = new Alarm(() => this.#moreTimeFor(file), this.#deadlineMs);
    try {
      const result = await Promise.race([ask(client), alarm.rings]);
      if (result !== 'late') return { result };
      // Not awaited: a thread inside a blocked read ends only when the read does.
      this.#client = undefined;
      client.terminate().catch(() => undefined);
      return { result: fail(problem('DEADLINE', undefined, file)) };
    } catch (cause) {
      this.#client = undefined;
      if (cause instanceof WorkerEnded) {
        const isMemory = /memory/i.test(cause.message);
        return { died: problem(isMemory ? 'WORKER_OOM' : 'PARSER_CRASH', undefined, file) };
      }
      // The parser threw: a bug, which costs this file only.
      client.terminate().catch(() => undefined);
      return { died: problem('PARSER_CRASH', undefined, file) };
    } finally {
      alarm.stop();
    }
  }

  /** Large files get a second per 50 MiB, up to the last deadline. */
  async #moreTimeFor(file: string): Promise<number> {
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    const wanted = this.#deadlineMs + (size / bytesPerSecond) * 1000;
    return Math.max(0, Math.min(wanted, this.#maxDeadlineMs) - this.#deadlineMs);
  }
}

/** Rings at the deadline, or after the time that is granted then. */
class Alarm {
  readonly rings: Promise<'late'>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(extension: () => Promise<number>, deadlineMs: number) {
    this.rings = new Promise((resolve) => {
      this.#timer = setTimeout(async () => {
        const moreMs = await extension();
        if (!this.#stopped) this.#timer = setTimeout(() => resolve('late'), moreMs);
      }, deadlineMs);
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
