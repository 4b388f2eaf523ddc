import { type Problem, problem } from '../../core/base/problem.ts';
import type { IntakeOrigin, ObjectIntake } from './receive/intake.ts';
import { WorkerEnded } from './worker-rpc.ts';

/** One call to a worker under way. */
export interface WorkerTask<T> {
  readonly done: Promise<T>;
  cancel(): Promise<unknown>;
}

/** Numbered tasks of a worker that is started anew when it ended, with who is told of each. */
export class WorkerTasks<Listener extends { readonly origin?: IntakeOrigin }> {
  readonly #intake: () => ObjectIntake;
  readonly #listeners = new Map<number, Listener>();
  #nextTask = 1;
  #isClosed = false;

  constructor(intake: () => ObjectIntake) {
    this.#intake = intake;
  }

  listener(taskId: number): Listener | undefined {
    return this.#listeners.get(taskId);
  }

  /** No task begins any more; the worker is ended by its owner. */
  close(): void {
    this.#isClosed = true;
  }

  /** One task; a cancelled signal ends it, a worker that ended fails it. */
  async run<T>(
    signal: AbortSignal,
    listener: Listener,
    begin: (taskId: number) => WorkerTask<T>,
    failed: (reason: Problem) => T,
  ): Promise<T> {
    if (signal.aborted || this.#isClosed) return failed(problem('CANCELLED'));
    const taskId = this.#nextTask++;
    this.#listeners.set(taskId, listener);
    const task = begin(taskId);
    const cancel = (): void => void task.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await task.done;
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error;
      return failed(problem(this.#isClosed ? 'CANCELLED' : 'PARSER_CRASH'));
    } finally {
      signal.removeEventListener('abort', cancel);
      // Objects that were placed before the end are still committed and told.
      if (listener.origin) await this.#intake().settle();
      this.#listeners.delete(taskId);
    }
  }
}
