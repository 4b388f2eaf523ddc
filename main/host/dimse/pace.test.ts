import { describe, expect, it } from 'vitest';
import { Pace, type PaceState } from './pace.ts';

const rules = { idleMs: 60_000, minBytesPerSecond: 1024 };

/** Looks once a second; answers at which second something was wrong, and what. */
function run(
  seconds: number,
  bytesAt: (second: number) => number,
  state: PaceState,
): [number, string] | null {
  const pace = new Pace(0);
  for (let second = 1; second <= seconds; second++) {
    pace.came(bytesAt(second));
    const found = pace.look(second * 1000, state, rules);
    if (found) return [second, found.code];
  }
  return null;
}

describe('pace', () => {
  it('lets a peer be silent for the idle time, and no longer', () => {
    expect(run(59, () => 0, 'waiting')).toBeNull();
    expect(run(100, () => 0, 'waiting')).toEqual([60, 'PEER_IDLE']);
  });

  it('drops a peer below the least rate after a window of 30 s (N5)', () => {
    expect(run(100, () => 10, 'receiving')).toEqual([31, 'PEER_TOO_SLOW']);
    expect(run(100, () => 1100, 'receiving')).toBeNull();
    expect(run(100, () => 0, 'receiving')).toEqual([31, 'PEER_IDLE']);
    // A burst and a pause are a rate, too.
    expect(run(100, (second) => (second % 10 === 0 ? 20_000 : 0), 'receiving')).toBeNull();
  });

  it('lets a peer be silent that takes what is written to it', () => {
    const pace = new Pace(0);
    for (let second = 1; second < 200; second++) {
      pace.went(Math.min(second, 120));
      expect(pace.look(second * 1000, 'waiting', rules)?.code).toBe(second < 180 ? undefined : 'PEER_IDLE');
    }
  });

  it('does not blame a peer that waits for us', () => {
    expect(run(500, () => 0, 'ours')).toBeNull();
  });

  it('starts anew after the machine slept (F17)', () => {
    const pace = new Pace(0);
    expect(pace.look(1000, 'receiving', rules)).toBeNull();
    expect(pace.look(121_000, 'receiving', rules)).toBeNull();
    expect(pace.look(122_000, 'receiving', rules)).toBeNull();
  });
});
