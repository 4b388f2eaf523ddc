import { problem } from '../../../core/base/problem.ts';
import { fail } from '../../../core/base/result.ts';
import type { ParseService } from '../parse-service.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { Lane, type ParserClient, type Task } from './lane.ts';
import type { ParseOperations } from './operations.ts';

export type { ParserClient } from './lane.ts';

export interface ParseServiceOptions {
  readonly workers?: number;
  readonly startWorker?: () => ParserClient;
  readonly deadlineMs?: number;
  readonly maxDeadlineMs?: number;
  /** Another worker helps when those at work have not answered for this long. */
  readonly helpAfterMs?: number;
}

/** Heap of one parser (C21); array buffers are bounded by the scanner's own limits. */
const heapMiB = 512;
/** Files in one message. */
const batchFiles = 16;

function startParser(): ParserClient {
  const client = new WorkerClient<ParseOperations>('parse', null, {
    limits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  });
  return {
    scanAll: (input) => client.call('scanAll', input),
    tags: (input) => client.call('tags', input),
    inherited: (input) => client.call('inherited', input),
    web: (input) => client.call('web', input),
    terminate: () => client.terminate(),
    ready: client.ready,
  };
}

/**
 * Runs the parser in worker threads that may die. A file that passes its deadline or ends its worker costs that
 * worker; it is tried once more, alone, then answered DEADLINE, PARSER_CRASH or, where memory was the reason,
 * WORKER_OOM (reliability.md C21–C23). Files that waited in the same message are read again.
 */
export function createParseService(options: ParseServiceOptions = {}): ParseService {
  const deadlines = { deadlineMs: options.deadlineMs ?? 2000, maxDeadlineMs: options.maxDeadlineMs ?? 5000 };
  const queue = new ParseQueue(
    Array.from(
      { length: options.workers ?? 2 },
      () => new Lane(options.startWorker ?? startParser, deadlines),
    ),
    options.helpAfterMs ?? 250,
  );
  return {
    scan: (file, { keepPartial }) =>
      new Promise((resolve) => queue.add({ kind: 'scan', file, keepPartial, resolve, strikes: 0 })),
    tags: (file) => new Promise((resolve) => queue.add({ kind: 'tags', file, resolve, strikes: 0 })),
    inherited: (file) =>
      new Promise((resolve) => queue.add({ kind: 'inherited', file, resolve, strikes: 0 })),
    web: (request) =>
      new Promise((resolve) => queue.add({ kind: 'web', file: request.file, request, resolve, strikes: 0 })),
    warm: () => queue.warm(),
    close: () => queue.close(),
  };
}

/** Hands files to the first lane that is free; a second one starts when the first is slow. */
class ParseQueue {
  readonly #lanes: readonly Lane[];
  readonly #idle: Lane[];
  readonly #helpAfterMs: number;
  readonly #waiting: Task[] = [];
  #help: NodeJS.Timeout | undefined;
  #isPlanned = false;
  #isClosed = false;

  constructor(lanes: readonly Lane[], helpAfterMs: number) {
    this.#lanes = lanes;
    this.#idle = [...lanes];
    this.#helpAfterMs = helpAfterMs;
  }

  add(task: Task): void {
    if (this.#isClosed) cancel(task);
    else {
      this.#waiting.push(task);
      this.#plan();
    }
  }

  warm(): void {
    this.#lanes[0]?.warm();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#help);
    for (const task of this.#waiting.splice(0)) cancel(task);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  /** Files that come in one turn of the loop go in one message. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    if (this.#idle.length === this.#lanes.length) this.#send();
    else if (this.#help === undefined) this.#callForHelp();
  }

  /** Put off by every answer, and while a worker loads its code: such lanes need no help. */
  #callForHelp(): void {
    clearTimeout(this.#help);
    this.#help = undefined;
    if (this.#isClosed || this.#waiting.length === 0 || this.#idle.length === 0) return;
    this.#help = setTimeout(() => {
      this.#help = undefined;
      if (this.#lanes.some((lane) => lane.isStarting)) this.#callForHelp();
      else this.#send();
    }, this.#helpAfterMs);
  }

  #send(): void {
    const lane = this.#idle.shift();
    if (lane) void this.#serve(lane);
  }

  /** A lane goes on as long as there is something to do. */
  async #serve(lane: Lane): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      this.#callForHelp();
      const again = await lane.run(batch);
      if (this.#isClosed) again.forEach(cancel);
      else this.#waiting.unshift(...again);
    }
    this.#idle.unshift(lane);
  }

  /** Files to be tried again, and whole data sets, go alone. */
  #take(): Task[] {
    const [first] = this.#waiting;
    if (this.#isClosed || first === undefined) return [];
    const isAlone = (task: Task): boolean => task.kind !== 'scan' || task.strikes > 0;
    let length = 1;
    while (
      !isAlone(first) &&
      length < Math.min(batchFiles, this.#waiting.length) &&
      !isAlone(this.#waiting[length]!)
    )
      length += 1;
    return this.#waiting.splice(0, length);
  }
}

function cancel(task: Task): void {
  task.resolve(fail(problem('CANCELLED', undefined, task.file)));
}
