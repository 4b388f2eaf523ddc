import { describe, expect, it } from 'vitest';
import { bench } from '../harness.ts';
import type { WindowRequest } from '../types.ts';
import { windowTwin } from './twin.ts';

const b = bench([2, 2, 2], 'int16', () => 0, { maxOutputPixels: 4096 });
const background = 0xff332211;

function run(values: readonly number[], request: WindowRequest): Uint32Array {
  b.values.set(values);
  b.kernels.window(request, b.layout.values, b.layout.rgba, values.length);
  return new Uint32Array(b.buffer, b.layout.rgba, values.length).slice();
}

const values = [...Array.from({ length: 1001 }, (_, i) => i * 1.7 - 700.3), Number.NaN, Infinity, -Infinity];
const base = { sign: -1, background };

describe('window kernel', () => {
  it('equals its twin for each kind, up to one level where single precision rounds', () => {
    const table = Uint32Array.from({ length: 500 }, (_, i) => (0xff000000 | (i * 7919)) >>> 0);
    const requests: readonly WindowRequest[] = [
      { ...base, kind: 'linear', gain: 255 / 399, bias: 40 },
      { ...base, kind: 'linear', gain: -0.2, bias: 128 },
      { ...base, kind: 'sigmoid', gain: 4 / 400, bias: -0.4 },
      { ...base, kind: 'sigmoid', gain: 4 / 400, bias: -0.4, sign: 1 },
      { ...base, kind: 'table', gain: 0.5, bias: 300, table },
    ];
    for (const request of requests) {
      const kernel = run(values, request);
      const twin = windowTwin(values.map(Math.fround), request);
      let unlike = 0;
      kernel.forEach((word, p) => {
        if (word === twin[p]) return;
        unlike += 1;
        if (request.kind !== 'table') expect(Math.abs((word & 255) - (twin[p]! & 255))).toBe(1);
      });
      expect(unlike).toBeLessThanOrEqual(2);
    }
  });
  it('paints no data in the background and never mixes it with black', () => {
    expect([...run([Number.NaN, 0, Number.NaN], { ...base, kind: 'linear', gain: 1, bias: 0 })]).toEqual([
      background,
      0xff000000,
      background,
    ]);
  });
  it('handles any count without touching what follows', () => {
    for (let count = 1; count < 10; count += 1) {
      new Uint32Array(b.buffer, b.layout.rgba, 16).fill(7);
      run(new Array(count).fill(255), { ...base, kind: 'linear', gain: 1, bias: 0 });
      const words = new Uint32Array(b.buffer, b.layout.rgba, 16);
      expect([...words].filter((word) => word === 0xffffffff)).toHaveLength(count);
      expect(words[count]).toBe(7);
    }
  });
});
