import type { Problem } from '../../../../core/base/problem.ts';
import type { Result } from '../../../../core/base/result.ts';

export interface AutosaveOptions<T> {
  /** The state as it is now. */
  write(): T;
  /** `isLast`: the page goes now, and what of it needs the page is not done any more. */
  save(state: T, isLast: boolean): Promise<Result<unknown>>;
  /** Told once when saving begins to fail. */
  onProblem(problem: Problem): void;
}

/** After a change this long passes before it is saved; with the call it stays below a second. */
const delayMs = 500;
/** Places are saved once a reader has stayed so long: not at each step of a wheel. */
const restMs = 2000;
const retryMs = 5000;

/** Saves soon after each change, one call at a time; what fails is tried again until it is saved. */
export class Autosave<T> {
  private readonly options: AutosaveOptions<T>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDirty = false;
  /** What waits to be saved is more than a place. */
  private isUrgent = false;
  private isFailing = false;
  private running: Promise<void> | null = null;

  constructor(options: AutosaveOptions<T>) {
    this.options = options;
  }

  changed(): void {
    const waits = this.timer !== undefined && this.isUrgent && !this.isFailing;
    this.isDirty = true;
    this.isUrgent = true;
    if (this.running || waits) return;
    this.wait(delayMs);
  }

  /** Only the place in a stack or volume is another: it is saved when it has been the same for a while. */
  moved(): void {
    this.isDirty = true;
    if (this.running || this.isUrgent || this.isFailing) return;
    this.wait(restMs);
  }

  /** Saves at once what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
    if (!this.isDirty) return;
    this.isDirty = false;
    this.isUrgent = false;
    this.running = this.send();
    await this.running;
  }

  /** The page goes, and what is under way perhaps with it: the state as it is now is sent beside that. */
  leave(): void {
    if (this.isDirty || this.running) void this.options.save(this.options.write(), true);
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async send(): Promise<void> {
    const result = await this.options.save(this.options.write(), false);
    this.running = null;
    if (result.ok) {
      this.isFailing = false;
      if (this.isDirty) this.wait(this.isUrgent ? delayMs : restMs);
      return;
    }
    // The study is gone: there is nothing to keep any more.
    if (result.problem.code === 'NOT_FOUND') return;
    this.isDirty = true;
    this.isUrgent = true;
    if (!this.isFailing) this.options.onProblem(result.problem);
    this.isFailing = true;
    this.wait(retryMs);
  }
}
