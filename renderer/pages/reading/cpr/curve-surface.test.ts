import { describe, expect, it } from 'vitest';
import { samplePoints } from '../../../../core/analysis/curve/sample-line.ts';
import type { Problem } from '../../../../core/base/problem.ts';
import { between, length, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint } from '../../../../core/geometry/types.ts';
import { type Annotations, annotate, noAnnotations } from '../../../../core/measure/annotations.ts';
import type { MeasurementKind } from '../../../../core/measure/types.ts';
import type { WindowSetting } from '../../../../core/scene/types.ts';
import { drawMeasurement, grabMeasurement, moveMeasurement } from '../../../tools/measure-tool.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { curveSurface } from './curve-surface.ts';
import { straightPicture } from './straight-picture.ts';
import { stripMarginPx } from './strip-map.ts';
import { startCprView } from './vessel-state.ts';

/** A straight line of 120 mm, oblique and far from the origin. */
const [from, to] = [patientPoint(40, -80, 300), patientPoint(40 + 72, -80 + 96, 300)];
const line = samplePoints([from, to], 0.5);
const size = { cssWidth: 600, cssHeight: 240, width: 1200, height: 480, ratio: 2 };
const window: WindowSetting = { kind: 'window', function: 'LINEAR', centre: 40, width: 400, invert: false };
const picture = straightPicture(line, startCprView, { mmPerPx: null, panXMm: 0, panYMm: 0 }, size, window);
const geometry = {
  size: [200, 200, 40],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 2.5], [0, -100, 250]),
};
const stack = {
  plan: { seriesKey: 's', common: { FrameOfReferenceUID: '1.9' } },
  group: { regular: geometry, verdict: { kind: 'exact' } },
  reduction: 1,
  unit: 'HU',
  isWhole: true,
  volume: () => ({ geometry, voxels: new Int16Array(200 * 200 * 40).fill(40), scalarType: 'int16' }),
} as unknown as OpenStack;
const surface = curveSurface(stack, 'line', picture, startCprView.turnDeg, size);
const { y } = picture.spotOfS(0);
const xOf = (sMm: number): number => picture.spotOfS(sMm).x;
/** Where the viewport shows nothing: before the line's beginning, and behind its end. */
const before = stripMarginPx / 2;
const behind = size.cssWidth - stripMarginPx / 2;
const held = { ctrl: false, shift: false, alt: false };

function hand(start: Annotations = noAnnotations) {
  const refused: Problem[] = [];
  const work = {
    marks: start,
    refused,
    surface: () => surface,
    annotate: (action: Parameters<typeof annotate>[1]) => {
      work.marks = annotate(work.marks, action);
    },
    refuse: (problem: Problem) => void refused.push(problem),
  };
  return work;
}

function drawn(kind: MeasurementKind, fromX: number, toX: number, cancelled = false) {
  const work = hand();
  const drag = drawMeasurement(kind, 'm', { x: fromX, y }, work);
  for (const share of [0.3, 0.6, 1]) drag.move(0, 0, fromX + share * (toX - fromX), y + 20 * share, held);
  drag.end?.(true, cancelled);
  return work;
}

describe('a mark on a curved picture', () => {
  it('lies in the patient under its two ends', () => {
    const { marks, refused } = drawn('length', xOf(30), xOf(90));
    const [item] = marks.items;
    expect(refused).toEqual([]);
    if (item?.anchor.kind !== 'curve') throw new Error('no mark');
    const [a, b] = item.anchor.points;
    expect(length(between(a, patientPoint(58, -56, 300)))).toBeLessThan(0.02);
    const besideMm = 20 * picture.mmPerPx;
    expect(length(between(a, b))).toBeCloseTo(Math.hypot(60, besideMm), 1);
    expect(item.value.length).toBeCloseTo(Math.hypot(60, besideMm), 1);
  });

  it.each([
    ['begins before the line', before, xOf(60)],
    ['ends behind the line', xOf(60), behind],
    ['lies before the line altogether', before, before - 8],
  ])('is refused where it %s', (_name, fromX, toX) => {
    for (const kind of ['length', 'ellipse', 'rectangle'] as const) {
      expect(surface.make('m', kind, { x: fromX, y }, { x: toX, y: y + 20 })).toMatchObject({
        ok: false,
        problem: { code: 'CPR_BEYOND_LINE' },
      });
      const { marks, refused } = drawn(kind, fromX, toX);
      expect(marks.items).toEqual([]);
      expect(refused.map(({ code }) => code)).toEqual(['CPR_BEYOND_LINE']);
    }
  });

  it('is not spoken of when the hand takes it back', () => {
    const { marks, refused } = drawn('length', xOf(60), behind, true);
    expect(marks.items).toEqual([]);
    expect(refused).toEqual([]);
  });

  it('is drawn when the hand has been beyond and comes back', () => {
    const work = hand();
    const drag = drawMeasurement('length', 'm', { x: xOf(60), y }, work);
    for (const x of [behind, xOf(100)]) drag.move(0, 0, x, y, held);
    drag.end?.(true, false);
    expect(work.refused).toEqual([]);
    expect(work.marks.items[0]?.value.length).toBeCloseTo(40, 1);
  });

  it('stays where it was when it is moved beyond', () => {
    const { marks } = drawn('length', xOf(60), xOf(100));
    const work = hand(marks);
    const grabbed = grabMeasurement(marks.items, 'm', surface, xOf(100), y + 20)!;
    const drag = moveMeasurement(grabbed, work, () => '');
    drag.move(8, 0, xOf(100) + 8, y + 20, held);
    drag.move(behind - xOf(100) - 8, 0, behind, y + 20, held);
    drag.end?.(true, false);
    expect(work.marks.items).toEqual(marks.items);
    expect(work.refused.map(({ code }) => code)).toEqual(['CPR_BEYOND_LINE']);
  });
});
