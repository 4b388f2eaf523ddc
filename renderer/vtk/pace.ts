import { CardClock } from './card-clock.ts';

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
/** So many pictures in a row that took too long before they get fewer rays, and with plenty of time before they get more. */
const tooLongLeast = 2;
const plentyLeast = 10;
/** So long that one is enough. */
const farTooLong = 3;
/** A display's frame of 60 Hz; one that took `lateMs` was missed: a browser that waits for the card need not keep to the beat. */
const displayMs = 16.7;
const lateMs = 17.6;
/** So many missed, each made good by two in time, and rays get less of the frame; so many in time, and they get more. */
const lateMost = 3;
const inTimeLeast = 120;
/** Less of the frame for rays is no help unless the time beyond the display's shrinks to so much of it. */
const helps = 0.8;
/** Frames after a change that tell whether it helped; those before them were drawn otherwise. */
const judgedAfter = 6;
const judgedLeast = 12;
const judgedMost = 24;
/** So many pictures without an answer of the card's clock, and only the missed frames count. */
const silentMost = 20;

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

/**
 * How coarse moving pictures are: by the card's own clock and the display frames that are missed; where a processor plays
 * the card, whose clock tells nothing, by whether a picture was finished before the next is wanted.
 */
export class MovingPace {
  private readonly gl: WebGL2RenderingContext;
  private readonly isCard: boolean;
  private readonly clock: CardClock | null;
  private limits: PaceLimits;
  private fence: WebGLSync | null = null;
  private isLate = false;
  private begunMs = 0;
  private budgetMs = budgetMostMs;
  /** Of the last picture of this size that the clock told of; 0: of none yet. */
  private raysMs = 0;
  /** What the clock said last of this size: a picture that the card left for the window's sake counts that time too. */
  private lastMs = 0;
  /** Answers about this size, and how many of them in a row were alike. */
  private answers = 0;
  private tooLong = 0;
  private plenty = 0;
  private silent = 0;
  private late = 0;
  private inTime = 0;
  /** Frames since rays last got another part of them, and the mean of the last of those that are judged. */
  private frames = judgedAfter;
  private meanMs = 0;
  /** What a frame took beyond the display's before rays last got less; 0: they did not. */
  private excessMsBefore = 0;
  /** Fewer rays did not help: the display is slow, or the window too dear. */
  private isHopeless = false;
  pixels: number;

  /** @param isCard false where a processor plays the card */
  constructor(gl: WebGL2RenderingContext, limits: PaceLimits, start: number, isCard: boolean) {
    this.gl = gl;
    this.isCard = isCard;
    this.limits = limits;
    this.pixels = within(start, limits);
    this.clock = isCard ? CardClock.of(gl) : null;
  }

  /** Before a moving picture. */
  begin(limits: PaceLimits): void {
    this.limits = limits;
    this.begunMs = performance.now();
    if (!this.isCard) this.readFence();
    for (const { pixels, ms } of this.clock?.answers() ?? []) this.follow(pixels, ms);
    if (within(this.pixels, limits) !== this.pixels) this.resize(this.pixels);
    this.clock?.begin();
  }

  /** After it. */
  end(): void {
    const { gl } = this;
    this.clock?.end(this.pixels);
    this.silent += 1;
    if (!this.isCard) {
      this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
    }
    // A processor in disguise has drawn by now. A browser holds frames back while a card is busy, with rays or with the window.
    const startMs = this.isCard ? this.begunMs : performance.now();
    requestAnimationFrame(() => {
      const ms = performance.now() - startMs;
      this.isLate = ms > lateMs;
      if (this.isCard) this.followFrames(ms);
    });
  }

  /** After a picture at rest, which is not measured: the time since says nothing. */
  rest(): void {
    if (this.fence) this.gl.deleteSync(this.fence);
    this.fence = null;
  }

  dispose(): void {
    this.rest();
    this.clock?.forget();
  }

  /** Answers come some pictures late: one about another size is no reason for a change. */
  private follow(drawn: number, ms: number): void {
    if (drawn !== this.pixels) return;
    this.silent = 0;
    this.answers += 1;
    const raysMs = Math.min(ms, this.lastMs);
    this.lastMs = ms;
    // The first of a size makes its canvas too, and the first of all the shader.
    if (this.answers === 1) return;
    this.raysMs = raysMs;
    this.tooLong = raysMs > this.budgetMs * tooLong ? this.tooLong + 1 : 0;
    this.plenty = ms < this.budgetMs * plenty ? this.plenty + 1 : 0;
    const isFarTooLong = raysMs > this.budgetMs * farTooLong;
    if (isFarTooLong || this.tooLong >= tooLongLeast || this.plenty >= plentyLeast) this.fitBudget();
  }

  private followFrames(ms: number): void {
    const isBlind = this.silent > silentMost;
    if (this.raysMs === 0 && !isBlind) return;
    this.frames += 1;
    const judged = Math.min(judgedMost, this.frames - judgedAfter);
    if (judged > 0) this.meanMs += (ms - this.meanMs) / judged;
    this.inTime = this.isLate ? 0 : this.inTime + 1;
    this.late = this.isLate ? this.late + 1 : Math.max(0, this.late - 0.5);
    if (this.inTime >= inTimeLeast) this.spendMore(isBlind);
    if (this.late < lateMost || this.isHopeless) return;
    if (isBlind) this.resize(this.pixels * 1.3);
    else this.spendLess();
  }

  private spendMore(isBlind: boolean): void {
    this.inTime = 0;
    this.isHopeless = false;
    this.excessMsBefore = 0;
    this.budgetMs = Math.min(budgetMostMs, this.budgetMs * 1.1);
    if (isBlind) this.resize(this.pixels * 0.9);
  }

  /** Frames that are missed although rays kept to their budget: the window itself is dear, and rays get less. */
  private spendLess(): void {
    if (this.excessMsBefore > 0 && this.frames < judgedAfter + judgedLeast) return;
    const excessMs = this.meanMs - displayMs;
    const wasUseless = this.excessMsBefore > 0 && excessMs > this.excessMsBefore * helps;
    this.isHopeless = wasUseless || this.budgetMs === budgetLeastMs;
    this.excessMsBefore = this.isHopeless ? 0 : excessMs;
    this.budgetMs = this.isHopeless ? budgetMostMs : Math.max(budgetLeastMs, this.budgetMs * 0.75);
    this.frames = 0;
    this.meanMs = 0;
    this.late = 0;
    if (this.isHopeless || this.raysMs > this.budgetMs * 1.05) this.fitBudget();
  }

  private fitBudget(): void {
    this.resize(pixelsFor(this.pixels, this.raysMs, this.budgetMs, this.limits));
  }

  private resize(pixels: number): void {
    const wanted = within(pixels, this.limits);
    this.tooLong = 0;
    this.plenty = 0;
    this.late = 0;
    if (wanted === this.pixels) return;
    this.pixels = wanted;
    this.answers = 0;
    this.raysMs = 0;
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
