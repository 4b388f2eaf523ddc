import * as v from 'valibot';
import { expect, it } from 'vitest';
import { networkLimitsSchema } from '../../core/contract/network-settings.ts';
import { settingsSchema } from '../../core/contract/settings.ts';
import { limitRanges } from '../pages/settings/limit-ranges.ts';
import { defaultSettings } from './app-store.ts';

it('has the defaults that the contract gives for an empty file', () => {
  expect(defaultSettings).toEqual(v.parse(settingsSchema, {}));
});

it('offers of each limit what the contract takes, and no more', () => {
  for (const [name, [least, most]] of Object.entries(limitRanges)) {
    const takes = (value: number) => v.safeParse(networkLimitsSchema, { [name]: value }).success;
    const taken = [least - 1, least, most, most + 1].map(takes);
    expect([name, taken]).toEqual([name, [false, true, true, false]]);
  }
});
