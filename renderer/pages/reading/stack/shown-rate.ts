const windowMs = 1000;
/** A rate within this part of the one asked for is that rate: seconds begin within frames. */
const kept = 0.9;

/** Counts the pictures that a cine really shows, second by second. */
export class ShownRate {
  private readonly wanted: number;
  private fromMs: number | null = null;
  private shown = 0;
  private slower: number | null = null;

  /** @param wanted pictures a second that were asked for */
  constructor(wanted: number) {
    this.wanted = wanted;
  }

  /**
   * At each turn of the clock, with whether another picture was shown. Answers the pictures a second of the last whole
   * second where they were fewer than asked for, else null.
   */
  note(nowMs: number, isNew: boolean): number | null {
    this.fromMs ??= nowMs;
    if (isNew) this.shown += 1;
    const passedMs = nowMs - this.fromMs;
    if (passedMs >= windowMs) {
      const rate = (this.shown / passedMs) * 1000;
      this.slower = rate < kept * this.wanted ? Math.round(rate) : null;
      this.fromMs = nowMs;
      this.shown = 0;
    }
    return this.slower;
  }
}
