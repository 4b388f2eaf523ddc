/** Screen pixels of one ray along each edge while something moves: as few rays as the card needs to keep the display's pace. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
}

/** What rays may take of a display frame of 16.7 ms at most, and at least however dear putting the window together is. */
const budgetMostMs = 9;
const budgetLeastMs = 3;
/** A change of size makes the canvas anew, which costs a display frame: parts of the budget that are not worth one. */
const tooLong = 1.4;
const plenty = 0.55;
/** So many pictures in a row with plenty of time before they get more rays. */
const plentyLeast = 10;
/** A display frame that took longer was missed. */
const lateMs = 25;
/** So many missed, each made good by two in time, and rays get less of the frame; so many in time, and they get more. */
const lateMost = 3;
const inTimeLeast = 120;
/** So many unanswered questions, and the card's clock is thought to stand still. */
const pendingMost = 8;

const within = (pixels: number, { least, most }: PaceLimits): number =>
  Math.min(most, Math.max(least, pixels));

/** Where only "in time" or "late" is known. Slower to sharpen than to coarsen, so that the pace does not swing. */
export const nextPixels = (now: number, wasDone: boolean, limits: PaceLimits): number =>
  within(now * (wasDone ? 0.95 : 1.3), limits);

/**
 * Pixels a ray for which a picture like this one would take `budgetMs`: the card's time goes with the count of rays.
 * @param drawn of the picture that took `ms`
 */
export const pixelsFor = (drawn: number, ms: number, budgetMs: number, limits: PaceLimits): number =>
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
  private isLate = false;
  private timer: TimerExtension | null;
  private running: WebGLQuery | null = null;
  private pending: Asked[] = [];
  private plenty = 0;
  private budgetMs = budgetMostMs;
  /** Of the last picture of this size that the clock told of; 0: of none yet. */
  private raysMs = 0;
  private late = 0;
  private inTime = 0;
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
    if (!timer) {
      this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
    } else if (this.running) {
      gl.endQuery(timer.TIME_ELAPSED_EXT);
      this.pending.push({ query: this.running, pixels: this.pixels });
      this.running = null;
    }
    const endedMs = performance.now();
    // A browser holds frames back while the card is busy, with rays or with putting the window together.
    requestAnimationFrame(() => {
      this.isLate = performance.now() - endedMs > lateMs;
      if (this.timer) this.followFrames();
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

  /** Answers come some pictures late: one about another size is no reason for a change. */
  private follow(drawn: number, ms: number): void {
    if (drawn !== this.pixels) return;
    this.raysMs = ms;
    this.plenty = ms < this.budgetMs * plenty ? this.plenty + 1 : 0;
    if (ms > this.budgetMs * tooLong || this.plenty >= plentyLeast) this.resize();
  }

  /** Frames that are missed although rays kept to their budget: the window itself is dear, and rays get less. */
  private followFrames(): void {
    if (this.raysMs === 0) return;
    this.inTime = this.isLate ? 0 : this.inTime + 1;
    this.late = this.isLate ? this.late + 1 : Math.max(0, this.late - 0.5);
    if (this.inTime >= inTimeLeast) {
      this.inTime = 0;
      this.budgetMs = Math.min(budgetMostMs, this.budgetMs * 1.1);
    }
    if (this.late < lateMost) return;
    this.late = 0;
    this.budgetMs = Math.max(budgetLeastMs, this.budgetMs * 0.75);
    if (this.raysMs > this.budgetMs * 1.05) this.resize();
  }

  private resize(): void {
    this.plenty = 0;
    this.late = 0;
    this.pixels = pixelsFor(this.pixels, this.raysMs, this.budgetMs, this.limits);
    this.raysMs = 0;
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
