import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { distanceToPlaneMm } from '../../../../core/geometry/planes.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { mprPlane, planeNames } from '../../../../core/scene/mpr.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import { patientAt, placePlane } from '../mpr/mpr-picture.ts';
import { applyMpr, type MprView, resetMpr, startMprView } from '../mpr/mpr-view.ts';
import { groupOf, planeThrough } from './show-measurement.ts';

const geometry: VolumeGeometry = {
  size: [200, 180, 90],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-80, -70, -320]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = startMprView('s', 0, geometry, window, 'CT');
const size = { cssWidth: 640, cssHeight: 420, width: 640, height: 420, ratio: 1 };

describe('the picture that a mark was drawn on', () => {
  it('is a plane again through both its points, turned as it was, whatever was done since', () => {
    const turns = fc.array(
      fc.record({
        kind: fc.constant('rotate' as const),
        plane: fc.constantFrom(...planeNames),
        angleRad: fc.double({ min: -2, max: 2, noNaN: true }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(turns, turns, fc.constantFrom(...planeNames), (before, since, drawnIn) => {
        const turned = (view: MprView, actions: typeof before) => actions.reduce(applyMpr, view);
        const drawn = turned(start, before);
        const placed = placePlane(drawn, drawnIn, size);
        const points = [patientAt(placed, 300, 200), patientAt(placed, 340, 215)] as const;
        const now = turned(resetMpr(drawn), since);
        const { view, name } = planeThrough(now, { plane: placed.plane, points });
        const shown = mprPlane(view.state, name);
        for (const axis of ['right', 'down'] as const) {
          for (const n of [0, 1, 2]) expect(shown[axis][n]).toBeCloseTo(placed.plane[axis][n]!, 3);
        }
        for (const p of points) expect(Math.abs(distanceToPlaneMm(shown, p))).toBeLessThan(0.05);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('leaves the planes as they lie where one of them shows it already', () => {
    const placed = placePlane(start, 'coronal', size);
    const points = [patientAt(placed, 300, 200), patientAt(placed, 340, 215)] as const;
    const away = applyMpr(start, { kind: 'step', plane: 'coronal', count: 9 });
    const { view, name } = planeThrough(away, { plane: placed.plane, points });
    expect(name).toBe('coronal');
    expect(view.state.planes).toEqual(away.state.planes);
  });

  it('is looked for in all stacks of a series', () => {
    const plan = {
      instances: [{ sopInstanceUID: '1.1' }, { sopInstanceUID: '1.2' }],
      frames: [
        { instance: 0, frame: 0 },
        { instance: 0, frame: 1 },
        { instance: 1, frame: 0 },
      ],
      groups: [{ frames: [0, 2] }, { frames: [1] }],
    } as unknown as SeriesPlan;
    const at = (sopInstanceUID: string, frame: number) =>
      groupOf(plan, { kind: 'image', sopInstanceUID, frame, points: [] as never });
    expect([at('1.1', 0), at('1.2', 0), at('1.1', 1), at('1.3', 0)]).toEqual([0, 0, 1, -1]);
  });
});
