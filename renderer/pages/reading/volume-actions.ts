import type { PlaneName } from '../../../core/geometry/orientation.ts';
import { planeNames } from '../../../core/scene/mpr.ts';
import type { Interpolation, Projection } from '../../../core/scene/types.ts';
import { useApp } from '../../app/app-store.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { volumeCells } from './layouts.ts';
import { applyMpr, interpolationKey } from './mpr-view.ts';
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

/** The plane that keys mean: the active one; axial while 3D is active. */
export function activePlane(session: ReadingSession): PlaneName {
  const name = volumeCells[session.state.active];
  return name === undefined || name === 'volume' ? 'axial' : name;
}

/**
 * Slab of the three planes, or of `of` where slabs are kept apart. A thickness without a projection becomes a MIP, and
 * a projection ends with its slab.
 */
export function setSlab(
  session: ReadingSession,
  slabMm: number,
  projection?: Projection,
  of: PlaneName = activePlane(session),
): void {
  const { mpr } = session.state;
  if (!mpr) return;
  const now = mpr.state.planes[of].projection;
  const next = projection ?? (slabMm > 0 && now === 'none' ? 'mip' : now);
  const changed = (mpr.isSlabApart ? [of] : planeNames).reduce(
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

/** Slabs of each plane, or one for all: then the others take that of `of`. */
export function setSlabApart(session: ReadingSession, isSlabApart: boolean): void {
  const { mpr } = session.state;
  if (!mpr) return;
  const of = activePlane(session);
  session.set({ mpr: { ...mpr, isSlabApart } });
  const { slabMm, projection } = mpr.state.planes[of];
  if (!isSlabApart) setSlab(session, slabMm, projection, of);
}

/** Of the three planes; what the next study starts with too. */
export function setInterpolation(session: ReadingSession, interpolation: Interpolation): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, interpolation } });
  const { reading } = useApp.getState().settings;
  changeSettings({ reading: { ...reading, [interpolationKey]: interpolation } });
}
