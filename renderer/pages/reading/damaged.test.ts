import { expect, it } from 'vitest';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import { damageOf } from './damaged.tsx';

it('finds the damaged file of a frame, and of no other', () => {
  const plan = {
    instances: [
      { instanceKey: 'a', flags: [{ code: 'LENGTH_ODD' }] },
      { instanceKey: 'b', flags: [{ code: 'LENGTH_ODD' }, { code: 'OBJECT_CORRUPT' }] },
    ],
    frames: [{ instance: 0 }, { instance: 1 }],
  } as unknown as SeriesPlan;
  expect(damageOf(plan, 0)).toBeNull();
  expect(damageOf(plan, 1)).toEqual({ problem: { code: 'OBJECT_CORRUPT' }, key: 'b' });
  expect(damageOf(plan, 2)).toBeNull();
});
