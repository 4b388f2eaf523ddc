import type { Problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { NodeTest } from '../../../core/contract/network.ts';
import type { RemoteQuery, RemoteSeries, RetrieveItem } from '../../../core/contract/remote.ts';
import type { IntakePlaces } from '../dimse/intake-client.ts';
import type { DataFolder } from '../folder.ts';
import type { IntakeOrigin, ObjectIntake } from '../receive/intake.ts';
import type {
  FoundStudy,
  RemoteInstance,
  RetrieveCounts,
  SendObject,
  SendOutcome,
} from '../remote/archive.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { type WorkerTask, WorkerTasks } from '../worker-tasks.ts';
import type { WebWaits } from './client.ts';
import type { WebAccess } from './credentials.ts';
import type { WebNote, WebOperations, WebTask } from './operations.ts';

/** Heap of the worker: answers in JSON lie in it, data sets never do. */
const heapMiB = 512;

interface Listener {
  readonly origin?: IntakeOrigin;
  readonly onOutcome?: (outcome: SendOutcome) => void;
  readonly onCounts?: (counts: RetrieveCounts) => void;
}

/** Calls to DICOMweb servers; the worker is started by the first, and again after it ended. */
export class WebPeers {
  readonly #places: IntakePlaces;
  readonly #intake: () => ObjectIntake;
  readonly #waits: () => WebWaits;
  readonly #tasks: WorkerTasks<Listener>;
  #worker: WorkerClient<WebOperations> | null = null;

  /** `waits` are asked for at each call. */
  constructor(folder: DataFolder, intake: () => ObjectIntake, waits: () => WebWaits) {
    this.#places = { incomingDir: folder.incoming, objectsDir: folder.objects };
    this.#intake = intake;
    this.#waits = waits;
    this.#tasks = new WorkerTasks(intake);
  }

  search(
    access: WebAccess,
    query: RemoteQuery,
    signal: AbortSignal,
  ): Promise<Result<{ rows: FoundStudy[]; partial: boolean }>> {
    return this.#run(access, signal, {}, (worker, task) => worker.call('search', { ...task, query }), fail);
  }

  series(access: WebAccess, studyInstanceUID: string, signal: AbortSignal): Promise<Result<RemoteSeries[]>> {
    const ask = (worker: WorkerClient<WebOperations>, task: WebTask) =>
      worker.call('series', { ...task, studyInstanceUID });
    return this.#run(access, signal, {}, ask, fail);
  }

  instances(access: WebAccess, item: RetrieveItem, signal: AbortSignal): Promise<Result<RemoteInstance[]>> {
    return this.#run(access, signal, {}, (worker, task) => worker.call('instances', { ...task, item }), fail);
  }

  /** `origin` is told of every object that was kept. */
  retrieve(
    access: WebAccess,
    wanted: {
      readonly items: readonly RetrieveItem[];
      readonly expected: number | null;
      readonly origin: IntakeOrigin;
      onCounts(counts: RetrieveCounts): void;
    },
    signal: AbortSignal,
  ): Promise<Result<RetrieveCounts>> {
    const { items, expected, origin, onCounts } = wanted;
    const sourceAeTitle = access.node.aeTitle;
    const ask = (worker: WorkerClient<WebOperations>, task: WebTask) =>
      worker.call('retrieve', { ...task, items, expected, sourceAeTitle });
    return this.#run(access, signal, { origin, onCounts }, ask, fail);
  }

  /** Objects without an outcome were not answered for. */
  send(
    access: WebAccess,
    sending: {
      readonly objects: readonly SendObject[];
      /** Ours, for (0002,0016). */
      readonly sourceAeTitle: string;
      onOutcome(outcome: SendOutcome): void;
    },
    signal: AbortSignal,
  ): Promise<Result<null>> {
    const { objects, sourceAeTitle, onOutcome } = sending;
    const ask = (worker: WorkerClient<WebOperations>, task: WebTask) =>
      worker.call('send', { ...task, objects, sourceAeTitle });
    return this.#run(access, signal, { onOutcome }, ask, fail);
  }

  test(access: WebAccess, signal: AbortSignal): Promise<NodeTest> {
    const lost = (reason: Problem): NodeTest => ({
      ok: false,
      steps: [{ id: 'http', state: 'failed', problem: reason, tookMs: 0 }],
    });
    return this.#run(access, signal, {}, (worker, task) => worker.call('test', task), lost);
  }

  async close(): Promise<void> {
    this.#tasks.close();
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #run<T>(
    access: WebAccess,
    signal: AbortSignal,
    listener: Listener,
    work: (worker: WorkerClient<WebOperations>, task: WebTask) => Promise<T>,
    failed: (reason: Problem) => T,
  ): Promise<T> {
    const begin = (taskId: number): WorkerTask<T> => {
      const worker = this.#start();
      const task = { taskId, access, waits: this.#waits() };
      return { done: work(worker, task), cancel: () => worker.call('cancel', { taskId }) };
    };
    return this.#tasks.run(signal, listener, begin, failed);
  }

  #start(): WorkerClient<WebOperations> {
    if (this.#worker) return this.#worker;
    const worker: WorkerClient<WebOperations> = new WorkerClient('web', this.#places, {
      limits: { maxOldGenerationSizeMb: heapMiB },
      onNote: (note) => take(note as WebNote),
    });
    this.#worker = worker;
    void worker.ended.then(() => {
      if (this.#worker === worker) this.#worker = null;
    });
    const toIntake = this.#intake().connect(
      {
        intakeVerdict: (input) => worker.tell('intakeVerdict', input),
        intakeRefused: (input) => worker.tell('intakeRefused', input),
      },
      worker.ended,
    );
    const take = (note: WebNote): void => {
      if (note.kind === 'outcome') this.#tasks.listener(note.taskId)?.onOutcome?.(note.outcome);
      else if (note.kind === 'counts') this.#tasks.listener(note.taskId)?.onCounts?.(note.counts);
      else toIntake(note, (id) => this.#tasks.listener(id)?.origin ?? null);
    };
    return worker;
  }
}
