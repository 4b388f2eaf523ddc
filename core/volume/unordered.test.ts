import { describe, expect, it } from 'vitest';
import { planKeys, scanWith, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import { buildSeriesPlan } from './plan.ts';
import type { SeriesPlan } from './types.ts';

const slices = 8;
const volumes = 3;
const stepMm = 2.5;

interface Place {
  readonly volume: number;
  readonly slice: number;
}

const places: readonly Place[] = Array.from({ length: volumes * slices }, (_, n) => ({
  volume: Math.floor(n / slices),
  slice: n % slices,
}));

/** One file for every place; PatientComments say which volume it was made for, and are not looked at. */
const planOf = (more: (place: Place) => Attributes): SeriesPlan =>
  buildSeriesPlan(
    places.map((place, n) =>
      sliceAt(n + 1, place.slice * stepMm, { PatientComments: String(place.volume), ...more(place) }),
    ),
    planKeys,
  );

/** The volumes that the frames of each group were made for. */
const mixedIn = (plan: SeriesPlan): number[] =>
  plan.groups.map(
    ({ frames }) =>
      new Set(
        frames.map((at) => plan.instances[plan.frames[at]!.instance]!.attributes.PatientComments ?? '0'),
      ).size,
  );
const told = (plan: SeriesPlan): string[] =>
  plan.groups.map(({ verdict }) => [verdict.kind, ...verdict.reasons.map(({ code }) => code)].join(' '));

/** The numbers from 0 to 23, as drawn. */
const drawn = [17, 4, 9, 22, 1, 13, 6, 20, 11, 0, 15, 23, 8, 3, 18, 12, 5, 21, 2, 16, 10, 7, 19, 14];

describe('volumes that only the order of files tells apart', () => {
  it.each<readonly [string, (place: Place) => number]>([
    ['one after another', ({ volume, slice }) => volume * slices + slice],
    [
      'one after another, odd slices first',
      (p) => p.volume * slices + ((p.slice % 2) * slices + p.slice) / 2,
    ],
    ['one up, the next down', (p) => p.volume * slices + (p.volume % 2 ? slices - p.slice : p.slice + 1)],
    ['slice after slice', ({ volume, slice }) => slice * volumes + volume],
    [
      'the lower half of all, then the upper',
      ({ volume, slice }) => Math.floor(slice / 4) * 12 + volume * 4 + (slice % 4),
    ],
  ])('are trusted: %s', (_name, numberOf) => {
    const plan = planOf((place) => ({ InstanceNumber: numberOf(place) }));
    expect(mixedIn(plan)).toEqual([1, 1, 1]);
    expect(told(plan)).toEqual(['exact', 'exact', 'exact']);
  });

  const unordered = Array.from({ length: volumes }, () => 'approximate GEOMETRY_UNORDERED');

  it('are not where numbers go by no plan', () => {
    const plan = planOf(({ volume, slice }) => ({
      InstanceNumber: drawn[volume * slices + slice]!,
    }));
    expect(told(plan)).toEqual(unordered);
  });

  it('are not where numbers begin anew in each and UIDs are drawn', () => {
    const plan = planOf(({ volume, slice }) => ({
      InstanceNumber: slice + 1,
      SOPInstanceUID: `2.25.${drawn[volume * slices + slice]}`,
    }));
    expect(told(plan)).toEqual(unordered);
  });

  it('are where numbers begin anew in each and UIDs were given in turn', () => {
    const plan = planOf(({ slice }) => ({ InstanceNumber: slice + 1 }));
    expect(mixedIn(plan)).toEqual([1, 1, 1]);
    expect(told(plan)).toEqual(['exact', 'exact', 'exact']);
  });
});

it('times at which images were written give way to numbers that go by a plan', () => {
  // Written by several programs at once: some of the second volume before the first is whole.
  const written = ({ volume, slice }: Place): string =>
    String(101000 + 4 * volume + ((7 * slice + 3 * volume) % 8));
  const plan = planOf((place) => ({ ContentTime: written(place) }));
  expect(mixedIn(plan)).toEqual([1, 1, 1]);
  expect(told(plan)).toEqual(['exact', 'exact', 'exact']);
  const drawnToo = planOf((place) => ({
    InstanceNumber: drawn[place.volume * slices + place.slice]!,
    ContentTime: String(101000 + 10 * place.volume + place.slice),
  }));
  expect(mixedIn(drawnToo)).toEqual([1, 1, 1]);
  expect(drawnToo.groups.map(({ nameEn }) => nameEn)).toEqual(['Time 1', 'Time 2', 'Time 3']);
});

describe('frames of one object lie along the dimensions that it names, whatever they are', () => {
  /** Volumes as they came out, of frames in this order, in as many objects of one concatenation. */
  function cut(order: readonly Place[], objects: number): { plan: SeriesPlan; volumesOf: number[][] } {
    const each = order.length / objects;
    const parts = Array.from({ length: objects }, (_, n) => order.slice(n * each, (n + 1) * each));
    const items = parts.map((part, n) => {
      const own = { InstanceNumber: n + 1, NumberOfFrames: each, ConcatenationUID: '1.2.3.9' };
      const { scan } = sliceAt(n + 1, 0, own);
      const perFrame = part.map(({ volume, slice }) => ({
        ImagePositionPatient: sliceAt(1, slice * stepMm).scan.attributes.ImagePositionPatient!,
        DimensionIndexValues: [1, slice + 1, volume + 1],
      }));
      const range = { offset: 1000, length: 2 * 24 * each };
      const whole = scanWith(scan.attributes, {
        perFrame,
        pixel: { kind: 'native', element: 'PixelData', range },
      });
      return { instanceKey: `s.${n}`, sizeBytes: 5000, scan: whole };
    });
    const plan = buildSeriesPlan(items, planKeys);
    const volumesOf = plan.groups.map(({ frames }) =>
      frames.map((at) => parts[plan.frames[at]!.instance]![plan.frames[at]!.frame]!.volume),
    );
    return { plan, volumesOf };
  }
  const bySlice = places.map((_, n) => ({
    slice: Math.floor(n / volumes),
    // Another volume is first in each slice.
    volume: (n + Math.floor(n / volumes)) % volumes,
  }));

  it.each<readonly [string, readonly Place[], number]>([
    ['in no order', places.map((_, n) => places[drawn[n]!]!), 1],
    ['slice after slice, the volumes in turns', bySlice, 1],
    ['the same, cut into two objects', bySlice, 2],
  ])('%s', (_name, order, objects) => {
    const { plan, volumesOf } = cut(order, objects);
    expect(told(plan)).toEqual(['exact', 'exact', 'exact']);
    expect(volumesOf).toEqual([0, 1, 2].map((volume) => new Array(slices).fill(volume)));
  });
});
