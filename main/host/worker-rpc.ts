import { parentPort, type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import { collectGarbage, type Threads } from './collect-garbage.ts';
import { workerFile } from './worker-file.ts';

/**
 * Typed calls to a worker thread. A worker's operations are declared as one object type, implemented in the
 * worker (`serveWorker`) and reached through a `WorkerClient` of the same type. Inputs and outputs are
 * structured clones. Expected failures travel inside the output; an operation that throws is a bug.
 */
export type Operations = Readonly<Record<string, (input: never) => unknown>>;
type Input<F> = F extends (input: infer I) => unknown ? I : never;
type Output<F> = F extends (input: never) => infer O ? Awaited<O> : never;

interface Request {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}
/** The id of calls whose answer nobody waits for; others begin at 1. */
const unanswered = 0;
/** What every worker can do. */
const collecting = 'collect garbage';
const collectAll = (): void => collectGarbage('last-resort');

type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly note: unknown }
  | { readonly ready: true };

/** Raised in callers when the worker ended before it answered. */
export class WorkerEnded extends Error {}

/**
 * Young generation of a worker. Left to itself each thread that was busy keeps up to 48 MiB of what has long been dropped:
 * with eight threads a third of a host's memory (reliability.md K2).
 */
const youngMiB = 12;

const clients = new Set<{ collect(): void }>();
let answeredCalls = 0;

/** This thread and its workers, with what they hold. */
export const threads: Threads = {
  answered: () => answeredCalls,
  collect() {
    for (const client of clients) client.collect();
    // This one may be asked for something meanwhile.
    collectGarbage('regular');
  },
};

export class WorkerClient<Ops> {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #nextId = 1;
  #ended = false;
  #lastError: Error | null = null;
  #becomeReady: () => void = () => undefined;
  /** Settled once the worker has loaded its code (or has ended): deadlines of its work start then. */
  readonly ready: Promise<void> = new Promise((resolve) => {
    this.#becomeReady = resolve;
  });
  #becomeEnded: () => void = () => undefined;
  /** Settled when the worker is gone, for whatever reason. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#becomeEnded = resolve;
  });
  readonly #onNote: ((note: unknown) => void) | undefined;

  constructor(
    name: string,
    workerData: unknown,
    options: { readonly limits?: ResourceLimits; readonly onNote?: (note: unknown) => void } = {},
  ) {
    this.#onNote = options.onNote;
    this.#worker = new Worker(workerFile(name), {
      name: `candela-${name}`,
      workerData,
      // Flags of the command that started us (--input-type, --eval) are not meant for workers.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMiB, ...options.limits },
    });
    clients.add(this);
    this.#worker.on('message', (reply: Reply) => this.#receive(reply));
    this.#worker.on('error', (error) => {
      this.#lastError = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', () => this.#end());
  }

  call<N extends keyof Ops & string>(
    name: N,
    input: Input<Ops[N]>,
    transfer: readonly Transferable[] = [],
  ): Promise<Output<Ops[N]>> {
    if (this.#ended) return Promise.reject(new WorkerEnded(`${name}: worker has ended`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ id, name, input } satisfies Request, [...transfer]);
    });
  }

  /** A call without an answer, which would wake both threads once more. A worker that has ended does not hear it. */
  tell<N extends keyof Ops & string>(name: N, input: Input<Ops[N]>): void {
    if (!this.#ended) this.#worker.postMessage({ id: unanswered, name, input } satisfies Request);
  }

  /** Its thread gives back what it has dropped, once it has done what it was asked before. */
  collect(): void {
    if (!this.#ended)
      this.#worker.postMessage({ id: unanswered, name: collecting, input: null } satisfies Request);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: Reply): void {
    if ('ready' in reply) {
      this.#becomeReady();
      return;
    }
    if ('note' in reply) {
      this.#onNote?.(reply.note);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    answeredCalls += 1;
    if ('error' in reply) waiting.reject(new Error(reply.error));
    else waiting.resolve(reply.value);
  }

  #end(): void {
    this.#ended = true;
    clients.delete(this);
    this.#becomeReady();
    const reason = new WorkerEnded(this.#lastError?.message ?? 'worker has ended');
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.#becomeEnded();
  }
}

/** Answers calls in a worker thread, one after another in the order in which they came unless `atOnce`. */
export function serveWorker(operations: Operations, { atOnce = false } = {}): void {
  const port = parentPort;
  if (!port) throw new Error('serveWorker runs in a worker thread only');
  let queue: Promise<void> = Promise.resolve();
  port.on('message', ({ id, name, input }: Request) => {
    const answer = async (): Promise<void> => {
      try {
        const operation = (name === collecting ? collectAll : operations[name]) as
          | ((input: unknown) => unknown)
          | undefined;
        if (!operation) throw new Error(`Unknown operation ${name}`);
        const value = await operation(input);
        if (id !== unanswered) port.postMessage({ id, value });
      } catch (error) {
        if (id === unanswered) {
          setImmediate(() => {
            throw error;
          });
          return;
        }
        port.postMessage({
          id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    };
    if (atOnce) void answer();
    else queue = queue.then(answer);
  });
  port.postMessage({ ready: true });
}

/** Sends something unasked (progress) from a worker to its client's `onNote`. */
export function sendNote(note: unknown): void {
  parentPort?.postMessage({ note });
}
