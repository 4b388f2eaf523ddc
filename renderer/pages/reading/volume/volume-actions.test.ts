import { expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { type MprView, startMprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setSlab } from './volume-actions.ts';

const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };

/** The slab of the axial plane after 10 mm were asked for, in a volume of so many slices. */
function slabIn(slices: number): number {
  const geometry = {
    size: [100, 120, slices],
    patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 5], [-31, 17, -480]),
  } as const;
  const session = {
    state: { active: 0, mpr: startMprView('s', 0, geometry, window, 'CT') },
    set({ mpr }: { readonly mpr: MprView }): void {
      this.state = { ...this.state, mpr };
    },
  };
  setSlab(session as unknown as ReadingSession, 10);
  return session.state.mpr.state.planes.axial.slabMm;
}

it('makes no slab of fewer slices than the viewport says it needs', () => {
  expect([1, 2, 3, 40].map(slabIn)).toEqual([0, 0, 10, 10]);
});
