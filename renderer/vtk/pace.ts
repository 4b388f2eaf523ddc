/** Screen pixels of one ray along each edge while something moves: as few rays as the card needs to keep the display's pace. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
}

/** Slower to sharpen than to coarsen, so that the pace does not swing. */
export const nextPixels = (now: number, wasDone: boolean, { least, most }: PaceLimits): number =>
  Math.min(most, Math.max(least, now * (wasDone ? 0.95 : 1.3)));

/** Asks, when the next moving picture is wanted, whether the card had finished the one before. */
export class MovingPace {
  private fence: WebGLSync | null = null;
  private readonly limits: PaceLimits;
  pixels: number;

  constructor(limits: PaceLimits, start: number) {
    this.limits = limits;
    this.pixels = start;
  }

  /** Before a moving picture. */
  begin(gl: WebGL2RenderingContext): void {
    if (!this.fence) return;
    const wasDone = gl.getSyncParameter(this.fence, gl.SYNC_STATUS) === gl.SIGNALED;
    gl.deleteSync(this.fence);
    this.fence = null;
    this.pixels = nextPixels(this.pixels, wasDone, this.limits);
  }

  /** After it. */
  end(gl: WebGL2RenderingContext): void {
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  /** After a picture at rest: the time since says nothing. */
  rest(gl: WebGL2RenderingContext): void {
    if (this.fence) gl.deleteSync(this.fence);
    this.fence = null;
  }
}
