import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { collectGarbage, collectWhenQuiet } from './collect-garbage.ts';

test('what nobody holds any more is collected at once', async () => {
  const dropped = new WeakRef(new Array(1000).fill('dropped'));
  // A reference that was made in this turn holds until its end.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collectGarbage('regular');
  expect(dropped.deref()).toBeUndefined();
});

describe('garbage of all threads is collected', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const begin = () => {
    const now = { answered: 0, quietMs: 60_000 };
    const collect = vi.fn();
    const end = collectWhenQuiet({ answered: () => now.answered, collect }, () => now.quietMs);
    return { now, collect, end };
  };

  test('once, when work has ended and nobody asks for anything', () => {
    const { now, collect, end } = begin();
    now.answered = 500;
    vi.advanceTimersByTime(1000);
    expect(collect).not.toHaveBeenCalled();
    now.quietMs = 100;
    vi.advanceTimersByTime(5000);
    expect(collect).not.toHaveBeenCalled();
    now.quietMs = 2000;
    vi.advanceTimersByTime(10_000);
    expect(collect).toHaveBeenCalledOnce();
    end();
  });

  test('never after little work, nor after its end', () => {
    const { now, collect, end } = begin();
    now.answered = 20;
    vi.advanceTimersByTime(10_000);
    now.answered = 500;
    end();
    vi.advanceTimersByTime(10_000);
    expect(collect).not.toHaveBeenCalled();
  });
});
