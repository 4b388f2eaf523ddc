import { planeNames } from '../../../core/scene/mpr.ts';
import type { Projection } from '../../../core/scene/types.ts';
import { applyMpr } from './mpr-view.ts';
import type { ReadingSession } from './reading-session.ts';

export function setPreset3d(session: ReadingSession, presetId: string): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, presetId, shift: 0 } });
}

/** Moves the transfer function along the values. */
export function setShift(session: ReadingSession, shift: number): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, shift: Math.round(shift) } });
}

/** Slab of the three planes; a thickness without a projection becomes a MIP. */
export function setSlab(session: ReadingSession, slabMm: number, projection?: Projection): void {
  const { mpr } = session.state;
  if (!mpr) return;
  const now = mpr.state.planes.axial.projection;
  const next = projection ?? (slabMm > 0 && now === 'none' ? 'mip' : now);
  const changed = planeNames.reduce(
    (view, plane) =>
      applyMpr(applyMpr(view, { kind: 'slab', plane, slabMm }), {
        kind: 'projection',
        plane,
        projection: next,
      }),
    mpr,
  );
  session.set({ mpr: changed });
}
