import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Annotations, annotate, noAnnotations } from '../../core/measure/annotations.ts';
import type { ImageAnchor, Measurement } from '../../core/measure/types.ts';
import type { MeasureSurface } from '../viewport/measure-surface.ts';
import { stackSurface } from '../viewport/stack-surface.ts';
import {
  deviceFromImage,
  fitted,
  flippedHorizontally,
  rotated,
  type StackView,
  type Turn,
  upright,
} from '../viewport/view-transform.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { drawMeasurement, grabMeasurement, moveMeasurement } from './measure-tool.ts';

const rows = 60;
const columns = 100;
/** One image of 100 × 60 pixels of 0.5 × 0.5 mm, not yet loaded. */
const stack = {
  plan: { seriesKey: 's', common: {} },
  unit: 'HU',
  count: 1,
  group: { displayReversed: false },
  info: () => ({
    attributes: { PixelSpacing: [0.5, 0.5] },
    instance: { sopInstanceUID: '1.2', format: { rows, columns } },
    frame: { frame: 0 },
  }),
  loader: { store: { state: () => ({ kind: 'waiting' }) } },
} as unknown as OpenStack;
/** Twice as many device pixels as CSS pixels each way. */
const size = { cssWidth: 500, cssHeight: 200, width: 1000, height: 400, ratio: 2 };
const surfaceOf = (view: StackView): MeasureSurface =>
  stackSurface(stack, 0, deviceFromImage(view, { rows, columns, aspect: 1 }, size), size)!;

function drawn(surface: MeasureSurface, from: readonly [number, number], to: readonly [number, number]) {
  let now: Annotations = noAnnotations;
  const drag = drawMeasurement(
    'length',
    'm',
    { x: from[0], y: from[1] },
    {
      surface: () => surface,
      annotate: (action) => {
        now = annotate(now, action);
      },
      refuse: (problem) => {
        throw new Error(problem.code);
      },
    },
  );
  drag.move(to[0] - from[0], to[1] - from[1], ...to, { ctrl: false, shift: false, alt: false });
  return { items: () => now.items, drag };
}
const pointsOf = (measurement: Measurement) => (measurement.anchor as ImageAnchor).points;

describe('measuring stays on the picture', () => {
  it('ends at the edge of the picture, however far the hand goes', () => {
    const turns: Turn[] = [upright, rotated(upright), flippedHorizontally(upright)];
    const far = fc.double({ min: -3000, max: 3000, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...turns), fc.constantFrom(null, 3, 40), far, far, (turn, scale, x, y) => {
        const surface = surfaceOf({ ...fitted, turn, scale });
        const [item] = drawn(surface, [250, 100], [x, y]).items();
        if (!item) return;
        for (const { column, row } of pointsOf(item)) {
          expect(column).toBeGreaterThan(-0.5 - 1e-9);
          expect(column).toBeLessThan(columns - 0.5 + 1e-9);
          expect(row).toBeGreaterThan(-0.5 - 1e-9);
          expect(row).toBeLessThan(rows - 0.5 + 1e-9);
        }
        // And in sight, where the picture is larger than the viewport.
        for (const spot of surface.place(item)!.spots) {
          expect(spot.x).toBeGreaterThan(-1e-9);
          expect(spot.x).toBeLessThan(size.cssWidth + 1e-9);
          expect(spot.y).toBeGreaterThan(-1e-9);
          expect(spot.y).toBeLessThan(size.cssHeight + 1e-9);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('draws nothing beside the picture, and from its edge where the hand just missed it', () => {
    const surface = surfaceOf(fitted);
    // 400 device rows show 60: 333 CSS pixels wide, from 83 to 417.
    expect(drawn(surface, [20, 100], [60, 150]).items()).toEqual([]);
    const [item] = drawn(surface, [78, 100], [250, 100]).items();
    expect(pointsOf(item!)[0].column).toBeCloseTo(-0.5, 9);
  });

  it('moves the whole up to the edge and keeps its length', () => {
    const surface = surfaceOf(fitted);
    const [item] = drawn(surface, [200, 80], [300, 120]).items();
    const grabbed = grabMeasurement([item!], 'm', surface, 250, 100)!;
    let moved = item!;
    const drag = moveMeasurement(
      grabbed,
      {
        surface: () => surface,
        annotate: (action) => {
          if (action.kind === 'edit') moved = action.measurement;
        },
        refuse: () => undefined,
      },
      () => '',
    );
    drag.move(900, -900, 1150, -800, { ctrl: false, shift: false, alt: false });
    const [a, b] = pointsOf(moved);
    expect(Math.max(a.column, b.column)).toBeCloseTo(columns - 0.5, 9);
    expect(Math.min(a.row, b.row)).toBeCloseTo(-0.5, 9);
    expect(moved.value.length).toBeCloseTo(item!.value.length!, 9);
  });

  it('marks one picture of a mosaic, not all that share its frame', () => {
    const tiles = {
      ...stack,
      count: 2,
      info: (k: number) => ({ ...stack.info(0)!, frame: { frame: 0, tile: { columns: 50, rows: 30, k } } }),
    } as unknown as OpenStack;
    const map = deviceFromImage(fitted, { rows: 30, columns: 50, aspect: 1 }, size);
    const [first, second] = [0, 1].map((k) => stackSurface(tiles, k, map, size)!) as [
      MeasureSurface,
      MeasureSurface,
    ];
    const [item] = drawn(first, [200, 80], [300, 120]).items();
    expect(first.place(item!)).not.toBeNull();
    expect(second.place(item!)).toBeNull();
  });

  it('takes back what was begun when the drag is cancelled', () => {
    const { items, drag } = drawn(surfaceOf(fitted), [200, 80], [300, 120]);
    expect(items().length).toBe(1);
    drag.end?.(true, true);
    expect(items()).toEqual([]);
  });
});
