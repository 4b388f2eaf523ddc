/** `EXT_disjoint_timer_query_webgl2`, which the DOM's types do not hold. */
interface TimerExtension {
  readonly TIME_ELAPSED_EXT: number;
  readonly GPU_DISJOINT_EXT: number;
}

interface Asked {
  readonly query: WebGLQuery;
  readonly pixels: number;
}

/** What the card itself says a picture took. */
export interface CardAnswer {
  /** Screen pixels of one ray along each edge, as the picture was drawn. */
  readonly pixels: number;
  readonly ms: number;
}

/** So many questions without an answer, and no more are asked. */
const pendingMost = 8;
/** After so many pictures without one they are given up, and asked anew. */
const patience = 240;

/** The card's own clock. Answers come some pictures late, or never; while the card changes its speed it tells nothing. */
export class CardClock {
  private readonly gl: WebGL2RenderingContext;
  private readonly timer: TimerExtension;
  private running: WebGLQuery | null = null;
  private pending: Asked[] = [];
  private waited = 0;

  private constructor(gl: WebGL2RenderingContext, timer: TimerExtension) {
    this.gl = gl;
    this.timer = timer;
  }

  /** Null where the driver has none. */
  static of(gl: WebGL2RenderingContext): CardClock | null {
    const timer = gl.getExtension('EXT_disjoint_timer_query_webgl2') as TimerExtension | null;
    return timer && new CardClock(gl, timer);
  }

  /** What has been answered since it was last asked, the oldest first. */
  answers(): CardAnswer[] {
    const { gl, timer } = this;
    const answers: CardAnswer[] = [];
    if (gl.getParameter(timer.GPU_DISJOINT_EXT) || this.waited > patience) this.forget();
    for (let first = this.pending[0]; first; first = this.pending[0]) {
      if (!gl.getQueryParameter(first.query, gl.QUERY_RESULT_AVAILABLE)) break;
      answers.push({ pixels: first.pixels, ms: gl.getQueryParameter(first.query, gl.QUERY_RESULT) / 1e6 });
      gl.deleteQuery(first.query);
      this.pending.shift();
      this.waited = 0;
    }
    return answers;
  }

  /** Before a picture. */
  begin(): void {
    this.waited += 1;
    if (this.pending.length >= pendingMost) return;
    this.running = this.gl.createQuery();
    if (this.running) this.gl.beginQuery(this.timer.TIME_ELAPSED_EXT, this.running);
  }

  /** After it. */
  end(pixels: number): void {
    if (!this.running) return;
    this.gl.endQuery(this.timer.TIME_ELAPSED_EXT);
    this.pending.push({ query: this.running, pixels });
    this.running = null;
  }

  forget(): void {
    for (const { query } of this.pending) this.gl.deleteQuery(query);
    this.pending = [];
    this.waited = 0;
  }
}
