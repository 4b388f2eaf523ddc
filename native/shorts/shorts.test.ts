import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { shiftShorts } from '../../core/pixels/native-shorts.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { bindShorts } from './bind.ts';

let kernel: ReturnType<typeof bindShorts>;
beforeAll(async () => {
  kernel = bindShorts(new WebAssembly.Module(readFileSync(await kernelsReady())));
});

test('the kernel gives what its twin gives, for every depth, sign, padding and length', () => {
  const cases = fc.record({
    words: fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 1, maxLength: 40 }),
    bitsStored: fc.integer({ min: 1, max: 16 }),
    above: fc.nat(15),
    signed: fc.boolean(),
    intercept: fc.integer({ min: -70000, max: 70000 }),
    low: fc.integer({ min: -33000, max: 66000 }),
    span: fc.integer({ min: -1, max: 70000 }),
    odd: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ words, bitsStored, above, low, span, odd, ...rest }) => {
      const highBit = Math.min(15, bitsStored - 1 + above);
      const rule = { ...rest, bitsStored, highBit, low, high: low + span };
      const cells = new Uint8Array(Uint16Array.from(words).buffer);
      const bytes = odd ? new Uint8Array([0, ...cells]).subarray(1) : cells;
      const [out, plain] = [new Int16Array(words.length), new Int16Array(words.length)];
      const [range, wanted] = [kernel(bytes, rule, out), shiftShorts(bytes, rule, plain)];
      expect(out).toEqual(plain);
      if (wanted.min > wanted.max) expect(range.min).toBeGreaterThan(range.max);
      else expect(range).toEqual(wanted);
    }),
    { numRuns: 2000, seed: 3 },
  );
});

test('frames larger than the memory it began with make it grow', () => {
  const words = Uint16Array.from({ length: 1_500_003 }, (_, n) => n % 4096);
  const rule = { bitsStored: 12, highBit: 11, signed: false, intercept: -1024, low: 1, high: 0 };
  const out = new Int16Array(words.length);
  expect(kernel(new Uint8Array(words.buffer), rule, out)).toEqual({ min: -1024, max: 3071 });
  expect(out.every((value, n) => value === (n % 4096) - 1024)).toBe(true);
});
