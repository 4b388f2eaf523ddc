import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';

export interface AutosaveOptions<T> {
  /** The state as it is now. */
  write(): T;
  save(state: T): Promise<Result<unknown>>;
  /** Told once when saving begins to fail. */
  onProblem(problem: Problem): void;
}

/** After a change this long passes before it is saved; with the call it stays below a second. */
const delayMs = 500;
const retryMs = 5000;

/** Saves soon after each change, one call at a time; what fails is tried again until it is saved. */
export class Autosave<T> {
  private readonly options: AutosaveOptions<T>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDirty = false;
  private isFailing = false;
  private running: Promise<void> | null = null;

  constructor(options: AutosaveOptions<T>) {
    this.options = options;
  }

  changed(): void {
    this.isDirty = true;
    if (this.running || (this.timer !== undefined && !this.isFailing)) return;
    this.wait(delayMs);
  }

  /** Saves at once what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
    if (!this.isDirty) return;
    this.isDirty = false;
    this.running = this.send();
    await this.running;
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async send(): Promise<void> {
    const result = await this.options.save(this.options.write());
    this.running = null;
    if (result.ok) {
      this.isFailing = false;
      if (this.isDirty) this.wait(delayMs);
      return;
    }
    // The study is gone: there is nothing to keep any more.
    if (result.problem.code === 'NOT_FOUND') return;
    this.isDirty = true;
    if (!this.isFailing) this.options.onProblem(result.problem);
    this.isFailing = true;
    this.wait(retryMs);
  }
}
