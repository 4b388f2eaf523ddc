import { expect, it } from 'vitest';
import type { ReadingState } from '../session/reading-state.ts';
import { lacksMask } from './preset-masks.ts';

const outside = { nameId: 'airwaysOutside', role: 'removed', visible: true, seriesKey: 's', groupId: 'g0' };

const lacks = (layer: object | null, presetId = 'airways', showsRemoved = false): boolean => {
  const masks = { layers: layer ? [layer] : [], showsRemoved };
  return lacksMask({ masks, mpr: { presetId, seriesKey: 's' } } as unknown as ReadingState, 'g0');
};

it('airways have their mask where what lies outside of this volume is left out', () => {
  expect([lacks(null), lacks(outside), lacks(outside, 'airways', true)]).toEqual([true, false, true]);
  const others = [{ visible: false }, { seriesKey: 't' }, { groupId: 'g1' }, { nameId: 'table' }];
  for (const other of others) expect(lacks({ ...outside, ...other })).toBe(true);
  expect([lacks(null, 'vessels'), lacks(null, 'bone')]).toEqual([false, false]);
});
