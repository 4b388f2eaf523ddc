import { describe, expect, it } from 'vitest';
import type { VoiFunction, WindowSetting } from '../scene/types.ts';
import { windowRequest } from './window.ts';

const black = [0, 0, 0] as const;
const setting = (fn: VoiFunction, centre: number, width: number, invert = false): WindowSetting => ({
  kind: 'window',
  function: fn,
  centre,
  width,
  invert,
});

/** What the kernel does with a request, not rounded. */
function level(window: WindowSetting, value: number): number {
  const { kind, gain, bias, sign } = windowRequest(window, black);
  const linear = value * gain + bias;
  return kind === 'sigmoid' ? 255 / (1 + Math.exp(sign * linear)) : Math.min(Math.max(linear, 0), 255);
}

describe('windows for the kernel', () => {
  it('LINEAR as PS3.3 C.11.2.1.2.1 has it, centre 40 width 400', () => {
    const w = setting('LINEAR', 40, 400);
    expect(level(w, -160)).toBe(0);
    expect(level(w, -161)).toBe(0);
    expect(level(w, 40)).toBeCloseTo(((40 - 39.5) / 399 + 0.5) * 255, 9);
    expect(level(w, 40)).toBeCloseTo(127.82, 2);
    expect(level(w, 239)).toBeCloseTo(255, 9);
    expect(level(w, 500)).toBe(255);
  });
  it('is a threshold at width 1', () => {
    const w = setting('LINEAR', 40, 1);
    expect([level(w, 39), level(w, 39.5), level(w, 40)]).toEqual([0, 0, 255]);
    expect([level({ ...w, invert: true }, 39), level({ ...w, invert: true }, 40)]).toEqual([255, 0]);
  });
  it('LINEAR_EXACT and SIGMOID have their centre at half', () => {
    expect(level(setting('LINEAR_EXACT', 40, 400), 40)).toBeCloseTo(127.5, 9);
    expect(level(setting('LINEAR_EXACT', 40, 400), 140)).toBeCloseTo(191.25, 9);
    expect(level(setting('SIGMOID', 40, 400), 40)).toBeCloseTo(127.5, 9);
    expect(level(setting('SIGMOID', 40, 400), 140)).toBeCloseTo(255 / (1 + Math.exp(-1)), 9);
  });
  it('inverts once: the two levels of a value add up to 255', () => {
    for (const fn of ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'] as const)
      for (const value of [-200, -100, 0, 37, 240, 300])
        expect(level(setting(fn, 40, 400), value) + level(setting(fn, 40, 400, true), value)).toBeCloseTo(
          255,
          6,
        );
  });
  it('makes grey words of a table and takes the background’s colour', () => {
    const levels = Uint8Array.of(0, 128, 255);
    const request = windowRequest({ kind: 'table', first: -5, levels, invert: true }, [1, 2, 3]);
    expect([...request.table!]).toEqual([0xffffffff, 0xff7f7f7f, 0xff000000]);
    expect(-5 * request.gain + request.bias).toBe(0);
    expect(request.background).toBe(0xff030201);
  });
});
