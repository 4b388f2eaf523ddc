import { type Change, changeBetween, type Snapshot } from './snapshot.ts';

/** Steps kept for each study; the reading room asks for 100. */
export const undoSteps = 200;
/** Running changes of one kind within this time of each other are one step. */
const mergeMs = 500;

/** Undo and redo over everything that a reader changes. A drag is one step, and so is what one command does. */
export class History {
  past: readonly Snapshot[] = [];
  future: readonly Snapshot[] = [];
  private readonly nowMs: () => number;
  private last: { readonly change: Change; readonly atMs: number } | null = null;
  private isHeld = false;
  /** The running drag, or the running command, has made its step. */
  private hasStep = false;
  /** The drag before has made one. */
  private hadStep = false;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** A button goes down or up: all that changes in between is one step, with the press before where it is `again`. */
  hold(isHeld: boolean, again = false): void {
    if (!isHeld) this.hadStep = this.hasStep;
    this.isHeld = isHeld;
    this.hasStep = again && this.hadStep;
    this.last = null;
  }

  /** Told of each change of the state; answers whether anything that counts has changed. */
  note(before: Snapshot, after: Snapshot): boolean {
    const change = changeBetween(before, after);
    if (!change) return false;
    const atMs = this.nowMs();
    const isContinued =
      change.isRunning && this.last?.change.what === change.what && atMs - this.last.atMs < mergeMs;
    if (!this.hasStep && !isContinued) this.past = [...this.past, before].slice(-undoSteps);
    this.future = [];
    this.last = { change, atMs };
    if (!this.hasStep && !this.isHeld) {
      queueMicrotask(() => {
        if (!this.isHeld) this.hasStep = false;
      });
    }
    this.hasStep = true;
    // A drag that was cancelled has put everything back.
    const start = this.past.at(-1);
    if (start && !changeBetween(start, after)) {
      this.past = this.past.slice(0, -1);
      this.hasStep = false;
    }
    return true;
  }

  /** The state to go back to; `now` can be come back to. Null when there is nothing to undo. */
  undo(now: Snapshot): Snapshot | null {
    const before = this.past.at(-1);
    if (!before) return null;
    this.past = this.past.slice(0, -1);
    this.future = [now, ...this.future];
    this.last = null;
    return before;
  }

  redo(now: Snapshot): Snapshot | null {
    const [after] = this.future;
    if (!after) return null;
    this.future = this.future.slice(1);
    this.past = [...this.past, now];
    this.last = null;
    return after;
  }

  /** Takes up what was kept. */
  restore(past: readonly Snapshot[], future: readonly Snapshot[]): void {
    this.past = past.slice(-undoSteps);
    this.future = future.slice(0, undoSteps);
  }
}
