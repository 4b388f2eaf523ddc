/** Plans are dropped and made again; a study of many series must not cost the one on screen its pixels. */
import { expect, it } from 'vitest';
import { sliceAt } from '../../../tests/fixtures/scans.ts';
import type { DataFolder } from '../folder.ts';
import type { SeriesContent } from '../store/show-study.ts';
import { PlanCache } from './plan-cache.ts';

const folder = { objects: 'objects' } as DataFolder;
/** More than are kept. */
const many = 100;

function series(nth: number, fileSha256 = 'ab'.repeat(32)): SeriesContent {
  const instances = [0, 1, 2].map((k) => ({
    ...sliceAt(10 * nth + k, 2 * k),
    fileSha256,
    path: null,
    sizeBytes: 1000,
    modifiedAtMs: null,
    missing: false,
  }));
  return {
    seriesKey: `s${nth}`,
    studyKey: 'study',
    studyUid: '1.2',
    stored: true,
    demo: false,
    instances: instances as unknown as SeriesContent['instances'],
  };
}
const others = Array.from({ length: many }, (_, n) => series(n + 1));
const contentOf = async (seriesKey: string) => series(Number(seriesKey.slice(1)));

it('keeps what a page reads, whatever thumbnails and verdicts are made', async () => {
  const plans = new PlanCache(folder);
  const { plan } = plans.make(series(0));
  for (const content of others) plans.glance(content);
  const found = await plans.find(plan.planId, async () => null);
  expect(found?.plan).toBe(plan);
});

it('makes a plan again that was dropped, as long as the series is the same', async () => {
  const plans = new PlanCache(folder);
  const { plan } = plans.make(series(0));
  for (const content of others) plans.make(content);
  const again = await plans.find(plan.planId, contentOf);
  expect(again?.plan).toEqual(plan);
  expect(again?.plan).not.toBe(plan);
  for (const content of others) plans.make(content);
  expect(await plans.find(plan.planId, async () => series(0, 'cd'.repeat(32)))).toBeUndefined();
  expect(await plans.find('unknown', contentOf)).toBeUndefined();
});

it('a plan that is read stays the longer for it', async () => {
  const plans = new PlanCache(folder);
  const { plan } = plans.make(series(0));
  for (const content of others) {
    plans.make(content);
    expect((await plans.find(plan.planId, async () => null))?.plan).toBe(plan);
  }
});
