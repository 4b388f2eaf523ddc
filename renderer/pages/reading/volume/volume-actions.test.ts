import { expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import type { MprPlane } from '../../../../core/scene/mpr.ts';
import type { Projection } from '../../../../core/scene/types.ts';
import { type MprView, startMprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setSlab } from './volume-actions.ts';

const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };

/** The axial plane after a slab of 10 mm was asked for, in a volume of so many slices. */
function slabbed(slices: number, isColour = false, projection?: Projection): MprPlane {
  const geometry = {
    size: [100, 120, slices],
    patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 5], [-31, 17, -480]),
  } as const;
  const session = {
    state: { active: 0, mpr: startMprView('s', 0, geometry, window, 'CT') },
    mprStack: () => ({ isColour }),
    set({ mpr }: { readonly mpr: MprView }): void {
      this.state = { ...this.state, mpr };
    },
  };
  setSlab(session as unknown as ReadingSession, 10, projection);
  return session.state.mpr.state.planes.axial;
}

it('makes no slab of fewer slices than the viewport says it needs', () => {
  expect([1, 2, 3, 40].map((slices) => slabbed(slices).slabMm)).toEqual([0, 0, 10, 10]);
});

it('makes of colours a mean, whatever was asked for', () => {
  const modes = [undefined, 'mip', 'minip', 'mean'] as const;
  expect(modes.map((mode) => slabbed(40, true, mode).projection)).toEqual(['mean', 'mean', 'mean', 'mean']);
  expect(modes.map((mode) => slabbed(40, false, mode).projection)).toEqual(['mip', 'mip', 'minip', 'mean']);
});
