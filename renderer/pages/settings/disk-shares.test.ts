import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diskShares } from './disk-shares.ts';

it('tells Candela, other files and free space apart', () => {
  const used = [
    { part: 'objects', bytes: 30 },
    { part: 'index', bytes: 5 },
  ] as const;
  expect(diskShares({ diskBytes: 500, freeBytes: 100, used: [...used] })).toEqual({
    own: 35,
    others: 365,
    free: 100,
  });
});

it('adds up to the disk whatever was counted when', () => {
  const bytes = fc.nat({ max: 2 ** 40 });
  fc.assert(
    fc.property(bytes, bytes, fc.array(bytes, { maxLength: 4 }), (diskBytes, freeBytes, parts) => {
      const used = parts.map((n) => ({ part: 'objects' as const, bytes: n }));
      const { own, others, free } = diskShares({ diskBytes, freeBytes, used });
      expect(own + others + free).toBe(diskBytes);
      expect(Math.min(own, others, free)).toBeGreaterThanOrEqual(0);
    }),
  );
});
