type Make = () => Promise<void>;

/**
 * Pictures made of two parts that different threads draw: both must be of one scene. While something moves one pair is
 * made at a time and the newest scene waits, so that neither part's own queue drops what the other part draws.
 */
export class PairQueue {
  private isMoving = false;
  /** A moving pair, then one at rest. */
  private waiting: { readonly make: Make; readonly isRest: boolean }[] = [];

  /** A pair while something moves, in place of all that wait. */
  move(make: Make): void {
    this.waiting = [{ make, isRest: false }];
    if (!this.isMoving) void this.run();
  }

  /** A pair at rest, after the moving ones; nobody waits for it: the next moving one makes it answer nothing. */
  rest(make: Make): void {
    this.waiting.push({ make, isRest: true });
    if (!this.isMoving) void this.run();
  }

  private async run(): Promise<void> {
    this.isMoving = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      // Threads that have ended answer with an error; their successors draw the same scene.
      const made = next.make().catch(() => undefined);
      if (!next.isRest) await made;
    }
    this.isMoving = false;
  }
}
