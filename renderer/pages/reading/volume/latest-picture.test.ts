import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Frame } from '../../../../core/render/types.ts';
import { LatestPicture } from './latest-picture.ts';

const frameOf = (scene: number): Frame => ({
  width: scene,
  height: 1,
  rgba: new Uint8ClampedArray(4),
  values: null,
  coarse: 1,
});

/** A renderer whose answers the test gives by hand, one request a channel, as the coordinator has it. */
class FakeRenderer {
  private waiting: { scene: number; answer: (frame: Frame | null) => void }[] = [];
  private isEnded = false;
  ask(scene: number): Promise<Frame | null> {
    if (this.isEnded) return Promise.resolve(null);
    return new Promise((answer) => this.waiting.push({ scene, answer }));
  }
  /** Draws the newest, pushes the others aside; `isStolen`: somebody else's request took the place of all. */
  settle(isStolen = false): void {
    const all = this.waiting.splice(0);
    for (const [n, { scene, answer }] of all.entries())
      answer(isStolen || n < all.length - 1 ? null : frameOf(scene));
  }
  end(): void {
    this.isEnded = true;
    for (const { answer } of this.waiting.splice(0)) answer(null);
  }
}

const microtasks = async (): Promise<void> => {
  for (let n = 0; n < 12; n += 1) await Promise.resolve();
};

type Step = 'scene' | 'settle' | 'steal' | 'replace' | 'wait';

describe('the latest picture', () => {
  let nowMs = 0;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test('is painted in the end, whatever happens on the way', async () => {
    const steps = fc.array(fc.constantFrom<Step>('scene', 'settle', 'steal', 'replace', 'wait'), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (done) => {
        const latest = new LatestPicture();
        let renderer = new FakeRenderer();
        let scene = 1;
        let painted = 0;
        let stop = (): void => undefined;
        // As an effect does it: over with the old, on with the new.
        const show = (): void => {
          stop();
          const [by, own] = [renderer, scene];
          stop = latest.show(
            () => by.ask(own),
            (frame) => {
              expect(frame.width).toBeGreaterThanOrEqual(painted);
              painted = frame.width;
            },
          );
        };
        show();
        let stolen = 0;
        for (const step of done) {
          nowMs += 30;
          if (step === 'scene') scene += 1;
          if (step === 'replace') {
            renderer.end();
            renderer = new FakeRenderer();
          }
          if (step === 'scene' || step === 'replace') {
            stolen = 0;
            show();
          } else if (step === 'wait') vi.advanceTimersByTime(70);
          else if (step === 'settle' || stolen < 3) {
            if (step === 'steal') stolen += 1;
            renderer.settle(step === 'steal');
          }
          await microtasks();
        }
        for (let n = 0; n < 8; n += 1) {
          vi.advanceTimersByTime(200);
          renderer.settle();
          await microtasks();
        }
        expect(painted).toBe(scene);
        stop();
      }),
      { numRuns: 300 },
    );
  });

  test('is drawn coarse while it is slow, and exactly at rest', async () => {
    const latest = new LatestPicture();
    const asked: number[] = [];
    const ask = (coarse: number): Promise<Frame | null> => {
      asked.push(coarse);
      nowMs += 80;
      return Promise.resolve(frameOf(1));
    };
    latest.show(ask, () => undefined)();
    await microtasks();
    const stop = latest.show(ask, () => undefined);
    await microtasks();
    expect(asked).toEqual([1, 2]);
    vi.advanceTimersByTime(130);
    expect(asked).toEqual([1, 2, 1]);
    stop();
    // One that was moved on from is not drawn at rest.
    latest.show(ask, () => undefined)();
    vi.advanceTimersByTime(500);
    expect(asked).toEqual([1, 2, 1, 2]);
  });

  test('does not ask for ever where nothing is drawn', async () => {
    let asked = 0;
    new LatestPicture().show(
      () => {
        asked += 1;
        return Promise.resolve(null);
      },
      () => undefined,
    );
    for (let n = 0; n < 20; n += 1) await microtasks();
    expect(asked).toBe(6);
  });
});
