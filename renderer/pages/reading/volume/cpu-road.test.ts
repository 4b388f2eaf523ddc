import { describe, expect, test } from 'vitest';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { VolumeStatistics } from '../../../../core/render/types.ts';
import type { SliceScene, VolumeScene } from '../../../../core/scene/types.ts';
import { useApp } from '../../../app/app-store.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { StackRenderer } from './cpu-road.ts';

/** A stack that fills up by hand, and renderers that are made when the test says so. */
function setUp() {
  const loaders = new Set<() => void>();
  const endings: (() => void)[] = [];
  const stack = {
    isWhole: false,
    has: true,
    most: 10,
    volume: () => (stack.has ? {} : null),
    planesVolume: () => (stack.has ? {} : null),
    filledSlices: () => [2, 5] as const,
    range: { range: () => ({ min: 0, max: stack.most }), percentile: (percent: number) => percent },
    loader: {
      subscribe(listener: () => void) {
        loaders.add(listener);
        return () => loaders.delete(listener);
      },
    },
    onClose: (end: () => void) => endings.push(end),
  };
  const pending: (() => void)[] = [];
  const alive = new Set<number>();
  const restated: number[] = [];
  let count = 0;
  /** What the renderers made so far tell when a thread of theirs fails. */
  const failing: ((error: Error) => void)[] = [];
  const make = (
    _stack: OpenStack,
    _volume: unknown,
    onFailed: (error: Error) => void,
  ): Promise<CpuRenderer> =>
    new Promise((resolve) => {
      failing.push(onFailed);
      count += 1;
      const number = count;
      pending.push(() => {
        // Two at once would draw into one memory.
        expect([...alive]).toEqual([]);
        alive.add(number);
        const restate = ({ max }: VolumeStatistics): void => void restated.push(max);
        const dispose = (): void => void alive.delete(number);
        resolve({ dispose, restate } as unknown as CpuRenderer);
      });
    });
  const road = new StackRenderer(stack as unknown as OpenStack, make);
  const seen: (CpuRenderer | null)[] = [];
  road.subscribe(() => seen.push(road.now()));
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 8; n += 1) await Promise.resolve();
    for (const go of pending.splice(0)) go();
    for (let n = 0; n < 8; n += 1) await Promise.resolve();
  };
  const arrive = (): void => {
    for (const listener of loaders) listener();
  };
  const close = (): void => {
    for (const end of endings) end();
  };
  const fail = (): void => failing.at(-1)!(new Error('unreachable'));
  return { stack, road, seen, restated, settle, arrive, close, alive, fail };
}

describe('the renderer of a stack', () => {
  test('is told of the last slice, and everybody gets another object, though nobody asks again', async () => {
    const { stack, road, seen, restated, settle, arrive, alive } = setUp();
    stack.has = false;
    road.want();
    await settle();
    expect(road.now()).toBeNull();
    stack.has = true;
    road.want();
    await settle();
    const filling = road.now();
    expect(filling).not.toBeNull();
    arrive();
    road.want();
    await settle();
    expect(road.now()).toBe(filling);
    stack.isWhole = true;
    stack.most = 99;
    arrive();
    await settle();
    const whole = road.now();
    expect(whole).not.toBe(filling);
    expect(seen).toEqual([filling, whole]);
    expect(restated).toEqual([99]);
    expect([...alive]).toEqual([1]);
    road.want();
    arrive();
    await settle();
    expect(road.now()).toBe(whole);
    expect(restated).toEqual([99]);
  });

  test('that is still being made when the last slice comes is told too', async () => {
    const { stack, road, restated, settle, arrive, alive } = setUp();
    road.want();
    await Promise.resolve();
    stack.isWhole = true;
    stack.most = 50;
    arrive();
    await settle();
    await settle();
    expect(restated).toEqual([50]);
    expect(road.now()).not.toBeNull();
    expect([...alive]).toEqual([1]);
  });

  test('has a successor where a thread fails, and says so where that goes on', async () => {
    useApp.setState({ messages: [] });
    const { stack, road, seen, settle, alive, fail } = setUp();
    stack.isWhole = true;
    road.want();
    await settle();
    for (let n = 2; n <= 4; n += 1) {
      fail();
      await settle();
      expect([...alive]).toEqual([n]);
      expect(road.now()).toBe(seen[n - 1]);
    }
    expect(new Set(seen).size).toBe(4);
    expect(useApp.getState().messages).toEqual([]);
    fail();
    await settle();
    expect([road.failed(), alive.size]).toEqual(['unreachable', 0]);
    // No last picture stays, in planes and in 3D: the next one is crossed out, in black and one grey, without values.
    const scene = { width: 60, height: 40 } as SliceScene;
    for (const frame of [
      await road.now()!.slice(scene, { values: true }),
      await road.now()!.volume({} as VolumeScene, scene, { values: true }),
    ]) {
      const words = new Uint32Array(frame!.rgba.buffer);
      expect([frame!.width, frame!.height, new Set(words).size]).toEqual([60, 40, 2]);
      expect([words[0], words[59], words[20 * 60 + 30]]).toEqual(new Array(3).fill(0xff505050));
      expect(frame!.values?.every(Number.isNaN)).toBe(true);
    }
    road.want();
    fail();
    await settle();
    expect(useApp.getState().messages).toHaveLength(1);
    const [told, ...others] = useApp.getState().messages;
    const said = told && typeof told.text === 'function' ? told.text('en') : '';
    expect(said).toContain('(unreachable); those of this series are crossed out');
    expect(others).toEqual([]);
  });

  test('that cannot be made is tried again as often, and then told', async () => {
    useApp.setState({ messages: [] });
    const { stack } = setUp();
    stack.isWhole = true;
    let tries = 0;
    const road = new StackRenderer(stack as unknown as OpenStack, () => {
      tries += 1;
      return Promise.reject(new Error('no memory'));
    });
    road.want();
    await expect.poll(road.failed).toBe('no memory');
    expect([tries, useApp.getState().messages.length]).toEqual([4, 1]);
  });

  test('ends with its stack, and one that comes too late ends at once', async () => {
    const one = setUp();
    one.road.want();
    await one.settle();
    one.close();
    expect([one.road.now(), one.alive.size]).toEqual([null, 0]);
    const two = setUp();
    two.road.want();
    await Promise.resolve();
    await Promise.resolve();
    two.close();
    await two.settle();
    expect([two.road.now(), two.alive.size]).toEqual([null, 0]);
    two.road.want();
    await two.settle();
    expect(two.road.now()).toBeNull();
  });
});
