import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { Dataset as WriteDataset } from '../../../core/dicom/write/element.ts';
import type { CommitmentReport, CommitmentRequest } from '../../../core/dimse/commitment.ts';
import type { QueryRoot } from '../../../core/dimse/service-table.ts';
import type { DataFolder } from '../folder.ts';
import type { IntakeOrigin, ObjectIntake } from '../receive/intake.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { type WorkerTask, WorkerTasks } from '../worker-tasks.ts';
import type {
  FindAnswers,
  MessageDataset,
  PeerNote,
  PeerOperations,
  PeerSteps,
  PeerTask,
  StoreObject,
  StoreOutcome,
  SubOperationCounts,
} from './peer-protocol.ts';
import { type PeerTarget, type PeerTimeouts, peerTimeouts } from './peer-types.ts';

/** Heap of the worker; data sets never lie in it. */
const heapMiB = 256;

export interface StoreCall {
  readonly objects: readonly StoreObject[];
  readonly originator?: { readonly aeTitle: string; readonly messageId: number };
  onOutcome(outcome: StoreOutcome): void;
  /** Writes an object's data set in another transfer syntax to `out`; answers its size. */
  transcode(object: StoreObject, to: string, out: string): Promise<Result<number>>;
}

export interface RetrieveCall {
  readonly root: QueryRoot;
  readonly identifiers: readonly WriteDataset[];
  onCounts(counts: SubOperationCounts): void;
}

interface Listener {
  readonly origin?: IntakeOrigin;
  readonly store?: StoreCall;
  readonly onCounts?: (counts: SubOperationCounts) => void;
}

interface Running {
  readonly worker: WorkerClient<PeerOperations>;
  /** Where received objects go; connected by the first retrieval. */
  toIntake: ReturnType<ObjectIntake['connect']> | null;
}

/** Calls to other stations as their client; the worker is started by the first, and again after it ended. */
export class PeerClient {
  readonly #folder: DataFolder;
  readonly #intake: () => ObjectIntake;
  readonly #timeouts: () => PeerTimeouts;
  readonly #tasks: WorkerTasks<Listener>;
  #running: Running | null = null;

  constructor(
    folder: DataFolder,
    intake: () => ObjectIntake,
    timeouts: () => PeerTimeouts = () => peerTimeouts,
  ) {
    this.#folder = folder;
    this.#intake = intake;
    this.#tasks = new WorkerTasks(intake);
    this.#timeouts = timeouts;
  }

  async echo(target: PeerTarget, signal: AbortSignal): Promise<PeerSteps> {
    const lost = (reason: Problem): PeerSteps => ({
      done: [],
      failedAt: 'connect',
      echoMs: null,
      problem: reason,
    });
    return this.#run(target, signal, {}, (worker, task) => worker.call('echo', task), lost);
  }

  find(
    target: PeerTarget,
    query: {
      readonly sopClassUid: string;
      readonly queries: readonly MessageDataset[];
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<Result<FindAnswers>> {
    return this.#run(target, signal, {}, (worker, task) => worker.call('find', { ...task, ...query }), fail);
  }

  /** Objects without an outcome were not answered for. */
  store(target: PeerTarget, call: StoreCall, signal: AbortSignal): Promise<Result<null>> {
    const { objects, originator } = call;
    const request = { objects, ...(originator && { originator }) };
    return this.#run(
      target,
      signal,
      { store: call },
      (worker, task) => worker.call('store', { ...task, ...request }),
      fail,
    );
  }

  /** C-GET; `origin` is told of every object that was kept. */
  get(
    target: PeerTarget,
    call: RetrieveCall & { readonly sopClassUids: readonly string[]; readonly origin: IntakeOrigin },
    signal: AbortSignal,
  ): Promise<Result<SubOperationCounts>> {
    const { root, identifiers, sopClassUids, origin, onCounts } = call;
    return this.#run(
      target,
      signal,
      { origin, onCounts },
      async (worker, task) => {
        await this.#givePlaces();
        return worker.call('get', { ...task, root, identifiers, sopClassUids });
      },
      fail,
    );
  }

  move(
    target: PeerTarget,
    call: RetrieveCall & { readonly destination: string },
    signal: AbortSignal,
  ): Promise<Result<SubOperationCounts>> {
    const { root, identifiers, destination, onCounts } = call;
    return this.#run(
      target,
      signal,
      { onCounts },
      (worker, task) => worker.call('move', { ...task, root, identifiers, destination }),
      fail,
    );
  }

  commit(
    target: PeerTarget,
    call: { readonly request: CommitmentRequest; readonly waitMs: number },
    signal: AbortSignal,
  ): Promise<Result<CommitmentReport[]>> {
    return this.#run(target, signal, {}, (worker, task) => worker.call('commit', { ...task, ...call }), fail);
  }

  report(
    target: PeerTarget,
    call: { readonly report: CommitmentReport; readonly retrieveAeTitle: string },
    signal: AbortSignal,
  ): Promise<Result<null>> {
    return this.#run(target, signal, {}, (worker, task) => worker.call('report', { ...task, ...call }), fail);
  }

  async close(): Promise<void> {
    this.#tasks.close();
    const running = this.#running;
    this.#running = null;
    await running?.worker.terminate();
  }

  #run<T>(
    target: PeerTarget,
    signal: AbortSignal,
    listener: Listener,
    work: (worker: WorkerClient<PeerOperations>, task: PeerTask) => Promise<T>,
    failed: (reason: Problem) => T,
  ): Promise<T> {
    const begin = (taskId: number): WorkerTask<T> => {
      const { worker } = this.#start();
      const done = work(worker, { taskId, target, timeouts: this.#timeouts() });
      return { done, cancel: () => worker.call('cancel', { taskId }) };
    };
    return this.#tasks.run(signal, listener, begin, failed);
  }

  #start(): Running {
    if (this.#running) return this.#running;
    const worker: WorkerClient<PeerOperations> = new WorkerClient('peer', null, {
      limits: { maxOldGenerationSizeMb: heapMiB },
      onNote: (note) => take(note as PeerNote),
    });
    const running: Running = { worker, toIntake: null };
    this.#running = running;
    void worker.ended.then(() => {
      if (this.#running === running) this.#running = null;
    });
    const take = (note: PeerNote): void => {
      if (note.kind === 'outcomes')
        for (const outcome of note.outcomes) this.#tasks.listener(note.taskId)?.store?.onOutcome(outcome);
      else if (note.kind === 'counts') this.#tasks.listener(note.taskId)?.onCounts?.(note.counts);
      else if (note.kind === 'transcode') void this.#transcode(worker, note);
      else running.toIntake?.(note, (id) => this.#tasks.listener(id)?.origin ?? null);
    };
    return running;
  }

  async #givePlaces(): Promise<void> {
    const running = this.#start();
    if (running.toIntake) return;
    const { worker } = running;
    running.toIntake = this.#intake().connect(
      {
        intakeVerdict: (input) => worker.tell('intakeVerdict', input),
        intakeRefused: (input) => worker.tell('intakeRefused', input),
      },
      worker.ended,
    );
    const { incoming: incomingDir, objects: objectsDir } = this.#folder;
    await worker.call('places', { incomingDir, objectsDir });
  }

  async #transcode(
    worker: WorkerClient<PeerOperations>,
    { taskId, requestId, index, to }: Extract<PeerNote, { kind: 'transcode' }>,
  ): Promise<void> {
    const call = this.#tasks.listener(taskId)?.store;
    const object = call?.objects[index];
    const file = join(this.#folder.incoming, `${randomUUID()}.send`);
    const made = call && object ? await call.transcode(object, to, file) : fail(problem('CANCELLED'));
    const result = made.ok ? { ok: true as const, value: { file, sizeBytes: made.value } } : made;
    await worker.call('transcoded', { requestId, result }).catch(() => undefined);
  }
}
