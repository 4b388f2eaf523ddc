import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateCapped } from './inflate.ts';

const roomy = { keptBytes: 2 ** 24, maxBytes: 2 ** 26, freeBytes: 2 ** 26, maxRatio: 200 };

/** Bytes with the repetitions that make deflate use every block and match kind. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 60 })), { maxLength: 40 })
  .map((parts) =>
    Uint8Array.from(parts.flatMap(([bytes, times]) => new Array(times).fill([...bytes]).flat())),
  );

describe('inflateCapped', () => {
  it('undoes zlib at every level and strategy', () => {
    fc.assert(
      fc.property(
        compressible,
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 4 }),
        (bytes, level, strategy) => {
          const packed = new Uint8Array(deflateRawSync(bytes, { level, strategy }));
          const inflated = inflateCapped(packed, roomy);
          expect(inflated.outcome).toBe('whole');
          expect(inflated.totalBytes).toBe(bytes.length);
          expect(Buffer.compare(inflated.bytes, bytes)).toBe(0);
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  });

  it('reads its input in pieces', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) % 251);
    const packed = new Uint8Array(deflateRawSync(bytes));
    const drip = {
      size: packed.length,
      read: (at: number, n: number) => packed.subarray(at, at + Math.min(7, n)),
    };
    expect(Buffer.compare(inflateCapped(drip, roomy).bytes, bytes)).toBe(0);
  });

  it('keeps only so much and counts the rest', () => {
    const packed = new Uint8Array(deflateRawSync(new Uint8Array(100_000)));
    const inflated = inflateCapped(packed, { ...roomy, keptBytes: 1000 });
    expect(inflated).toMatchObject({ outcome: 'whole', totalBytes: 100_000 });
    expect(inflated.bytes).toEqual(new Uint8Array(1000));
  });

  it('stops at a bomb, by size and by ratio', () => {
    const packed = new Uint8Array(deflateRawSync(new Uint8Array(4_000_000)));
    expect(inflateCapped(packed, { ...roomy, maxBytes: 1_000_000 }).outcome).toBe('bomb');
    expect(inflateCapped(packed, { ...roomy, freeBytes: 500_000 }).outcome).toBe('bomb');
    expect(inflateCapped(packed, { ...roomy, freeBytes: 500_000, maxRatio: 1100 }).outcome).toBe('whole');
  });

  it('calls every proper beginning of a stream damaged', () => {
    const packed = new Uint8Array(
      deflateRawSync(Buffer.from('a text that says the same text twice, the same text')),
    );
    for (let length = 0; length < packed.length; length++) {
      expect(inflateCapped(packed.subarray(0, length), roomy).outcome).toBe('damaged');
    }
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { outcome } = inflateCapped(bytes, { ...roomy, maxBytes: 200_000 });
        expect(['whole', 'bomb', 'damaged']).toContain(outcome);
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});
