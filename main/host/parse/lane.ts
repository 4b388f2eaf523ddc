import { stat } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { Dataset } from '../../../core/dicom/write/element.ts';
import type { WebParseRequest } from '../web/web-part.ts';
import { WorkerEnded } from '../worker-rpc.ts';
import type { ParseOperations } from './operations.ts';
import type { PackedScan } from './packed-scan.ts';

/** One parser worker as the service sees it; a worker thread in the product, fakes in tests. */
export interface ParserClient {
  scanAll(input: Parameters<ParseOperations['scanAll']>[0]): Promise<ReturnType<ParseOperations['scanAll']>>;
  tags(input: Parameters<ParseOperations['tags']>[0]): Promise<ReturnType<ParseOperations['tags']>>;
  inherited(
    input: Parameters<ParseOperations['inherited']>[0],
  ): Promise<ReturnType<ParseOperations['inherited']>>;
  web(input: Parameters<ParseOperations['web']>[0]): Promise<ReturnType<ParseOperations['web']>>;
  terminate(): Promise<void>;
  /** Settled once the worker has loaded its code: a slow start must not cost the first file its deadline. */
  readonly ready?: Promise<void>;
}

interface TaskHead<T> {
  readonly file: string;
  readonly resolve: (result: Result<T>) => void;
  /** Times it hung or ended a worker; the second time it is given up. */
  strikes: number;
}
export type ScanTask = TaskHead<PackedScan> & { readonly kind: 'scan'; readonly keepPartial: boolean };
export type TagsTask = TaskHead<CallOutput<'instance.tags'>> & { readonly kind: 'tags' };
export type InheritedTask = TaskHead<Dataset> & { readonly kind: 'inherited' };
export type WebParseTask = TaskHead<Uint8Array> & {
  readonly kind: 'web';
  readonly request: WebParseRequest;
};
export type Task = ScanTask | TagsTask | InheritedTask | WebParseTask;

export interface Deadlines {
  /** First deadline of a file; small files get no more (C22). */
  readonly deadlineMs: number;
  /** A file is given up after this long in any case. */
  readonly maxDeadlineMs: number;
}

const bytesPerSecond = 50 * 1024 * 1024;
const ticksPerDeadline = 4;

/** One worker and its successors. */
export class Lane {
  #client: ParserClient | undefined;
  readonly #start: () => ParserClient;
  readonly #deadlines: Deadlines;
  #starting = 0;

  constructor(start: () => ParserClient, deadlines: Deadlines) {
    this.#start = start;
    this.#deadlines = deadlines;
  }

  warm(): void {
    this.#client ??= this.#start();
  }

  /** Work waits for a worker that loads its code. */
  get isStarting(): boolean {
    return this.#starting > 0;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.terminate();
  }

  /** Runs tasks and settles them; answers those to be run again, the culprit of a hang or death first. */
  async run(tasks: readonly Task[]): Promise<Task[]> {
    this.#client ??= this.#start();
    const client = this.#client;
    this.#starting += 1;
    await client.ready;
    this.#starting -= 1;
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const watch = new Watch(tasks, progress, this.#deadlines);
    try {
      const answered = await Promise.race([ask(client, tasks, progress), watch.late]);
      if (answered !== 'late') return [];
      // Not awaited: a thread inside a blocked read ends only when the read does.
      this.#drop(client);
      return strike(tasks, progress, 'DEADLINE');
    } catch (cause) {
      this.#drop(client);
      // Anything but an ended worker is a bug in the parser, which costs this file only.
      const isMemory = cause instanceof WorkerEnded && /memory/i.test(cause.message);
      return strike(tasks, progress, isMemory ? 'WORKER_OOM' : 'PARSER_CRASH');
    } finally {
      watch.stop();
    }
  }

  #drop(client: ParserClient): void {
    this.#client = undefined;
    client.terminate().catch(() => undefined);
  }
}

async function ask(client: ParserClient, tasks: readonly Task[], progress: Int32Array): Promise<void> {
  const [first] = tasks;
  if (first?.kind === 'tags') {
    first.resolve(await client.tags({ file: first.file }));
    return;
  }
  if (first?.kind === 'inherited') {
    first.resolve(await client.inherited({ file: first.file }));
    return;
  }
  if (first?.kind === 'web') {
    first.resolve(await client.web(first.request));
    return;
  }
  const scans = tasks.filter((task) => task.kind === 'scan');
  const files = scans.map(({ file, keepPartial }) => ({ file, keepPartial }));
  const results = await client.scanAll({ files, progress });
  for (const [index, task] of scans.entries()) task.resolve(results[index]!);
}

/** A file gets a second try: the machine may have been busy, or the fault another file's. */
function strike(tasks: readonly Task[], progress: Int32Array, code: Problem['code']): Task[] {
  const at = Atomics.load(progress, 0);
  const culprit = tasks[at];
  const others = tasks.filter((task) => task !== culprit);
  if (!culprit) return others;
  culprit.strikes += 1;
  if (culprit.strikes < 2) return [culprit, ...others];
  culprit.resolve(fail(problem(code, undefined, culprit.file)));
  return others;
}

/**
 * Rings when one file takes longer than its deadline. Time is counted in ticks of this thread, so that a machine
 * that is too busy to run us does not use up a file's time; large files get a second per 50 MiB more.
 */
class Watch {
  readonly late: Promise<'late'>;
  readonly #tasks: readonly Task[];
  readonly #progress: Int32Array;
  readonly #deadlines: Deadlines;
  readonly #timer: NodeJS.Timeout;
  #ring: () => void = () => undefined;
  #file = 0;
  #ticks = 0;
  #allowedTicks = ticksPerDeadline;

  constructor(tasks: readonly Task[], progress: Int32Array, deadlines: Deadlines) {
    this.#tasks = tasks;
    this.#progress = progress;
    this.#deadlines = deadlines;
    this.late = new Promise((resolve) => {
      this.#ring = () => resolve('late');
    });
    this.#timer = setInterval(() => void this.#tick(), deadlines.deadlineMs / ticksPerDeadline);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    const file = Atomics.load(this.#progress, 0);
    if (file !== this.#file) {
      this.#file = file;
      this.#ticks = 0;
      this.#allowedTicks = ticksPerDeadline;
    }
    this.#ticks += 1;
    if (this.#ticks < this.#allowedTicks) return;
    if (this.#ticks === ticksPerDeadline) this.#allowedTicks = await this.#ticksFor(this.#tasks[file]);
    if (this.#ticks < this.#allowedTicks || file !== this.#file) return;
    // An answer that is already here is taken first.
    setImmediate(() => setImmediate(this.#ring));
  }

  async #ticksFor(task: Task | undefined): Promise<number> {
    const { deadlineMs, maxDeadlineMs } = this.#deadlines;
    const sizeBytes = await stat(task?.file ?? '').then(
      ({ size }) => size,
      () => 0,
    );
    const allowedMs = Math.min(deadlineMs + (sizeBytes / bytesPerSecond) * 1000, maxDeadlineMs);
    return Math.ceil((ticksPerDeadline * allowedMs) / deadlineMs);
  }
}
