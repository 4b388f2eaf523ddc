import { describe, expect, test } from 'vitest';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { StackRenderer } from './cpu-road.ts';

/** A stack that fills up by hand, and renderers that are made when the test says so. */
function setUp() {
  const loaders = new Set<() => void>();
  const endings: (() => void)[] = [];
  const stack = {
    isWhole: false,
    has: true,
    volume: () => (stack.has ? {} : null),
    loader: {
      subscribe(listener: () => void) {
        loaders.add(listener);
        return () => loaders.delete(listener);
      },
    },
    onClose: (end: () => void) => endings.push(end),
  };
  const pending: (() => void)[] = [];
  const alive = new Set<string>();
  let count = 0;
  const make = (): Promise<CpuRenderer> =>
    new Promise((resolve) => {
      count += 1;
      const name = `${stack.isWhole ? 'whole' : 'filling'} ${count}`;
      pending.push(() => {
        // Two at once would draw into one memory.
        expect([...alive]).toEqual([]);
        alive.add(name);
        resolve({ name, dispose: () => alive.delete(name) } as unknown as CpuRenderer);
      });
    });
  const road = new StackRenderer(stack as unknown as OpenStack, make);
  const seen: (string | null)[] = [];
  const name = (): string | null => (road.now() as unknown as { name: string } | null)?.name ?? null;
  road.subscribe(() => seen.push(name()));
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
  return { stack, road, seen, name, settle, arrive, close, alive };
}

describe('the renderer of a stack', () => {
  test('is replaced at the last slice for everybody, though nobody asks again', async () => {
    const { stack, road, seen, name, settle, arrive, alive } = setUp();
    stack.has = false;
    road.want();
    await settle();
    expect(name()).toBeNull();
    stack.has = true;
    road.want();
    await settle();
    expect(name()).toBe('filling 1');
    arrive();
    road.want();
    await settle();
    expect(name()).toBe('filling 1');
    stack.isWhole = true;
    arrive();
    await settle();
    expect(name()).toBe('whole 2');
    // In between nobody is left with one that has ended.
    expect(seen).toEqual(['filling 1', null, 'whole 2']);
    expect([...alive]).toEqual(['whole 2']);
    road.want();
    arrive();
    await settle();
    expect(name()).toBe('whole 2');
  });

  test('that is still being made when the last slice comes is replaced too', async () => {
    const { stack, road, name, settle, arrive, alive } = setUp();
    road.want();
    await Promise.resolve();
    stack.isWhole = true;
    arrive();
    await settle();
    await settle();
    expect(name()).toBe('whole 2');
    expect([...alive]).toEqual(['whole 2']);
  });

  test('ends with its stack, and one that comes too late ends at once', async () => {
    const one = setUp();
    one.road.want();
    await one.settle();
    one.close();
    expect([one.name(), one.alive.size]).toEqual([null, 0]);
    const two = setUp();
    two.road.want();
    await Promise.resolve();
    await Promise.resolve();
    two.close();
    await two.settle();
    expect([two.name(), two.alive.size]).toEqual([null, 0]);
    two.road.want();
    await two.settle();
    expect(two.name()).toBeNull();
  });
});
