import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArrivalClock } from './arrival-clock.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('news of a stack', () => {
  it('come at once for the first slice, together for those in between, and at once for the last', () => {
    let share = 0.3;
    const clock = new ArrivalClock(() => share);
    const told: string[] = [];
    clock.subscribe(() => told.push('plane'));
    clock.subscribe(() => told.push('bar'));
    clock.note();
    expect(told).toEqual(['plane', 'bar']);
    for (let ms = 0; ms < 300; ms += 10) {
      clock.note();
      vi.advanceTimersByTime(10);
    }
    expect(told).toHaveLength(2);
    vi.advanceTimersByTime(100);
    expect(told).toHaveLength(4);
    clock.note();
    share = 1;
    clock.note();
    expect(told).toHaveLength(6);
    vi.advanceTimersByTime(5000);
    expect(told).toHaveLength(6);
  });

  it('count from when the rest is asked for, where the first slice came long before', () => {
    let share = 0.1;
    const clock = new ArrivalClock(() => share);
    let told = 0;
    clock.subscribe(() => {
      told += 1;
    });
    clock.restart();
    clock.note();
    expect(told).toBe(1);
    vi.advanceTimersByTime(60_000);
    clock.restart();
    for (let ms = 0; ms < 390; ms += 10) {
      clock.note();
      vi.advanceTimersByTime(10);
    }
    expect(told).toBe(1);
    vi.advanceTimersByTime(20);
    expect(told).toBe(2);
    share = 1;
    clock.note();
    expect(told).toBe(3);
  });

  it('wait for the last slice where it is near, but not for ever', () => {
    let share = 0;
    const clock = new ArrivalClock(() => share);
    let told = 0;
    clock.subscribe(() => {
      told += 1;
    });
    for (let ms = 0; ms < 500; ms += 10) {
      share = ms / 500;
      clock.note();
      vi.advanceTimersByTime(10);
    }
    expect(told).toBe(1);
    share = 1;
    clock.note();
    expect(told).toBe(2);
    share = 0.9;
    clock.note();
    vi.advanceTimersByTime(790);
    expect(told).toBe(2);
    vi.advanceTimersByTime(20);
    expect(told).toBe(3);
  });

  it('come further apart the longer a series takes, but each second at least', () => {
    const clock = new ArrivalClock(() => 0.1);
    const toldMs: number[] = [];
    clock.subscribe(() => toldMs.push(performance.now()));
    const startMs = performance.now();
    for (let ms = 0; ms < 12_000; ms += 10) {
      clock.note();
      vi.advanceTimersByTime(10);
    }
    const gaps = toldMs.slice(1).map((ms, n) => ms - toldMs[n]!);
    expect(gaps.slice(0, 4)).toEqual([400, 400, 400, 400]);
    expect(gaps.every((gap, n) => n === 0 || gap >= gaps[n - 1]!)).toBe(true);
    expect(gaps.at(-1)).toBe(1000);
    expect(toldMs.filter((ms) => ms - startMs < 6800)).toHaveLength(11);
  });

  it('come at once after a pause, and never to who has left or after the end', () => {
    const clock = new ArrivalClock(() => 0.5);
    let told = 0;
    const leave = clock.subscribe(() => {
      told += 1;
    });
    clock.note();
    vi.advanceTimersByTime(1000);
    clock.note();
    expect(told).toBe(2);
    leave();
    vi.advanceTimersByTime(1000);
    clock.note();
    clock.subscribe(() => {
      told += 1;
    });
    clock.note();
    clock.end();
    vi.advanceTimersByTime(1000);
    expect(told).toBe(2);
  });
});
