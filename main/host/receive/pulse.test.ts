import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchPulse } from './pulse.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('tells once of a thread that says nothing for half a minute', async () => {
  let asked = 0;
  const dead = vi.fn();
  watchPulse(() => {
    asked += 1;
    return new Promise(() => undefined);
  }, dead);
  await vi.advanceTimersByTimeAsync(39_000);
  expect(dead).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(dead).toHaveBeenCalledTimes(1);
  expect(asked).toBe(1);
});

it('bears with one that answers late, and asks no more when it is stopped', async () => {
  let asked = 0;
  const dead = vi.fn();
  const stop = watchPulse(() => {
    asked += 1;
    return new Promise((resolve) => setTimeout(resolve, 25_000));
  }, dead);
  await vi.advanceTimersByTimeAsync(400_000);
  expect(dead).not.toHaveBeenCalled();
  expect(asked).toBeGreaterThan(10);
  stop();
  const before = asked;
  await vi.advanceTimersByTimeAsync(100_000);
  expect(asked).toBe(before);
});
