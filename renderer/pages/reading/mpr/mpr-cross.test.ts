import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, length, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { distanceToPlaneMm } from '../../../../core/geometry/planes.ts';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { Measurement, MeasurementKind } from '../../../../core/measure/types.ts';
import { aortaEnd } from '../../../../core/phantom/anatomy/arteries.ts';
import { carina } from '../../../../core/phantom/anatomy/thorax.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { mprPlane, planeNames } from '../../../../core/scene/mpr.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { phasesThatFit } from '../phases/phase-player.ts';
import { nextReady, shortNames, swungReady } from '../phases/phases.ts';
import { crossPartAt, crossShape, handlesOf } from './mpr-cross.ts';
import { obliquityDeg, type PlacedPlane, patientAt, placePlane, planeCalled, spotOf } from './mpr-picture.ts';
import { mprSurface } from './mpr-surface.ts';
import { applyMpr, changePlane, type MprView, placeCross, setFree, startMprView } from './mpr-view.ts';

const size = { cssWidth: 640, cssHeight: 420, width: 1280, height: 840, ratio: 2 };
/** The phantom's body: 0.8 × 0.8 × 2.5 mm, its landmarks well inside. */
const geometry: VolumeGeometry = {
  size: [500, 400, 260],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-200, -160, -320]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = startMprView('s', 0, geometry, window, 'CT');
const turned = (view: MprView, plane: 'axial' | 'coronal' | 'sagittal', degrees: number): MprView =>
  applyMpr(view, { kind: 'rotate', plane, angleRad: (degrees * Math.PI) / 180 });
const slab = (view: MprView, slabMm: number): MprView =>
  planeNames.reduce((v, plane) => applyMpr(v, { kind: 'slab', plane, slabMm }), view);

describe('the crosshair under a hand', () => {
  test('wherever it stands and however it is turned, each handle is inside and is what a press there takes', () => {
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
    const mm = fc.constantFrom(0, 0.5, 7, 40);
    fc.assert(
      fc.property(
        fc.constantFrom(...planeNames),
        degrees,
        degrees,
        share,
        share,
        mm,
        (name, a, b, u, v, thick) => {
          const oblique = slab(turned(turned(start, 'axial', a), 'sagittal', b), thick);
          const at = patientAt(placePlane(oblique, name, size), u * size.cssWidth, v * size.cssHeight);
          const view = placeCross(oblique, at);
          const shape = crossShape(view, name, placePlane(view, name, size));
          const [first] = shape.lines;
          expect(crossPartAt(shape, first!.at.x, first!.at.y)).toEqual({
            kind: 'centre',
            name: null,
            side: 0,
          });
          for (const line of shape.lines) {
            for (const handle of handlesOf(line, shape)) {
              if (handle.kind === 'rotate') {
                expect(handle.at.x).toBeGreaterThan(0);
                expect(handle.at.x).toBeLessThan(size.cssWidth);
                expect(handle.at.y).toBeGreaterThan(0);
                expect(handle.at.y).toBeLessThan(size.cssHeight);
              }
              // Where two handles meet the first one is taken; a handle is never lost to a line.
              expect(['rotate', 'slab', 'centre']).toContain(
                crossPartAt(shape, handle.at.x, handle.at.y)?.kind,
              );
            }
          }
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  test('the edges of a slab lie half its thickness from the line, and can be taken anywhere', () => {
    const view = slab(start, 50);
    const placed = placePlane(view, 'axial', size);
    const shape = crossShape(view, 'axial', placed);
    const line = shape.lines.find(({ name }) => name === 'coronal')!;
    expect(shape.halfPx.coronal * 2 * placed.mmPerPx).toBeCloseTo(50, 9);
    const edge = crossPartAt(shape, line.at.x + 37, line.at.y + 25 / placed.mmPerPx);
    expect(edge).toMatchObject({ kind: 'slab', name: 'coronal' });
    expect(crossPartAt(shape, line.at.x + 61, line.at.y + 1)).toMatchObject({
      kind: 'line',
      name: 'coronal',
    });
    expect(crossPartAt(shape, line.at.x + 61, line.at.y + 60)).toBeNull();
  });

  test('one plane turned alone leaves the others, and locking brings right angles back', () => {
    const free = applyMpr(
      { ...start, isFree: true },
      { kind: 'rotate', plane: 'axial', only: 'sagittal', angleRad: 0.3 },
    );
    expect(obliquityDeg(free, 'sagittal')).toBeCloseTo((0.3 * 180) / Math.PI, 9);
    expect(obliquityDeg(free, 'coronal')).toBeCloseTo(0, 9);
    const locked = setFree(free, false, 'sagittal');
    expect(obliquityDeg(locked, 'sagittal')).toBeCloseTo((0.3 * 180) / Math.PI, 9);
    expect(obliquityDeg(locked, 'coronal')).toBeCloseTo((0.3 * 180) / Math.PI, 9);
    expect(locked.isFree).toBe(false);
  });

  test('planes turned by 80° have changed names, and say how far they are from those', () => {
    const far = turned(start, 'sagittal', 80);
    const told = (['axial', 'coronal', 'sagittal'] as const).map((name) => [
      planeCalled(far, name).name,
      obliquityDeg(far, name).toFixed(6),
    ]);
    expect(told).toEqual([
      ['coronal', '10.000000'],
      ['axial', '10.000000'],
      ['sagittal', '0.000000'],
    ]);
  });
});

/** The last slice that is there. */
let arrived = Number.POSITIVE_INFINITY;
/** What measuring needs of an open stack. */
const stack = {
  plan: { seriesKey: 's', common: {}, groups: [{}] },
  count: 0,
  group: { regular: geometry, verdict: { kind: 'resampled' } },
  unit: 'HU',
  volume: () => null,
  holdsSlices: (_: number, last: number) => last <= arrived,
} as unknown as OpenStack;

function measured(placed: PlacedPlane, kind: MeasurementKind, a: Spot, b: Spot): Measurement {
  const made = mprSurface(stack, placed, 0, 2.5).make('id', kind, a, b);
  if (!made.ok) throw new Error(made.problem.code);
  return made.value;
}

describe('measuring on an oblique plane', () => {
  test('a length between the phantom’s landmarks is their distance in the patient, at any zoom and turn', () => {
    const a = patientPoint(...carina);
    const b = patientPoint(...aortaEnd);
    const [dx, dy, dz] = between(a, b);
    expect(Math.hypot(dx, dy, dz)).toBeGreaterThan(280);
    // The coronal plane through the carina, tipped about the left-right axis until it meets the bifurcation.
    const through = turned(placeCross(start, a), 'sagittal', (Math.atan2(dy, -dz) * 180) / Math.PI);
    const tipped = Math.abs(distanceToPlaneMm(mprPlane(through.state, 'coronal'), b));
    const other = turned(placeCross(start, a), 'sagittal', (-Math.atan2(dy, -dz) * 180) / Math.PI);
    const oblique = tipped < 1e-6 ? through : other;
    expect(Math.abs(distanceToPlaneMm(mprPlane(oblique.state, 'coronal'), b))).toBeLessThan(1e-6);
    expect(obliquityDeg(oblique, 'coronal')).toBeGreaterThan(3);
    for (const view of [
      oblique,
      turned(oblique, 'coronal', 33),
      changePlane(oblique, 'coronal', { mmPerPx: 0.21, panXMm: 12, panYMm: -70 }),
    ]) {
      const placed = placePlane(view, 'coronal', size);
      const made = measured(placed, 'length', spotOf(placed, a), spotOf(placed, b));
      expect(made.value.length).toBeCloseTo(length(between(a, b)), 6);
      // What the volume is worth goes with the number.
      expect(made.verdict).toBe('resampled');
    }
  });

  test('a region drawn on a plane is changed there, and only seen on one that lies turned in itself', () => {
    const placed = placePlane(start, 'axial', size);
    const box = measured(placed, 'rectangle', { x: 200, y: 100 }, { x: 300, y: 180 });
    expect(box.value.area).toBeCloseTo(100 * 80 * placed.mmPerPx ** 2, 6);
    const [right, down] = [start.state.planes.axial.right, start.state.planes.axial.down];
    const spun = { ...placed, plane: { ...placed.plane, right: down, down: right.map((x) => -x) as never } };
    expect(mprSurface(stack, placed, 0, 2.5).place(box)?.isOwn).toBe(true);
    expect(mprSurface(stack, spun, 0, 2.5).place(box)?.isOwn).toBe(false);
  });

  test('a region waits for the slices that it reaches, as its numbers stay; a length need not', () => {
    const placed = placePlane(start, 'coronal', size);
    const surface = mprSurface(stack, placed, 0, 0.8);
    const at = (z: number): Spot => spotOf(placed, patientPoint(z / 10, start.state.centre[1], z));
    const codeOf = (kind: MeasurementKind): string => {
      const made = surface.make('id', kind, at(-20.2), at(31));
      return made.ok ? 'made' : made.problem.code;
    };
    // 31 mm lie between slices 140 (30 mm) and 141.
    const codes = [139, 140].map((last) => {
      arrived = last;
      return (['ellipse', 'rectangle', 'length'] as const).map(codeOf).join();
    });
    arrived = Number.POSITIVE_INFINITY;
    expect(codes).toEqual(['MEASURE_WHILE_LOADING,MEASURE_WHILE_LOADING,made', 'made,made,made']);
  });
});

describe('phases', () => {
  test('go round in their order and leave out what is not loaded', () => {
    expect(nextReady([4, 5, 6, 7], [4, 5, 6, 7], 7)).toBe(4);
    expect(nextReady([4, 5, 6, 7], [4, 7], 4)).toBe(7);
    expect(nextReady([4, 5, 6, 7], [6], 6)).toBe(6);
    expect(nextReady([4, 5, 6, 7], [], 6)).toBeUndefined();
  });

  test('to and fro, phases turn round at the last that is loaded', () => {
    const phases = [4, 5, 6, 7];
    let now: { group: number; by: 1 | -1 } = { group: 4, by: 1 };
    const shown: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      now = swungReady(phases, [4, 5, 7], now.group, now.by)!;
      shown.push(now.group);
    }
    expect(shown).toEqual([5, 7, 5, 4, 5, 7]);
    expect(swungReady(phases, [6], 6, 1)).toBeUndefined();
  });
  test('are as many as memory holds, never fewer than two', () => {
    const [mib, gib] = [2 ** 20, 2 ** 30];
    expect(phasesThatFit(100 * mib, 20, 8 * gib)).toBe(20);
    expect(phasesThatFit(400 * mib, 20, 8 * gib)).toBe(8);
    expect(phasesThatFit(4000 * mib, 20, 4 * gib)).toBe(2);
  });
  test('have short names in a list', () => {
    expect(shortNames(['Cardiac phase 0%', 'Cardiac phase 5%', 'Cardiac phase 10%'])).toEqual([
      '0%',
      '5%',
      '10%',
    ]);
    expect(shortNames(['b 1000', 'b 1500'])).toEqual(['b 1000', 'b 1500']);
    expect(shortNames(['心动期相 10%', '心动期相 15%'])).toEqual(['10%', '15%']);
    expect(shortNames(['', ''])).toEqual(['', '']);
    expect(shortNames(['Echo', 'Echo 2'])).toEqual(['Echo', 'Echo 2']);
  });
});
