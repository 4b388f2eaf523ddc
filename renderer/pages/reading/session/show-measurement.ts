import { between, dot, moved } from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { planeNormal } from '../../../../core/geometry/planes.ts';
import type { Plane } from '../../../../core/geometry/types.ts';
import type { CurveAnchor, ImageAnchor, Measurement, PlaneAnchor } from '../../../../core/measure/types.ts';
import { mprPlane, planeNames } from '../../../../core/scene/mpr.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import { imageNumber as numberOf } from '../../../volumes/image-number.ts';
import { vesselDo } from '../cpr/line-maker.ts';
import { applyMpr, type MprView, placeCross } from '../mpr/mpr-view.ts';
import { setSlab } from '../volume/volume-actions.ts';
import { cprCells, type Mode, volumeCells } from './layouts.ts';
import type { ReadingSession } from './reading-session.ts';
import { emptyCell } from './reading-state.ts';

/** Selects a measurement and brings the picture that it was drawn on to the screen, whatever is shown now. */
export async function showMeasurement(session: ReadingSession, measurement: Measurement): Promise<void> {
  session.annotate({ kind: 'select', id: measurement.id });
  const { anchor, seriesKey } = measurement;
  if (anchor.kind === 'image') await showImage(session, seriesKey, anchor, measurement.imageNumber);
  if (anchor.kind === 'plane') await showPlane(session, seriesKey, anchor);
  if (anchor.kind === 'curve') await showCurve(session, seriesKey, anchor);
}

/** The stack of a series that an image is in: echoes, phases and b-values are stacks of their own. */
export function groupOf(
  { groups, frames, instances }: SeriesPlan,
  { sopInstanceUID, frame }: ImageAnchor,
): number {
  return groups.findIndex((group) =>
    group.frames.some((index) => {
      const at = frames[index];
      return at?.frame === frame && instances[at.instance]?.sopInstanceUID === sopInstanceUID;
    }),
  );
}

async function showImage(
  session: ReadingSession,
  seriesKey: string,
  anchor: ImageAnchor,
  imageNumber: number | null,
): Promise<void> {
  if (session.state.mode !== 'stack') session.setMode('stack');
  await session.open(seriesKey);
  const plan = session.stackOf({ ...emptyCell, seriesKey })?.plan;
  const group = plan ? groupOf(plan, anchor) : -1;
  const stack = session.stackOf({ ...emptyCell, seriesKey, group });
  if (!stack) return;
  const isIt = (k: number): boolean => {
    const info = stack.info(k);
    if (info?.instance.sopInstanceUID !== anchor.sopInstanceUID || info.frame.frame !== anchor.frame)
      return false;
    // All pictures of a mosaic are parts of one frame.
    return !info.frame.tile || numberOf(stack, k) === imageNumber;
  };
  const k = Array.from({ length: stack.count }, (_, n) => n).find(isIt);
  const { cells, active } = session.state;
  const shown = cells.findIndex((cell) => cell.seriesKey === seriesKey && cell.group === group);
  if (shown < 0) await session.show(active, seriesKey, group);
  else session.set({ active: shown });
  if (k !== undefined) session.goTo(shown < 0 ? active : shown, k);
}

/** Planes of a series, or of one of its groups, in a layout that has them; false where there are none. */
async function showVolume(
  session: ReadingSession,
  seriesKey: string,
  group: number | undefined,
  isIn: (mode: Mode) => boolean,
  mode: Exclude<Mode, 'stack'>,
): Promise<boolean> {
  const isRight = (): boolean => {
    const { mpr } = session.state;
    if (session.state.mode === 'stack' || mpr?.seriesKey !== seriesKey) return false;
    return group === undefined || mpr.group === group || session.showPhase(group);
  };
  if (!isRight()) {
    if (session.state.mode !== 'stack') session.setMode('stack');
    const { cells, active } = session.state;
    const shown = cells.findIndex(
      (cell) => cell.seriesKey === seriesKey && (group === undefined || cell.group === group),
    );
    if (shown < 0) await session.show(active, seriesKey, group);
    else session.set({ active: shown });
    session.setMode(mode);
  }
  if (!isIn(session.state.mode)) session.setMode(mode);
  return isRight();
}

/** The plane that a mark was drawn on, as thick as it was. */
async function showPlane(session: ReadingSession, seriesKey: string, anchor: PlaneAnchor): Promise<void> {
  const hasPlanes = (mode: Mode): boolean => mode !== 'stack';
  if (!(await showVolume(session, seriesKey, anchor.group, hasPlanes, 'mpr'))) return;
  const { mpr } = session.state;
  if (!mpr) return;
  const { view, name } = planeThrough(mpr, anchor);
  session.set({ mpr: view, active: volumeCells.indexOf(name) });
  if (view.state.planes[name].slabMm !== anchor.slabMm) setSlab(session, anchor.slabMm, undefined, name);
}

/** The picture along a line that a mark was drawn on, turned as it was; nothing where the line is gone. */
async function showCurve(session: ReadingSession, seriesKey: string, anchor: CurveAnchor): Promise<void> {
  const { lineId, picture, turnDeg } = anchor;
  if (!session.state.vessel.lines.some(({ line }) => line.id === lineId)) return;
  if (!(await showVolume(session, seriesKey, undefined, (mode) => mode === 'cpr', 'cpr'))) return;
  if (session.state.vessel.activeId !== lineId) vesselDo(session, { kind: 'activate', lineId });
  // A straightened picture is beside each of the others.
  const isLarge = picture !== 'straightened';
  vesselDo(session, { kind: 'view', part: { turnDeg, ...(isLarge && { picture }) } });
  session.set({ active: cprCells.indexOf(isLarge ? 'curved' : 'straight') });
}

/** The planes with one of them where a mark was drawn: the one that lies so already, else the nearest is turned. */
export function planeThrough(
  view: MprView,
  { plane, points }: Pick<PlaneAnchor, 'plane' | 'points'>,
): { readonly view: MprView; readonly name: PlaneName } {
  const normal = planeNormal(plane);
  const along = (name: PlaneName): number => {
    const own = planeNormal(mprPlane(view.state, name));
    return Math.abs(dot(own, normal));
  };
  const [name] = [...planeNames].sort((a, b) => along(b) - along(a)) as [PlaneName];
  const middle = moved(points[0], between(points[0], points[1]), 0.5);
  const placed = placeCross(view, middle);
  return { view: isSameWayUp(placed, name, plane) ? placed : turned(placed, name, plane), name };
}

/** Cosine from which two directions are the same. */
const exactly = 1 - 1e-9;

function isSameWayUp({ state }: MprView, name: PlaneName, { right, down }: Plane): boolean {
  const own = state.planes[name];
  return dot(own.right, right) > exactly && dot(own.down, down) > exactly;
}

function turned(view: MprView, name: PlaneName, { right, down }: Plane): MprView {
  const { planes } = view.state;
  const at = { ...view.state, planes: { ...planes, [name]: { ...planes[name], right, down } } };
  return applyMpr({ ...view, state: at }, { kind: 'square', keep: name });
}
