import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { Background } from '../../../../core/scene/backgrounds.ts';
import { withLens } from '../../../../core/scene/camera.ts';
import { type ClipBox, wholeClipBox } from '../../../../core/scene/clip-box.ts';
import { type CutPlane, facingCut } from '../../../../core/scene/cut-plane.ts';
import { planeNames } from '../../../../core/scene/mpr.ts';
import type { Camera, Interpolation, Projection, TransferFunction } from '../../../../core/scene/types.ts';
import { leastSlices } from '../../../../core/volume/least-slices.ts';
import { useApp } from '../../../app/app-store.ts';
import { changeSettings } from '../../../app/settings-sync.ts';
import { roundedShift, type ShiftSteps, shiftSteps } from '../../../panels/volume3d/shift-steps.ts';
import { masksForPreset } from '../masks/preset-masks.ts';
import { applyMpr, backgroundKey, interpolationKey } from '../mpr/mpr-view.ts';
import { volumeCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import type { VolumeLook } from './volume-look.ts';

export function setPreset3d(session: ReadingSession, presetId: string): void {
  const { mpr, masks } = session.state;
  if (!mpr) return;
  session.set({
    mpr: { ...mpr, presetId, shift: 0, look: { ...mpr.look, transfer: null, windowWidth: null } },
    masks: masksForPreset(masks, presetId, mpr.seriesKey),
  });
}

/** How far and finely presets of the series on screen move along its values. */
export function shiftStepsOf(session: ReadingSession): ShiftSteps {
  const stack = session.mprStack();
  return shiftSteps(stack?.unit ?? '', stack?.range.range());
}

/** Moves the transfer function along the values. */
export function setShift(session: ReadingSession, shift: number): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, shift: roundedShift(shift, shiftStepsOf(session)) } });
}

/** Window of a projection: how far its centre lies from where it opens, and its width. */
export function setProjectionWindow(session: ReadingSession, shift: number, windowWidth: number): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, shift, look: { ...mpr.look, windowWidth } } });
}

function setLook(session: ReadingSession, part: Partial<VolumeLook>): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, look: { ...mpr.look, ...part } } });
}

/** The clip box; null = none. */
export const setClip = (session: ReadingSession, clip: ClipBox | null): void => setLook(session, { clip });

/** A whole clip box to begin with, or none. */
export function toggleClip(session: ReadingSession): void {
  const { mpr } = session.state;
  if (mpr) setClip(session, mpr.look.clip ? null : wholeClipBox(mpr.geometry));
}

/** The clip plane; null = none. */
export const setCut = (session: ReadingSession, cut: CutPlane | null): void => setLook(session, { cut });

/** A clip plane parallel to the screen through the middle of the picture: a first one, or the one there is. */
export function faceCut(session: ReadingSession): void {
  const { mpr } = session.state;
  if (mpr) setCut(session, facingCut(mpr.camera));
}

export function toggleCut(session: ReadingSession): void {
  if (session.state.mpr?.look.cut) setCut(session, null);
  else faceCut(session);
}

const remember = (key: string, text: string): void =>
  changeSettings({ reading: { ...useApp.getState().settings.reading, [key]: text } });

/** Behind 3D; what the next study starts with too. */
export function setBackground(session: ReadingSession, background: Background): void {
  setLook(session, { background });
  remember(backgroundKey, background);
}

/** What lies deeper is darker, or as bright as what is near. */
export function toggleDepthCue(session: ReadingSession): void {
  const { mpr } = session.state;
  if (mpr) setLook(session, { depthCue: !mpr.look.depthCue });
}

/** Another transfer function than the preset's; null = the preset's. */
export const setTransfer = (session: ReadingSession, transfer: TransferFunction | null): void =>
  setLook(session, { transfer });

/** Parallel rays, or rays from one eye; what lies at the middle keeps its size. */
export function setLens(session: ReadingSession, kind: Camera['lens']['kind']): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, camera: withLens(mpr.camera, kind) } });
}

/** The plane that keys mean: the active one; axial while 3D is active. */
export function activePlane(session: ReadingSession): PlaneName {
  const name = volumeCells[session.state.active];
  return name === undefined || name === 'volume' ? 'axial' : name;
}

/**
 * Slab of the three planes, or of `of` where slabs are kept apart. A thickness without a projection becomes a MIP, and
 * a projection ends with its slab. Of colours there is the mean only. Too few slices have none, as the viewport says.
 */
export function setSlab(
  session: ReadingSession,
  slabMm: number,
  projection?: Projection,
  of: PlaneName = activePlane(session),
): void {
  const { mpr } = session.state;
  if (!mpr || (slabMm > 0 && mpr.geometry.size[2] < leastSlices)) return;
  const now = mpr.state.planes[of].projection;
  const wanted = projection ?? (slabMm > 0 && now === 'none' ? 'mip' : now);
  const next = session.mprStack()?.isColour && wanted !== 'none' ? 'mean' : wanted;
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
  remember(interpolationKey, interpolation);
}
