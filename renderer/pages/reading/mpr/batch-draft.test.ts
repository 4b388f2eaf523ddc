import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { calls } from '../../../../core/contract/index.ts';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { distanceToPlaneMm, volumeCentre } from '../../../../core/geometry/planes.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { planeNames } from '../../../../core/scene/mpr.ts';
import {
  draftCall,
  draftLines,
  draftPlanes,
  faultsOf,
  meetingLine,
  startDraft,
  withKind,
} from './batch-draft.ts';
import { patientAt, placePlane } from './mpr-picture.ts';
import { applyMpr, changePlane, type MprView, placeCross, startMprView } from './mpr-view.ts';

const size = { cssWidth: 640, cssHeight: 420, width: 1280, height: 840, ratio: 2 };
/** From −200, −160, −320 mm; 500 × 400 × 260 voxels of 0.8 × 0.8 × 2.5 mm. */
const geometry: VolumeGeometry = {
  size: [500, 400, 260],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-200, -160, -320]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const view = startMprView('s.1', 0, geometry, window, 'CT');
const call = (of: MprView, draft: ReturnType<typeof startDraft>) =>
  v.safeParse(calls['series.reformat'].input, draftCall(of, draft, 'g', { centre: 40, width: 400 }));

describe('planes that are about to be saved', () => {
  it('begin as large and as fine as the plane on screen, through the whole volume', () => {
    const zoomed = changePlane(view, 'coronal', { mmPerPx: 0.5, panXMm: 10 });
    const draft = startDraft(zoomed, 'coronal', size, 'name');
    expect(draft).toMatchObject({ width: 1280, height: 840, spacingMm: 0.25, slabMm: 0, projection: 'none' });
    // 400 rows of 0.8 mm in steps of 2.5 mm.
    expect(draft.count).toBe((400 * 0.8) / 2.5);
    const ys = draftPlanes(zoomed, draft).map((plane) => plane.origin[1]);
    const middle = -160 + (400 * 0.8) / 2 - 0.4;
    expect((ys[0]! + ys.at(-1)!) / 2).toBeCloseTo(middle, 6);
    expect(Math.abs(ys[1]! - ys[0]!)).toBeCloseTo(2.5, 9);
    // The picture's middle as it was moved on screen.
    expect(draftPlanes(zoomed, draft)[0]!.origin[0]).toBeCloseTo(-200 + 250 * 0.8 - 0.4 - 10, 6);
  });

  it('begin no coarser than the voxels where the window is small', () => {
    const small = { cssWidth: 320, cssHeight: 200, width: 320, height: 200, ratio: 1 };
    const far = changePlane(view, 'coronal', { mmPerPx: 2 });
    const draft = startDraft(far, 'coronal', small, 'name');
    // 640 × 400 mm in pixels of 0.8 mm.
    expect(draft).toMatchObject({ width: 800, height: 500, spacingMm: 0.8 });
    const whole = startDraft(changePlane(view, 'coronal', { mmPerPx: 40 }), 'coronal', small, 'name');
    expect(whole).toMatchObject({ width: 4096, height: 2560, spacingMm: 3.125 });
  });

  it('lie on the acquired slices, one on each, however many there are', () => {
    for (const slices of [260, 41]) {
      const of = startMprView('s.1', 0, { ...geometry, size: [500, 400, slices] }, window, 'CT');
      const planes = draftPlanes(of, startDraft(of, 'axial', size, 'n'));
      const at = planes.map(({ origin }) => (origin[2] + 320) / 2.5).sort((a, b) => a - b);
      expect(at.length).toBe(slices);
      for (const [n, slice] of at.entries()) expect(slice).toBeCloseTo(n, 6);
    }
  });

  it('lie about the crosshair when asked', () => {
    const moved = placeCross(view, patientAt(placePlane(view, 'axial', size), 200, 100));
    const { centre } = moved.state;
    const around = { ...startDraft(moved, 'sagittal', size, 'n'), about: 'cross' as const, count: 5 };
    expect(draftPlanes(moved, around)[2]!.origin[0]).toBeCloseTo(centre[0], 6);
    const radial = { ...withKind(moved, around, 'radial'), count: 8 };
    for (const plane of draftPlanes(moved, radial)) {
      // The vertical line through the crosshair lies in all of them.
      expect(distanceToPlaneMm(plane, centre)).toBeCloseTo(0, 6);
      expect(plane.down[2]).toBeCloseTo(-1, 9);
    }
  });

  it('ask the host for what it takes, however the planes are turned', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...planeNames),
        fc.constantFrom('parallel', 'radial'),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.constantFrom(0, 0.5, 12),
        (of, kind, angleRad, slabMm) => {
          const turned = applyMpr(applyMpr(view, { kind: 'rotate', plane: 'sagittal', angleRad }), {
            kind: 'slab',
            plane: of,
            slabMm,
          });
          const draft = withKind(turned, startDraft(turned, of, size, 'Ax 王'), kind as 'parallel');
          expect(faultsOf(draft).size).toBe(0);
          expect(call(turned, draft).success).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are refused here where the host would refuse them', () => {
    const draft = startDraft(view, 'axial', size, 'n');
    for (const [key, value] of [
      ['count', 0],
      ['count', 2001],
      ['count', 1.5],
      ['count', Number.NaN],
      ['slabMm', 201],
      ['width', 4097],
      ['height', 0],
      ['spacingMm', 0],
      ['name', ' '],
      ['name', 'x'.repeat(65)],
    ] as const) {
      const wrong = { ...draft, [key]: value, ...(key === 'slabMm' && { projection: 'mip' as const }) };
      expect([...faultsOf(wrong)], key).toEqual([key]);
      expect(call(view, wrong).success, `${key} ${value}`).toBe(false);
    }
    expect([...faultsOf({ ...draft, stepMm: 0 })]).toEqual(['stepMm']);
  });
});

describe('their lines on another plane', () => {
  it('lie in both planes and end at the edges of the pictures', () => {
    const middle = placeCross(view, volumeCentre(geometry));
    const turned = applyMpr(middle, { kind: 'rotate', plane: 'sagittal', angleRad: 0.4 });
    const draft = { ...startDraft(turned, 'axial', size, 'n'), width: 100, height: 60, spacingMm: 1 };
    const placed = placePlane(turned, 'coronal', size);
    const [first] = draftPlanes(turned, { ...draft, about: 'cross', count: 1 });
    const line = meetingLine(placed, first!, 100, 60)!;
    for (const { x, y } of [line.from, line.to]) {
      const p = patientAt(placed, x, y);
      expect(distanceToPlaneMm(first!, p)).toBeCloseTo(0, 6);
      const [dx, dy, dz] = p.map((value, axis) => value - first!.origin[axis]!) as [number, number, number];
      expect(Math.hypot(dx, dy, dz)).toBeCloseTo(50, 6);
    }
  });

  it('are there for the outermost planes of a large batch too, and none where planes are parallel', () => {
    const draft = { ...startDraft(view, 'axial', size, 'n'), count: 500, stepMm: 1 };
    const lines = draftLines(view, draft, placePlane(view, 'coronal', size));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThanOrEqual(61);
    const placed = placePlane(view, 'coronal', size);
    const ends = [lines[0]!, lines.at(-1)!].map(({ from }) => patientAt(placed, from.x, from.y)[2]);
    expect(Math.abs(ends[1]! - ends[0]!)).toBeCloseTo(499, 6);
    expect(draftLines(view, draft, placePlane(view, 'axial', size))).toEqual([]);
  });
});
