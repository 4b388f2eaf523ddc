import { describe, expect, test, vi } from 'vitest';
import { AheadLoading } from './ahead-loading.ts';
import type { ReadingSession } from './reading-session.ts';

/** A reading whose one stack has `count` frames of 4 × 2 pixels. */
function reading(count: number, { scalarType = 'int16', stored = true } = {}) {
  const frames = Array.from({ length: count }, (_, n) => n);
  const plan = {
    frames: frames.map(() => ({ instance: 0 })),
    instances: [{ format: { rows: 4, columns: 2 } }],
  };
  const stack = { plan, group: { frames, scalarType } };
  const session = {
    state: { study: { stored }, studyKey: 's', cells: [{}, {}] },
    stackOf: () => stack,
    mprStack: () => stack,
  };
  return { session: session as unknown as ReadingSession, load: vi.fn() };
}

describe('what is fetched before a study is opened', () => {
  test('is what fits: each stack counts once, by the bytes of its values', () => {
    const floats = reading(3, { scalarType: 'float32' });
    expect(new AheadLoading(96, () => undefined).begin(floats)).toBe(true);
    expect(floats.load).toHaveBeenCalledOnce();
    expect(new AheadLoading(95, () => undefined).begin(reading(3, { scalarType: 'float32' }))).toBe(false);
    expect(new AheadLoading(48, () => undefined).begin(reading(3))).toBe(true);
    const large = reading(3);
    expect(new AheadLoading(47, () => undefined).begin(large)).toBe(false);
    expect(large.load).not.toHaveBeenCalled();
  });

  test('is nothing of a study that is read where it lies', () => {
    const disc = reading(1, { stored: false });
    expect(new AheadLoading(1000, () => undefined).begin(disc)).toBe(false);
    expect(disc.load).not.toHaveBeenCalled();
  });

  test('counts until it is collected, and no more once its study is opened', () => {
    const loading = new AheadLoading(100, () => undefined);
    const first = reading(6);
    expect(loading.begin(first)).toBe(true);
    expect(loading.begin(first)).toBe(true);
    expect(first.load).toHaveBeenCalledOnce();
    expect(loading.begin(reading(1))).toBe(false);
    expect(loading.has(first.session)).toBe(true);
    loading.opened(first.session);
    expect(loading.begin(reading(6))).toBe(true);
  });
});
