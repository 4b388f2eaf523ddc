import { problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { WantedContext } from '../../../core/dimse/negotiate-types.ts';
import { PeerAssociation } from './peer-association.ts';
import type { PeerTask } from './peer-protocol.ts';
import type { PeerOptions } from './peer-types.ts';

/** A task while it runs: opens its associations, and ends them when it is cancelled. */
export class TaskRun {
  readonly taskId: number;
  readonly #task: PeerTask;
  readonly #abort = new AbortController();
  #association: PeerAssociation | null = null;
  #onCancel: (() => void) | null = null;

  constructor(task: PeerTask) {
    this.taskId = task.taskId;
    this.#task = task;
  }

  get isCancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  get calledAeTitle(): string {
    return this.#task.target.calledAeTitle;
  }

  async open(
    wanted: readonly WantedContext[],
    more: Pick<PeerOptions, 'trace' | 'onStore'> & { readonly idleMs?: number } = {},
  ): Promise<Result<PeerAssociation>> {
    const { idleMs, ...options } = more;
    const usual = this.#task.timeouts;
    const timeouts = idleMs === undefined ? usual : { ...usual, idleMs, objectIdleMs: usual.idleMs };
    const { signal } = this.#abort;
    const opened = await PeerAssociation.open(this.#task.target, wanted, { ...options, signal, timeouts });
    if (!opened.ok) return opened;
    this.#association = opened.value;
    if (this.isCancelled) this.#breakOff();
    return opened;
  }

  /** What a cancelled task does instead of breaking its association off: C-CANCEL, and the peer's last word. */
  onCancel(then: (() => void) | null): void {
    this.#onCancel = then;
  }

  cancel(): void {
    if (this.isCancelled) return;
    this.#abort.abort();
    if (this.#onCancel) this.#onCancel();
    else this.#breakOff();
  }

  #breakOff(): void {
    this.#association?.abort(problem('CANCELLED'));
  }
}

/** The tasks of one worker by their ids. */
export class PeerTasks {
  readonly #running = new Map<number, TaskRun>();

  async run<T>(task: PeerTask, work: (run: TaskRun) => Promise<T>): Promise<T> {
    const run = new TaskRun(task);
    this.#running.set(task.taskId, run);
    try {
      return await work(run);
    } finally {
      this.#running.delete(task.taskId);
    }
  }

  cancel(taskId: number): void {
    this.#running.get(taskId)?.cancel();
  }
}
