import { describe, expect, it } from 'vitest';
import { cprPicture, cprScene } from '../../../../core/analysis/cpr/picture.ts';
import { samplePoints } from '../../../../core/analysis/curve/sample-line.ts';
import { between, dot, length } from '../../../../core/geometry/matrices.ts';
import { patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import type { CurvedScene, SliceScene, WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { deviceFromImage, fitted, type StackView, toDevice } from '../../../viewport/view-transform.ts';
import type { ShownLine } from '../cpr/use-line.ts';
import { startCprView } from '../cpr/vessel-state.ts';
import { type AlongCell, alongShape } from './along-picture.ts';
import { curvedBands } from './curved-bands.ts';
import { enlargedCurve } from './enlarged-curve.ts';
import { enlarged } from './stack-image.ts';

describe('an image in more pixels', () => {
  const image = { rows: 100, columns: 80, aspect: 2.5 };
  const screen = { width: 611, height: 407 };

  it.each([
    ['fitted', fitted],
    ['zoomed and moved', { scale: 1.7, panX: 31, panY: -12, turn: [1, 0, 0, 1] }],
    ['turned and flipped', { scale: 0.6, panX: -5, panY: 40, turn: [0, -1, -1, 0] }],
  ] as const satisfies readonly (readonly [string, StackView])[])(
    'lies where it lies on the screen: %s',
    (_, view) => {
      for (const times of [1, 2.5, 4]) {
        const canvas = { width: Math.round(screen.width * times), height: Math.round(screen.height * times) };
        const before = deviceFromImage(view, image, screen);
        const after = deviceFromImage(enlarged(view, times), image, canvas);
        for (const point of [
          { column: 0, row: 0 },
          { column: 79, row: 13 },
          { column: 22.5, row: 99 },
        ]) {
          const [p, q] = [toDevice(before, point), toDevice(after, point)];
          // A canvas has whole pixels: its middle and its fit may be half a pixel off.
          expect(Math.abs(q.x - p.x * times)).toBeLessThanOrEqual(1);
          expect(Math.abs(q.y - p.y * times)).toBeLessThanOrEqual(1);
        }
        // 0.7 mm along a row, 1.75 mm along a column: the same millimetres both ways, and `times` fewer a pixel.
        const mm = [0.7 / Math.hypot(after.a, after.c), (0.7 * 2.5) / Math.hypot(after.b, after.d)];
        const onScreen = 0.7 / Math.hypot(before.a, before.c);
        for (const perPixel of mm) expect(Math.abs((perPixel * times) / onScreen - 1)).toBeLessThan(0.003);
      }
    },
  );
});

/** An oblique half circle of 50 mm, in steps of 0.5 mm. */
const line = samplePoints(
  Array.from({ length: 200 }, (_, n) => {
    const angle = (Math.PI * n) / 199;
    const [u, v] = [50 * Math.cos(angle), 50 * Math.sin(angle)];
    return patientPoint(11 + u, -7 + 0.6 * v, 130 - 0.8 * v);
  }),
  0.5,
);
const window: WindowSetting = { kind: 'window', function: 'LINEAR', centre: 40, width: 400, invert: false };
const shownAs = (picture: 'stretched' | 'projected'): ShownLine =>
  ({
    view: { interpolation: 'linear' },
    line: { sectionMm: 25 },
    sampled: line,
    cpr: { ...startCprView, picture, turnDeg: 30 },
    cursorMm: 60,
  }) as unknown as ShownLine;
const [cssWidth, cssHeight] = [600, 240];
const sized = (times: number): CanvasSize => ({
  cssWidth,
  cssHeight,
  width: cssWidth * times,
  height: cssHeight * times,
  ratio: times,
});
const shapeOf = (of: AlongCell, times: number, picture: 'stretched' | 'projected' = 'stretched') => {
  const shape = alongShape(of, shownAs(picture), sized(times), window);
  if (!shape) throw new Error(`no ${of}`);
  return shape;
};

/** The patient's point in the middle of a pixel, `column` and `row` counted on the screen from the middle of the picture. */
function patientAt(scene: SliceScene | CurvedScene, isTransposed: boolean, x: number, y: number) {
  const { width, height, spacingMm } = scene;
  const [column, row] = isTransposed ? [y, x] : [x, y];
  if (scene.kind === 'slice') {
    const [across, down] = [(column - (width - 1) / 2) * spacingMm, (row - (height - 1) / 2) * spacingMm];
    const { origin, right, down: below } = scene.plane;
    return patientPoint(
      ...([0, 1, 2].map((n) => origin[n]! + right[n]! * across + below[n]! * down) as [
        number,
        number,
        number,
      ]),
    );
  }
  const across = (column - (width - 1) / 2) * spacingMm;
  const { rows } = scene;
  return patientPoint(
    ...([0, 1, 2].map((n) => rows.centres[3 * row + n]! + across * rows.across[3 * row + n]!) as [
      number,
      number,
      number,
    ]),
  );
}

const depthOf = (scene: SliceScene | CurvedScene, row: number) =>
  scene.kind === 'curved'
    ? patientVector(
        ...(scene.rows.through.subarray(3 * row, 3 * row + 3) as unknown as [number, number, number]),
      )
    : patientVector(0, 0, 0);

describe('pictures along a line in more pixels', () => {
  it.each([
    ['straight', 'stretched'],
    ['section', 'stretched'],
    ['curved', 'stretched'],
    ['curved', 'projected'],
  ] as const)('show the same places of the patient: %s, %s', (of, picture) => {
    const times = 3;
    const [one, more] = [shapeOf(of, 1, picture), shapeOf(of, times, picture)];
    expect(more.isTransposed).toBe(one.isTransposed);
    expect([more.scene.width, more.scene.height]).toEqual([
      one.scene.width * times,
      one.scene.height * times,
    ]);
    expect(more.scene.spacingMm * times).toBeCloseTo(one.scene.spacingMm, 9);
    let compared = 0;
    for (let x = 90; x < cssWidth; x += 67)
      for (let y = 20; y < cssHeight; y += 31) {
        const p = patientAt(one.scene, one.isTransposed, x, y);
        // Three pixels for one: the middle one has its middle.
        const q = patientAt(more.scene, more.isTransposed, x * times + 1, y * times + 1);
        if (Number.isNaN(p[0]) || Number.isNaN(q[0])) continue;
        compared += 1;
        // A stretched sheet is cut at whole pixels.
        const apart = between(p, q);
        // Where the line runs level, the depth of a projected sheet changes within a pixel; its place does not.
        const inDepth = picture === 'projected' ? dot(apart, depthOf(one.scene, y)) : 0;
        const across = Math.sqrt(length(apart) ** 2 - inDepth ** 2);
        expect(across).toBeLessThan(one.scene.spacingMm * (of === 'curved' ? 1.5 : 0.35));
      }
    expect(compared).toBeGreaterThan(30);
  });

  it('are true to length: a hundred pixels of a straightened one are as many times its spacing along the line', () => {
    for (const times of [1, 2, 4]) {
      const { scene } = shapeOf('straight', times);
      if (scene.kind !== 'curved') throw new Error('flat');
      const at = (row: number) =>
        patientPoint(...([0, 1, 2].map((n) => scene.rows.centres[3 * row + n]!) as [number, number, number]));
      const first = 200 * times;
      let along = 0;
      for (let row = first; row < first + 100; row += 1) along += length(between(at(row), at(row + 1)));
      expect(along / (100 * scene.spacingMm)).toBeCloseTo(1, 2);
      // Its 600 CSS pixels hold the line between margins of 56: half a circle of 50 mm.
      expect((scene.spacingMm * times * (cssWidth - 112)) / (Math.PI * 50)).toBeCloseTo(1, 3);
    }
  });
});

it('as far beyond the ends of a line as on the screen', () => {
  const far = { mmPerPx: 3, panXMm: 0, panYMm: 0 };
  const tall = { cssWidth: 300, cssHeight: 2600 };
  const rowsOf = (times: number): number => {
    const shown = shownAs('stretched');
    const cpr = { ...shown.cpr, places: { ...shown.cpr.places, curved: far } };
    const size = { ...tall, width: 300 * times, height: 2600 * times, ratio: times };
    const scene = alongShape('curved', { ...shown, cpr }, size, window)?.scene;
    if (scene?.kind !== 'curved') throw new Error('no sheet');
    return scene.rows.centres.filter((x, n) => n % 3 === 0 && !Number.isNaN(x)).length / times;
  };
  const rows = rowsOf(1);
  expect(rows).toBeGreaterThan(2400);
  expect(Math.abs(rowsOf(2) - rows)).toBeLessThan(3);
});

describe('a curved picture in bands', () => {
  it('has each row once, with its own place', () => {
    const { scene } = shapeOf('curved', 2);
    if (scene.kind !== 'curved') throw new Error('flat');
    let next = 0;
    for (const band of curvedBands(scene, scene.width * 70, 3)) {
      expect(band.top).toBe(next);
      expect(band.scene.width * band.scene.height).toBeLessThanOrEqual(scene.width * 70);
      for (let row = 0; row < band.scene.height; row += 1)
        for (const part of ['centres', 'across', 'through'] as const) {
          const of = (rows: CurvedScene['rows'], n: number) => [...rows[part].subarray(3 * n, 3 * n + 3)];
          expect(of(band.scene.rows, row)).toEqual(of(scene.rows, band.top - band.above + row));
        }
      next += band.rows;
    }
    expect(next).toBe(scene.height);
  });
});

describe('a curved picture of its own size in more pixels', () => {
  /** A straightened picture of the half circle: 200 rows of 40 pixels. */
  const picture = cprPicture(line, 'straightened', { spacingMm: 0.7, widthMm: 28, angleRad: 0.4 });
  if (!picture.ok) throw new Error(picture.problem.code);
  const scene = cprScene(picture.value, {
    ...{ slabMm: 0, projection: 'none', interpolation: 'linear', window, background: [0, 0, 0] },
  });

  it('shows the same place of the patient in the middle of the pixels that stand for one', () => {
    const more = enlargedCurve(scene, 3);
    expect([more.width, more.height]).toEqual([3 * scene.width, 3 * scene.height]);
    for (const [x, y] of [
      [0, 0],
      [7, 31],
      [scene.width - 1, scene.height - 1],
    ] as const) {
      const apart = between(patientAt(scene, false, x, y), patientAt(more, false, 3 * x + 1, 3 * y + 1));
      expect(length(apart)).toBeLessThan(1e-9);
    }
  });

  it('keeps its rows on the line, evenly, and as long as it is: half a circle of 50 mm', () => {
    const more = enlargedCurve(scene, 4);
    const at = (row: number) =>
      patientPoint(...([0, 1, 2].map((n) => more.rows.centres[3 * row + n]!) as [number, number, number]));
    let along = 0;
    for (let row = 0; row < more.height; row += 1) {
      // The middle of the line's circle.
      expect(Math.abs(length(between(patientPoint(11, -7, 130), at(row))) - 50)).toBeLessThan(0.02);
      if (row > 0) along += length(between(at(row - 1), at(row)));
      const [across, through] = (['across', 'through'] as const).map((part) =>
        patientVector(
          ...(more.rows[part].subarray(3 * row, 3 * row + 3) as unknown as [number, number, number]),
        ),
      );
      expect(length(across!)).toBeCloseTo(1, 9);
      expect(Math.abs(dot(across!, through!))).toBeLessThan(1e-3);
    }
    expect(along / ((more.height - 1) * more.spacingMm)).toBeCloseTo(1, 3);
  });

  it('ends where it ended: rows that hold nothing have half a pixel of their neighbours', () => {
    const cut = { ...scene, rows: { ...scene.rows, centres: scene.rows.centres.slice() } };
    cut.rows.centres.fill(Number.NaN, 0, 3 * 10);
    const more = enlargedCurve(cut, 2);
    const empty = [...Array(more.height).keys()].filter((row) => Number.isNaN(more.rows.centres[3 * row]!));
    expect(empty).toEqual([...Array(20).keys()]);
  });
});
