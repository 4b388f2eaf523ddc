import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cross,
  matrixFromColumns,
  normalise,
  patientFromIndexPoint,
} from '../../../../core/geometry/matrices.ts';
import { indexPoint, patientVector, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { Measurement, MeasurementKind } from '../../../../core/measure/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { gripAt, type MeasureSurface, type Spot } from '../../../viewport/measure-surface.ts';
import { stackSurface } from '../../../viewport/stack-surface.ts';
import { deviceFromImage, fitted, flippedHorizontally, rotated } from '../../../viewport/view-transform.ts';
import { frameOfReferenceOf } from '../../../volumes/frame-of-reference.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { placePlane, spotOf } from '../mpr/mpr-picture.ts';
import { stepPlane } from '../mpr/mpr-slices.ts';
import { mprSurface } from '../mpr/mpr-surface.ts';
import { applyMpr, type MprView, startMprView } from '../mpr/mpr-view.ts';

/** An oblique acquisition: rows, columns and slices by three spacings, far from the origin. */
const [columnMm, rowMm, sliceMm] = [0.4, 0.8, 2.5];
const right = normalise(patientVector(0.9, 0.4, -0.17));
const down = normalise(cross(patientVector(0.1, -0.2, 0.97), right));
const along = cross(right, down);
const by = (v: readonly number[], mm: number) => v.map((x) => x * mm) as unknown as [number, number, number];
const size = [120, 60, 24] as const;
const patientFromIndex = matrixFromColumns(
  by(right, columnMm),
  by(down, rowMm),
  by(along, sliceMm),
  [-31, 47, 112],
);
const geometry: VolumeGeometry = { size, patientFromIndex };
const pixels = new Int16Array(size[0] * size[1]).map((_, n) => n % 97);

/** A stack of which slice `k` holds other values than its neighbours: a mean of one cannot be that of another. */
const stackOf = (part: object = {}): OpenStack => {
  const plan = {
    seriesKey: 's',
    common: { FrameOfReferenceUID: '1.9', SeriesNumber: 7 },
    groups: [{}],
    ...part,
  };
  const info = (k: number) =>
    k < 0 || k >= size[2]
      ? undefined
      : {
          attributes: {
            ...plan.common,
            PixelSpacing: [rowMm, columnMm],
            ImageOrientationPatient: [...right, ...down],
            ImagePositionPatient: [...patientFromIndexPoint(patientFromIndex, indexPoint(0, 0, k))],
          },
          instance: { sopInstanceUID: `${plan.seriesKey}.${k}`, format: { columns: size[0], rows: size[1] } },
          frame: { frame: 0, locationMm: k * sliceMm },
        };
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k += 1)
    voxels.set(
      pixels.map((x) => x + 100 * k),
      k * pixels.length,
    );
  const image = (k: number) => ({
    kind: 'mono',
    rows: size[1],
    columns: size[0],
    values: pixels.map((x) => x + 100 * k),
  });
  return {
    plan,
    group: { regular: geometry, verdict: { kind: 'exact', medianGapMm: sliceMm } },
    groupIndex: 0,
    reduction: 1,
    unit: 'HU',
    count: size[2],
    info,
    volume: () => ({ geometry, voxels, scalarType: 'int16' }),
    holdsSlices: () => true,
    loader: { store: { state: (k: number) => ({ kind: 'ready', image: image(k) }) } },
  } as unknown as OpenStack;
};
const stack = stackOf();

const canvas = { cssWidth: 480, cssHeight: 480, width: 960, height: 960, ratio: 2 };
const frameSize = { rows: size[1], columns: size[0], aspect: rowMm / columnMm };
const stackOn = (k: number, view = fitted, of = stack): MeasureSurface =>
  stackSurface(of, k, deviceFromImage(view, frameSize, canvas), canvas)!;

const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = applyMpr(startMprView('s', 0, geometry, window, 'CT'), { kind: 'axes', axes: 'acquisition' });
/** The planes with the crosshair on slice `k`. */
function onSlice(k: number, view: MprView = start): MprView {
  const centre = patientFromIndexPoint(patientFromIndex, indexPoint(61, 29, k));
  return applyMpr(view, { kind: 'move', centre });
}
const mprOn = (view: MprView, name: 'axial' | 'coronal' | 'sagittal' = 'axial', of = stack): MeasureSurface =>
  mprSurface(of, placePlane(view, name, canvas), view.state.planes[name].slabMm, view.state.stepMm);

function made(on: MeasureSurface, kind: MeasurementKind, a: Spot, b: Spot): Measurement {
  const answer = on.make('m', kind, a, b);
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.value;
}
const kinds: readonly MeasurementKind[] = ['length', 'ellipse', 'rectangle'];
const spot = fc.record({
  x: fc.integer({ min: 120, max: 360 }),
  y: fc.integer({ min: 120, max: 360 }),
});
const slice = fc.integer({ min: 1, max: size[2] - 2 });

describe('a mark on a stack image', () => {
  it('is seen on the plane that shows the same slice, where it lies in the patient, and on no other', () => {
    const views = [
      fitted,
      { ...fitted, turn: rotated(fitted.turn) },
      { ...fitted, scale: 9, panX: 40, panY: -25 },
    ];
    fc.assert(
      fc.property(
        slice,
        fc.constantFrom(...kinds),
        fc.constantFrom(...views),
        spot,
        spot,
        (k, kind, view, a, b) => {
          const item = made(stackOn(k, view), kind, a, b);
          const placed = placePlane(onSlice(k), 'axial', canvas);
          const seen = mprOn(onSlice(k)).place(item)!;
          expect(seen.isOwn).toBe(false);
          const { points } = item.anchor as Extract<Measurement['anchor'], { kind: 'image' }>;
          for (const [n, { column, row }] of points.entries()) {
            const there = spotOf(placed, patientFromIndexPoint(patientFromIndex, indexPoint(column, row, k)));
            expect(seen.spots[n]!.x).toBeCloseTo(there.x, 6);
            expect(seen.spots[n]!.y).toBeCloseTo(there.y, 6);
          }
          for (const other of [k - 1, k + 1]) expect(mprOn(onSlice(other)).place(item)).toBeNull();
          if (kind !== 'length') expect(mprOn(onSlice(k), 'coronal').place(item)).toBeNull();
        },
      ),
      { numRuns: 80, seed: 5 },
    );
  });

  it('is seen nowhere in another frame of reference, and in another series of its own', () => {
    const item = made(stackOn(8), 'ellipse', { x: 150, y: 180 }, { x: 260, y: 300 });
    const other = { seriesKey: 't', common: { FrameOfReferenceUID: '1.9', SeriesNumber: 8 } };
    const far = { seriesKey: 't', common: { FrameOfReferenceUID: '1.8', SeriesNumber: 8 } };
    expect(mprOn(onSlice(8), 'axial', stackOf(other)).place(item)).not.toBeNull();
    expect(stackOn(8, fitted, stackOf(other)).place(item)?.isOwn).toBe(false);
    expect(mprOn(onSlice(8), 'axial', stackOf(far)).place(item)).toBeNull();
    expect(stackOn(8, fitted, stackOf(far)).place(item)).toBeNull();
    expect(stackOn(7, fitted, stackOf(other)).place(item)).toBeNull();
  });

  it('is seen in its own series where an anonymiser gave every slice a frame of reference of its own', () => {
    const anonymised = (seriesKey: string) => {
      const made = stackOf({ seriesKey, common: {} });
      const info = (k: number) => {
        const at = made.info(k);
        return at && { ...at, attributes: { ...at.attributes, FrameOfReferenceUID: `1.7.${k}` } };
      };
      return { ...made, info } as unknown as OpenStack;
    };
    const item = made(stackOn(8, fitted, anonymised('s')), 'ellipse', { x: 150, y: 180 }, { x: 260, y: 300 });
    expect(mprOn(onSlice(8), 'axial', anonymised('s')).place(item)?.isOwn).toBe(false);
    expect(mprOn(onSlice(7), 'axial', anonymised('s')).place(item)).toBeNull();
    expect(mprOn(onSlice(8), 'axial', anonymised('t')).place(item)).toBeNull();
    // One that all slices of the stack share is theirs, though not the whole series'.
    const shared = { ...stackOf({ common: {} }) } as OpenStack;
    const info = (k: number) => {
      const at = stack.info(k);
      return at && { ...at, attributes: { ...at.attributes, FrameOfReferenceUID: '1.9' } };
    };
    expect(frameOfReferenceOf({ ...shared, info } as unknown as OpenStack)).toBe('1.9');
  });

  it('that an earlier build kept is seen on planes of its series', () => {
    const { anchor, ...item } = made(stackOn(8), 'ellipse', { x: 150, y: 180 }, { x: 260, y: 300 });
    if (anchor.kind !== 'image') throw new Error('no image');
    const { inPatient, ...before } = anchor;
    const kept = { ...item, anchor: before };
    expect(inPatient).toBeDefined();
    expect(mprOn(onSlice(8)).place(kept)).toEqual(mprOn(onSlice(8)).place({ ...item, anchor }));
    expect(mprOn(onSlice(9)).place(kept)).toBeNull();
    expect(stackOn(7).place(kept)).toBeNull();
  });

  it('keeps the numbers of its image', () => {
    const item = made(stackOn(8), 'rectangle', { x: 150, y: 180 }, { x: 260, y: 300 });
    const mean = item.value.statistics!.mean;
    expect(mean).toBeGreaterThan(800);
    expect(mean).toBeLessThan(900);
    // It cannot be taken hold of by a handle elsewhere, only chosen by its outline.
    const seen = mprOn(onSlice(8)).place(item)!;
    const [corner] = seen.spots;
    expect(gripAt('rectangle', seen, corner.x, corner.y)).toEqual({ kind: 'body' });
    expect(gripAt('rectangle', seen, corner.x - 20, corner.y)).toBeNull();
  });

  it('has no place in the patient on a localizer, nor where the file gives none', () => {
    for (const attributes of [
      { Modality: 'CT', ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] },
      { ImagePositionPatient: undefined },
      { Modality: 'US', PixelSpacing: undefined },
    ]) {
      const of = {
        ...stack,
        info: (k: number) => {
          const info = stack.info(k);
          return info && { ...info, attributes: { ...info.attributes, ...attributes } };
        },
      } as unknown as OpenStack;
      const item = made(stackOn(8, fitted, of), 'length', { x: 150, y: 180 }, { x: 260, y: 300 });
      expect(item.anchor).not.toHaveProperty('inPatient');
      expect(stackOn(8, fitted, of).place(item)?.isOwn).toBe(true);
      expect(mprOn(onSlice(8), 'axial', of).place(item)).toBeNull();
    }
  });
});

describe('a mark on a plane', () => {
  it('is seen on the image that the plane shows, and on no other', () => {
    fc.assert(
      fc.property(slice, fc.constantFrom(...kinds), spot, spot, (k, kind, a, b) => {
        const item = made(mprOn(onSlice(k)), kind, a, b);
        const seen = stackOn(k).place(item)!;
        expect(seen.isOwn).toBe(false);
        // And from there to the plane again: the same place.
        const back = mprOn(onSlice(k)).place(item)!;
        expect(back.isOwn).toBe(true);
        expect(back.spots[0].x).toBeCloseTo(a.x, 6);
        expect(back.spots[1].y).toBeCloseTo(b.y, 6);
        for (const other of [k - 1, k + 1]) expect(stackOn(other).place(item)).toBeNull();
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('lies where it did when the image is turned and mirrored', () => {
    const item = made(mprOn(onSlice(8)), 'ellipse', { x: 150, y: 180 }, { x: 260, y: 300 });
    const upright = stackOn(8).place(item)!.box;
    const mirrored = stackOn(8, { ...fitted, turn: flippedHorizontally(fitted.turn) }).place(item)!.box;
    for (const [n, corner] of mirrored.entries()) {
      expect(corner.x).toBeCloseTo(canvas.cssWidth - upright[n]!.x, 6);
      expect(corner.y).toBeCloseTo(upright[n]!.y, 6);
    }
  });

  it('keeps its numbers where the slab is another, and is not changed there', () => {
    const item = made(mprOn(onSlice(8)), 'ellipse', { x: 150, y: 180 }, { x: 260, y: 300 });
    const length = made(mprOn(onSlice(8)), 'length', { x: 150, y: 180 }, { x: 260, y: 300 });
    const thick = applyMpr(onSlice(9), { kind: 'slab', plane: 'axial', slabMm: 20 });
    expect(mprOn(thick).place(item)?.isOwn).toBe(false);
    expect(mprOn(thick).place(length)?.isOwn).toBe(true);
    expect(mprOn(onSlice(8)).place(item)?.isOwn).toBe(true);
  });

  it('belongs to its phase', () => {
    const phases = (group: number) =>
      ({ ...stackOf({ groups: [{}, {}] }), groupIndex: group }) as unknown as OpenStack;
    const item = made(
      mprOn(onSlice(8), 'axial', phases(1)),
      'ellipse',
      { x: 150, y: 180 },
      { x: 260, y: 300 },
    );
    expect(mprOn(onSlice(8), 'axial', phases(1)).place(item)?.isOwn).toBe(true);
    expect(mprOn(onSlice(8), 'axial', phases(0)).place(item)?.isOwn).toBe(false);
  });

  it('is met on one step of the planes, not jumped over', () => {
    const item = made(mprOn(onSlice(8)), 'length', { x: 150, y: 180 }, { x: 260, y: 300 });
    let view = onSlice(2);
    const seen: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      if (mprOn(view).place(item)) seen.push(n);
      view = { ...view, state: stepPlane(view, 'axial', 1) };
    }
    expect(seen.length).toBe(1);
  });

  it('turned in itself shows its box turned', () => {
    const item = made(mprOn(onSlice(8)), 'rectangle', { x: 200, y: 220 }, { x: 280, y: 260 });
    // Turned on screen about the middle of the viewport: the planes turn about their normal.
    const { right: r, down: d } = start.state.planes.axial;
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const turned = {
      right: patientVector(...([0, 1, 2].map((n) => c * r[n]! + s * d[n]!) as [number, number, number])),
      down: patientVector(...([0, 1, 2].map((n) => c * d[n]! - s * r[n]!) as [number, number, number])),
    };
    const view = onSlice(8);
    const planes = { ...view.state.planes, axial: { ...view.state.planes.axial, ...turned } };
    const placed = { ...view, state: { ...view.state, planes } };
    const { box, isOwn } = mprOn(placed).place(item)!;
    expect(isOwn).toBe(false);
    const [dx, dy] = [box[1].x - box[0].x, box[1].y - box[0].y];
    expect((Math.atan2(dy, dx) * 180) / Math.PI).toBeCloseTo(-30, 6);
    expect(dx * (box[3].x - box[0].x) + dy * (box[3].y - box[0].y)).toBeCloseTo(0, 6);
    const middle = { x: (box[0].x + box[1].x) / 2, y: (box[0].y + box[1].y) / 2 };
    expect(gripAt('rectangle', mprOn(placed).place(item)!, middle.x, middle.y)).toEqual({ kind: 'body' });
    expect(gripAt('rectangle', mprOn(placed).place(item)!, middle.x + 12, middle.y)).not.toEqual({
      kind: 'point',
    });
  });
});
