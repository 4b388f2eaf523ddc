import { expect, it } from 'vitest';
import type { Measurement } from '../../../../core/measure/types.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import { numberedMarks } from './numbered-marks.ts';
import type { ReadingState } from './reading-state.ts';

const mark = (sopInstanceUID: string, imageNumber: number, seriesKey = 's'): Measurement =>
  ({
    ...{ id: sopInstanceUID, kind: 'length', seriesKey, imageNumber },
    anchor: { kind: 'image', sopInstanceUID, frame: 0, points: [] },
  }) as unknown as Measurement;

/** Slices a … d by place, numbered by their device the other way round where `displayReversed`. */
const planOf = (names: readonly string[], displayReversed: boolean, tile = false): SeriesPlan =>
  ({
    instances: names.map((sopInstanceUID) => ({ sopInstanceUID })),
    frames: names.map((_, instance) => ({ instance, frame: 0, ...(tile && { tile: {} }) })),
    groups: [{ frames: names.map((_, n) => n), displayReversed }],
  }) as unknown as SeriesPlan;
const opened = (plan: SeriesPlan) =>
  ({ s: { kind: 'open', series: { plan } } }) as unknown as ReadingState['opened'];
const numbers = (items: readonly Measurement[], plan: SeriesPlan) =>
  numberedMarks({ annotations: { items, selectedId: null }, opened: opened(plan) }).items.map(
    (m) => m.imageNumber,
  );

it('says the numbers that the images have now, whatever they were when the marks were drawn', () => {
  const items = [mark('b', 2), mark('d', 4)];
  expect(numbers(items, planOf(['a', 'b', 'c', 'd'], false))).toEqual([2, 4]);
  expect(numbers(items, planOf(['a', 'b', 'c', 'd'], true))).toEqual([3, 1]);
  // Two more slices have come below.
  expect(numbers(items, planOf(['x', 'y', 'a', 'b', 'c', 'd'], false))).toEqual([4, 6]);
});

it('leaves alone what it does not know: other series, images that are gone, pictures of a mosaic', () => {
  const annotations = { items: [mark('b', 7, 'other'), mark('z', 8)], selectedId: null };
  expect(numberedMarks({ annotations, opened: opened(planOf(['a', 'b'], true)) })).toBe(annotations);
  expect(numbers([mark('b', 9)], planOf(['a', 'b'], true, true))).toEqual([9]);
});
