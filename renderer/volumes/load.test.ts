import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framedFrames } from './framed-stream.ts';
import { frameList, viewingOrder } from './load-order.ts';

describe('viewing order', () => {
  test('what is seen first, then outward', () => {
    expect(viewingOrder(6, 2, 0)).toEqual([2, 3, 1, 4, 0, 5]);
    expect(viewingOrder(6, 2, 1)).toEqual([2, 3, 4, 1, 5, 0]);
    expect(viewingOrder(0, 0, 0)).toEqual([]);
  });
  test('every frame once, starting at the clamped focus', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: -5, max: 400 }),
        fc.integer({ min: -1, max: 1 }),
        (n, focus, d) => {
          const order = viewingOrder(n, focus, d);
          expect(order[0]).toBe(Math.min(n - 1, Math.max(0, focus)));
          expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
    );
  });
});

const expand = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number);
    return Array.from({ length: (to ?? from!) - from! + 1 }, (_, n) => from! + n);
  });

test('a frame list shortens ascending runs and keeps the order', () => {
  expect(frameList([9, 4, 5, 6, 12, 11])).toBe('9,4-6,12,11');
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), (frames) => {
      expect(expand(frameList(frames))).toEqual(frames);
    }),
  );
});

function encode(
  frames: readonly { frame: number; fragments: readonly number[][] }[],
): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const u32 = (v: number) => out.push(v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >>> 24) & 255);
  for (const { frame, fragments } of frames) {
    u32(frame);
    u32(fragments.length);
    for (const f of fragments) u32(f.length);
    for (const f of fragments) out.push(...f);
  }
  return Uint8Array.from(out);
}

const decode = (bytes: Uint8Array<ArrayBuffer>) =>
  [...framedFrames(bytes)].map(({ frame, fragments }) => ({
    frame,
    fragments: fragments.map((f) => [...f]),
  }));

describe('framed stream', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const frame = fc.record({
    frame: fc.nat(9999),
    fragments: fc.array(fc.array(byte, { maxLength: 9 }), { maxLength: 4 }),
  });
  test('frames come out as they went in; of a cut stream those that are whole', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.nat(60), (frames, cut) => {
        const bytes = encode(frames);
        expect(decode(bytes)).toEqual(frames);
        const rest = decode(bytes.subarray(0, Math.max(0, bytes.length - cut)));
        expect(rest).toEqual(frames.slice(0, rest.length));
        if (cut > 0 && bytes.length > 0) expect(rest.length).toBeLessThan(frames.length);
      }),
    );
  });
  test('an absurd count or length ends it', () => {
    expect(decode(Uint8Array.from([0, 0, 0, 0, 255, 255, 255, 255]))).toEqual([]);
    expect(decode(Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 1]))).toEqual([]);
  });
});
