import { problem } from '../../base/problem.ts';
import { fail, type Result } from '../../base/result.ts';

/** Told now and then how far long work is (0…1); false = stop. */
export type Progress = (done: number) => boolean;

/** Thrown through the steps of an algorithm when its owner says stop; never leaves this folder. */
class Stopped extends Error {}

/** Long work in parts: `part` says how much of the whole the following steps are. */
export class Work {
  private done = 0;
  private share = 1;
  private readonly progress: Progress | undefined;

  constructor(progress?: Progress) {
    this.progress = progress;
  }

  /** The next part begins; it is `share` of the whole. */
  part(share: number): void {
    this.done += this.begun ? this.share : 0;
    this.begun = true;
    this.share = share;
    this.step(0);
  }
  private begun = false;

  /** How much of the present part is done. */
  step(fraction: number): void {
    if (!this.progress) return;
    const base = this.begun ? this.done : 0;
    if (!this.progress(Math.min(1, base + this.share * fraction))) throw new Stopped();
  }
}

/** Runs work that may be stopped. Problem: CANCELLED. */
export function stoppable<T>(progress: Progress | undefined, run: (work: Work) => Result<T>): Result<T> {
  try {
    const result = run(new Work(progress));
    progress?.(1);
    return result;
  } catch (error) {
    if (error instanceof Stopped) return fail(problem('CANCELLED'));
    throw error;
  }
}
