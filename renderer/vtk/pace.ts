/** Screen pixels of one ray along each edge while something moves: as few rays as the card needs to keep the display's pace. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
}

/** Of a display frame of 16.7 ms; the rest is the browser's, which puts the window together. */
const tooLongMs = 13;
const plentyMs = 5;
/** What a change of size aims at. */
const budgetMs = 9;
/** So many pictures in a row with plenty of time before they get more rays. */
const plentyLeast = 10;
/** A display frame that took longer was missed. */
const lateMs = 25;
/** So many unanswered questions, and the card's clock is thought to stand still. */
const pendingMost = 8;

const within = (pixels: number, { least, most }: PaceLimits): number =>
  Math.min(most, Math.max(least, pixels));

/** Where only "in time" or "late" is known. Slower to sharpen than to coarsen, so that the pace does not swing. */
export const nextPixels = (now: number, wasDone: boolean, limits: PaceLimits): number =>
  within(now * (wasDone ? 0.95 : 1.3), limits);

/**
 * Pixels a ray for which a picture like this one would take the time aimed at: the card's time goes with the count of rays.
 * @param drawn of the picture that took `ms`
 */
export const pixelsFor = (drawn: number, ms: number, limits: PaceLimits): number =>
  within(drawn * Math.sqrt(ms / budgetMs), limits);

/** `EXT_disjoint_timer_query_webgl2`, which the DOM's types do not hold. */
interface TimerExtension {
  readonly TIME_ELAPSED_EXT: number;
  readonly GPU_DISJOINT_EXT: number;
}

interface Asked {
  readonly query: WebGLQuery;
  readonly pixels: number;
}

/** What moving pictures cost the card: by its own clock, else by whether one was finished before the next is wanted. */
export class MovingPace {
  private fence: WebGLSync | null = null;
  private endedMs = 0;
  private isLate = false;
  private timer: TimerExtension | null;
  private running: WebGLQuery | null = null;
  private pending: Asked[] = [];
  private plenty = 0;
  private readonly gl: WebGL2RenderingContext;
  private readonly limits: PaceLimits;
  pixels: number;

  /** @param hasClock false where the card is a processor in disguise, whose queries tell nothing */
  constructor(gl: WebGL2RenderingContext, limits: PaceLimits, start: number, hasClock: boolean) {
    this.gl = gl;
    this.limits = limits;
    this.pixels = start;
    this.timer = hasClock ? gl.getExtension('EXT_disjoint_timer_query_webgl2') : null;
  }

  /** Before a moving picture. */
  begin(): void {
    if (this.timer) this.readClock(this.timer);
    else this.readFence();
    if (!this.timer) return;
    this.running = this.gl.createQuery();
    if (this.running) this.gl.beginQuery(this.timer.TIME_ELAPSED_EXT, this.running);
  }

  /** After it. */
  end(): void {
    const { gl, timer } = this;
    if (timer) {
      if (!this.running) return;
      gl.endQuery(timer.TIME_ELAPSED_EXT);
      this.pending.push({ query: this.running, pixels: this.pixels });
      this.running = null;
      return;
    }
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    this.endedMs = performance.now();
    // A browser holds frames back while the card is busy, and then the fence has been passed by the time it is asked.
    requestAnimationFrame(() => {
      this.isLate = performance.now() - this.endedMs > lateMs;
    });
  }

  /** After a picture at rest, which is not measured: the time since says nothing. */
  rest(): void {
    if (this.fence) this.gl.deleteSync(this.fence);
    this.fence = null;
  }

  dispose(): void {
    this.rest();
    this.forget();
  }

  private readClock(timer: TimerExtension): void {
    const { gl } = this;
    if (gl.getParameter(timer.GPU_DISJOINT_EXT)) this.forget();
    for (let first = this.pending[0]; first; first = this.pending[0]) {
      if (!gl.getQueryParameter(first.query, gl.QUERY_RESULT_AVAILABLE)) break;
      const ms = gl.getQueryParameter(first.query, gl.QUERY_RESULT) / 1e6;
      gl.deleteQuery(first.query);
      this.pending.shift();
      this.follow(first.pixels, ms);
    }
    if (this.pending.length <= pendingMost) return;
    this.forget();
    this.timer = null;
  }

  /**
   * Answers come some pictures late: one about another size is no reason for a change. Each change makes the canvas
   * anew, which costs a display frame, so there is a wide span between too long and plenty.
   */
  private follow(drawn: number, ms: number): void {
    if (drawn !== this.pixels) return;
    this.plenty = ms < plentyMs ? this.plenty + 1 : 0;
    if (ms <= tooLongMs && this.plenty < plentyLeast) return;
    this.plenty = 0;
    this.pixels = pixelsFor(drawn, ms, this.limits);
  }

  private forget(): void {
    for (const { query } of this.pending) this.gl.deleteQuery(query);
    this.pending = [];
  }

  private readFence(): void {
    const { gl, fence } = this;
    if (!fence) return;
    const wasDone = gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
    gl.deleteSync(fence);
    this.fence = null;
    this.pixels = nextPixels(this.pixels, wasDone && !this.isLate, this.limits);
    this.isLate = false;
  }
}
