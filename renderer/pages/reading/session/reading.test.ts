import { describe, expect, test } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { fitCamera, type StandardView } from '../../../../core/scene/camera.ts';
import { slabMostMm } from '../../../../core/scene/mpr.ts';
import { cubeFaces } from '../../../viewport/orientation-cube.tsx';
import { windowOf } from '../../../viewport/windowing.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { RangeKeeper } from '../../../volumes/value-range.ts';
import {
  acquiredPlane,
  cutLines,
  distanceToLine,
  fitMmPerPx,
  isAcquiredPlane,
  patientAt,
  placePlane,
  planeLocationMm,
  sliceScene,
  spotOf,
} from '../mpr/mpr-picture.ts';
import { applyMpr, changePlane, nextSlabMm, startMprView } from '../mpr/mpr-view.ts';
import { planeRoom } from '../mpr/plane-rooms.ts';
import { needsTrial, roadOf } from '../volume/volume-road.ts';
import { hangingOrder } from './hanging.ts';
import { layoutFor, layouts } from './layouts.ts';
import { emptyCell, startState, withLayout } from './reading-state.ts';
import { presetMemoryKey, resetWindow, startWindow } from './start-window.ts';

// 0.8 × 0.8 × 2.5 mm, origin not zero.
const geometry: VolumeGeometry = {
  size: [100, 120, 40],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-31, 17, -480]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const view = startMprView('s', 0, geometry, window, 'CT');
const size = { cssWidth: 400, cssHeight: 300, width: 800, height: 600, ratio: 2 };

describe('planes in their viewports', () => {
  test('fit shows the painted extent, half a voxel beyond the outermost centres', () => {
    expect(fitMmPerPx(view, 'axial', size)).toBeCloseTo(Math.max(80 / 400, 96 / 300), 12);
    expect(fitMmPerPx(view, 'coronal', size)).toBeCloseTo(Math.max(80 / 400, 100 / 300), 12);
  });

  test('planes beside each other have one scale, in which each fits; turning the lines keeps it', () => {
    const rooms = {
      axial: { ...size, cssWidth: 200, cssHeight: 500 },
      coronal: { ...size, cssWidth: 350, cssHeight: 310 },
      sagittal: size,
    };
    // Painted extents of 80 × 96 × 100 mm; the axial viewport is the narrowest for its plane.
    const common = Math.max(80 / 200, 96 / 500, 80 / 350, 100 / 310, 96 / 400, 100 / 300);
    const turned = applyMpr(view, { kind: 'rotate', plane: 'axial', angleRad: 0.6 });
    for (const name of ['axial', 'coronal', 'sagittal'] as const) {
      const room = planeRoom(rooms, name);
      expect(fitMmPerPx(view, name, room)).toBeCloseTo(common, 12);
      expect(fitMmPerPx(turned, name, room)).toBeCloseTo(common, 12);
      expect(placePlane(view, name, room).mmPerPx).toBeCloseTo(common, 12);
      // A plane that the reader has zoomed leaves the others as they are.
      const zoomed = changePlane(view, 'axial', { mmPerPx: 0.1 });
      expect(placePlane(zoomed, name, room).mmPerPx).toBeCloseTo(name === 'axial' ? 0.1 : common, 12);
    }
    // Alone on the stage it fits its own viewport.
    const alone = planeRoom({ coronal: rooms.coronal }, 'coronal');
    expect(fitMmPerPx(view, 'coronal', alone)).toBeCloseTo(Math.max(80 / 350, 100 / 310), 12);
  });

  test('a spot and its patient point are one; device pixels do not enter', () => {
    for (const name of ['axial', 'coronal', 'sagittal'] as const) {
      const placed = placePlane(changePlane(view, name, { panXMm: 7, panYMm: -3, mmPerPx: 0.4 }), name, size);
      const spot = spotOf(placed, patientAt(placed, 123, 45));
      expect(spot.x).toBeCloseTo(123, 9);
      expect(spot.y).toBeCloseTo(45, 9);
    }
  });

  test('the scene has device pixels of the right size; a slab of 0 is one plane', () => {
    const placed = placePlane(view, 'axial', size);
    const setting = { kind: 'window', function: 'LINEAR', centre: 40, width: 400, invert: false } as const;
    const scene = sliceScene(view, 'axial', placed, setting);
    expect(scene).toMatchObject({ width: 800, height: 600, slabMm: 0, projection: 'none' });
    expect(scene.spacingMm * 800).toBeCloseTo(placed.mmPerPx * 400, 9);
  });

  test('crosshair lines: sagittal upright and coronal level in the axial plane', () => {
    const moved = applyMpr(view, { kind: 'step', plane: 'axial', count: 3 });
    const placed = placePlane(moved, 'axial', size);
    const lines = cutLines(moved, 'axial', placed);
    expect(lines.map((l) => l.name).sort()).toEqual(['coronal', 'sagittal']);
    for (const line of lines) {
      const isUpright = Math.abs(line.dx) < 1e-9;
      expect(isUpright).toBe(line.name === 'sagittal');
      expect(distanceToLine(line, line.at.x + line.dx * 50, line.at.y + line.dy * 50)).toBeCloseTo(0, 9);
      expect(distanceToLine(line, line.at.x - line.dy * 9, line.at.y + line.dx * 9)).toBeCloseTo(9, 9);
    }
    expect(lines[0]?.at).toEqual(lines[1]?.at);
  });

  test('position along the patient axis, whatever way the plane looks', () => {
    const [x, y, z] = view.state.centre;
    expect(planeLocationMm(view, 'axial')).toBeCloseTo(z, 9);
    expect(planeLocationMm(view, 'coronal')).toBeCloseTo(y, 9);
    expect(planeLocationMm(view, 'sagittal')).toBeCloseTo(x, 9);
  });

  test('axial slices are acquired ones here, the others are not', () => {
    expect(['axial', 'coronal', 'sagittal'].map((n) => isAcquiredPlane(view, n as 'axial'))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('planes open on the one that was acquired', () => {
    const lying = (k: readonly [number, number, number]) => {
      const i = k[0] === 0 ? ([1, 0, 0] as const) : ([0, 1, 0] as const);
      const j = k[2] === 0 ? ([0, 0, -1] as const) : ([0, 1, 0] as const);
      return acquiredPlane({ size: [4, 4, 4], patientFromIndex: matrixFromColumns(i, j, k, [0, 0, 0]) });
    };
    expect(acquiredPlane(geometry)).toBe('axial');
    expect(lying([-3, 0, 0])).toBe('sagittal');
    expect(lying([0, 3, 0])).toBe('coronal');
    expect(lying([0, 0.9, 3])).toBe('axial');
  });

  test('slab choices', () => {
    expect([nextSlabMm(0, 1), nextSlabMm(5, 1), nextSlabMm(40, 1)]).toEqual([1, 10, 60]);
    expect([nextSlabMm(0, -1), nextSlabMm(7, -1), nextSlabMm(60, -1)]).toEqual([0, 5, 40]);
  });

  test('thicker is never thinner, up to the thickest slab', () => {
    for (let mm = 0; mm < slabMostMm; mm += 0.5) {
      expect(nextSlabMm(mm, 1)).toBeGreaterThan(mm);
      expect(nextSlabMm(slabMostMm - mm, -1)).toBeLessThan(slabMostMm - mm);
    }
    expect(nextSlabMm(slabMostMm, 1)).toBe(slabMostMm);
  });
});

describe('orientation cube', () => {
  test.each(['A', 'P', 'L', 'R', 'H', 'F'] satisfies StandardView[])(
    'from %s only that face is seen, upright',
    (from) => {
      const faces = cubeFaces(fitCamera(geometry, from));
      expect(faces.map((face) => face.letter)).toEqual([from]);
      const [a, b, c, d] = faces[0]!.matrix;
      // Not mirrored: right × down points into the screen.
      expect(a * d - b * c).toBeCloseTo(1, 9);
      expect([a, b, c, d].map((n) => Math.round(n) + 0)).toEqual([1, 0, 0, 1]);
    },
  );
});

describe('grid', () => {
  const filled = { ...startState('t'), cells: [{ ...emptyCell, seriesKey: 'a', k: 7 }] };
  test('a larger grid keeps what is shown; a smaller one keeps the active picture in sight', () => {
    const four = { ...filled, ...withLayout(filled, layouts[3]!) };
    expect(four.cells.length).toBe(4);
    expect(four.cells[0]).toMatchObject({ seriesKey: 'a', k: 7 });
    const cells = four.cells.map((cell, n) => ({ ...cell, seriesKey: `s${n}` }));
    const two = withLayout({ ...four, cells, active: 3 }, layouts[1]!);
    expect(two.cells?.map((cell) => cell.seriesKey)).toEqual(['s0', 's3']);
    expect(two.active).toBe(1);
  });
  test('Shift+1 … 9', () => {
    expect(layoutFor(undefined, 5)).toBeUndefined();
    const found = [1, 2, 3, 4, 7, 9].map((count) => layoutFor('3×3', count)?.id);
    expect(found).toEqual(['1×1', '1×2', '1×3', '2×2', '2×3', '3×3']);
    expect(layoutFor('1×2', 0)?.id).toBe('1×1');
    expect(layouts.map((l) => l.id)).toEqual(['1×1', '1×2', '1×3', '2×2', '2×1', '2×3', '3×2', '2×4', '3×3']);
  });
  test('localisers come last', () => {
    const row = (description: string, frames: number) => ({ description, frames });
    const order = hangingOrder([row('Topogram', 2), row('Thorax 定位', 40), row('Thorax 1.0', 300)]);
    expect(order.map((r) => r.description)).toEqual(['Thorax 1.0', 'Topogram', 'Thorax 定位']);
  });
});

test('the road of 3D: as set, else as tried, else CPU', () => {
  const trial = { road: 'gpu', device: '', reason: '', atMs: 0 } as const;
  expect(roadOf({ renderer: 'auto', gpuTrial: null })).toBe('cpu');
  expect(roadOf({ renderer: 'auto', gpuTrial: trial })).toBe('gpu');
  expect(roadOf({ renderer: 'cpu', gpuTrial: trial })).toBe('cpu');
  expect(roadOf({ renderer: 'gpu', gpuTrial: null })).toBe('gpu');
});

test('the card is tried once a week, and a day after it was lost', () => {
  const hour = 3600 * 1000;
  const trial = { road: 'gpu', device: '', reason: '', atMs: 1000 } as const;
  const lost = { ...trial, road: 'cpu', reason: 'GPU_LOST' } as const;
  expect(needsTrial(null, 0)).toBe(true);
  expect([needsTrial(trial, 160 * hour), needsTrial(trial, 169 * hour)]).toEqual([false, true]);
  expect([needsTrial(lost, 20 * hour), needsTrial(lost, 25 * hour)]).toEqual([false, true]);
});

describe('the window that a stack starts with', () => {
  const stackOf = (common: object, unit: string) =>
    ({ plan: { common }, unit, range: { percentile: () => undefined } }) as unknown as OpenStack;
  const info = {
    attributes: { WindowCenter: [30], WindowWidth: [300] },
    instance: {},
  } as unknown as FrameInfo;
  const chest = stackOf({ Modality: 'CT', BodyPartExamined: 'Chest ' }, 'HU');
  const starts = (stack: OpenStack, remembered: Record<string, string>) =>
    startWindow(stack, info, remembered).presetId;

  test('is the file’s own until a preset was chosen for such pictures', () => {
    expect(startWindow(chest, info, {})).toMatchObject({ presetId: null, voi: { center: 30, width: 300 } });
    expect(startWindow(chest, info, { 'preset CT CHEST': 'ct.lung' })).toMatchObject({
      presetId: 'ct.lung',
      voi: { center: -600, width: 1500 },
    });
  });
  test('a reset goes back to it, also where a preset is remembered, so that it is the same after a restart', () => {
    expect(resetWindow(chest, info, {})).toBeNull();
    expect(resetWindow(chest, info, { 'preset CT CHEST': 'ct.lung' })).toMatchObject({
      presetId: null,
      voi: { center: 30, width: 300 },
    });
  });
  test('a chest’s lung window does not meet a head, nor a part that nobody named', () => {
    const memory = { 'preset CT CHEST': 'ct.lung' };
    expect(starts(stackOf({ Modality: 'CT', BodyPartExamined: 'HEAD' }, 'HU'), memory)).toBeNull();
    expect(starts(stackOf({ Modality: 'CT' }, 'HU'), memory)).toBeNull();
    expect(presetMemoryKey(stackOf({ Modality: 'CT' }, 'HU'))).toBeUndefined();
  });
  test('presets that do not fit the values, or are relative, are not taken', () => {
    const memory = {
      'preset CT CHEST': 'ct.lung',
      'preset PT CHEST': 'pet.suv5',
      'preset MR CHEST': 'mr.narrow',
    };
    expect(starts(stackOf({ Modality: 'CT', BodyPartExamined: 'CHEST' }, ''), memory)).toBeNull();
    expect(starts(stackOf({ Modality: 'PT', BodyPartExamined: 'CHEST' }, 'Bq/ml'), memory)).toBeNull();
    expect(starts(stackOf({ Modality: 'PT', BodyPartExamined: 'CHEST' }, 'g/ml'), memory)).toBe('pet.suv5');
    expect(starts(stackOf({ Modality: 'MR', BodyPartExamined: 'CHEST' }, ''), memory)).toBeNull();
  });
  test('of PET is black on white from 0: SUV 0–5, else five times the mean of the body', () => {
    const emission = (unit: string, values: readonly number[]): OpenStack => {
      const range = new RangeKeeper();
      range.add({ min: 0, max: Math.max(...values), sample: Float32Array.from(values) });
      return { plan: { common: { Modality: 'PT' } }, unit, range } as unknown as OpenStack;
    };
    const start = (stack: OpenStack) => {
      const { voi, isInverted, presetId } = startWindow(stack, info, {});
      const { center, width } = windowOf(voi);
      return [isInverted, center - width / 2, center + width / 2, presetId];
    };
    const trunk = Array.from({ length: 100 }, (_, n) => (n < 75 ? 0 : n < 99 ? 1000 : 1e5));
    expect(start(emission('g/ml', trunk))).toEqual([true, 0, 5, 'pet.suv5']);
    // (24 · 1000 + 100,000) / 25 · 5
    expect(start(emission('Bq/ml', trunk))).toEqual([true, 0, 25_000, 'pet.uptake5']);
    const brain = Array.from({ length: 100 }, (_, n) => (n < 70 ? 0 : n < 85 ? 6000 : 12_000));
    expect(start(emission('Bq/ml', brain))).toEqual([true, 0, 12_000, null]);
    // Values of another kind, as attenuation, are shown as they were sent.
    expect(start(emission('', trunk))).toEqual([false, -120, 180, null]);
  });
});
