import type { Frame } from '../../../../core/render/types.ts';

/** After this long without a change the picture is drawn exactly. */
const restMs = 120;
/** Pictures that take longer than this are drawn coarse while something moves. */
const exactMostMs = 50;
/** A request that somebody else's has pushed aside is made again so often. */
const triesMost = 5;

/** What one picture is drawn by: null where another request took its place. */
export type AskPicture = (coarse: number) => Promise<Frame | null>;

/**
 * Keeps one canvas at what was last asked of it: coarse while it changes where exact would be too slow, exact at rest.
 * The picture asked for last is always painted in the end; an older one never covers a newer one.
 */
export class LatestPicture {
  private asked = 0;
  private painted = 0;
  private exactMs = 0;

  /** Draws; `paint` gets the pictures and their number. Call what it answers before the next picture is asked for. */
  show(ask: AskPicture, paint: (frame: Frame, number: number) => void): () => void {
    let isOver = false;
    const draw = async (coarse: number, triesLeft: number): Promise<void> => {
      this.asked += 1;
      const number = this.asked;
      const startMs = performance.now();
      const frame = await ask(coarse);
      if (!frame) {
        // Not by one of its own: nobody else would draw it.
        if (!isOver && number === this.asked && triesLeft > 0) start(coarse, triesLeft - 1);
        return;
      }
      if (number < this.painted) return;
      this.painted = number;
      if (coarse === 1) this.exactMs = performance.now() - startMs;
      paint(frame, number);
    };
    // A renderer that has ended answers with an error; its successor draws the same scene.
    const start = (coarse: number, tries: number): void => void draw(coarse, tries).catch(() => undefined);
    const isSlow = this.exactMs > exactMostMs;
    start(isSlow ? 2 : 1, triesMost);
    const timer = isSlow ? setTimeout(() => start(1, triesMost), restMs) : undefined;
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }
}
