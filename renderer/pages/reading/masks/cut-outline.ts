import type { Cut, PictureView } from '../../../../core/analysis/mask/scissors.ts';
import { between, dot, length } from '../../../../core/geometry/matrices.ts';
import { viewPoint } from '../../../../core/geometry/types.ts';
import { cameraBasis, halfHeightMm } from '../../../../core/scene/camera.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { fieldOf } from '../cpr/line-client.ts';
import { pickPoint } from '../cpr/pick-3d.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { maskBoard } from './mask-board.ts';
import { maskMaker } from './mask-maker.ts';
import { setMaskWork } from './mask-set.ts';
import { valueAtPercent } from './picture-scene.ts';

type Shape = Pick<CanvasSize, 'cssWidth' | 'cssHeight'>;

/** Places that are looked at to find the first surface under an outline, along each side of its box. */
const probesAcross = 24;

/** The picture as scissors take it, and a place of it in mm. */
export function cutView(
  { camera }: Pick<VolumeScene, 'camera'>,
  shape: Shape,
): { readonly view: PictureView; place(spot: Spot): ReturnType<typeof viewPoint> } {
  const { right, down } = cameraBasis(camera);
  const mmPerPx = (2 * halfHeightMm(camera)) / Math.max(1, shape.cssHeight);
  const eye = camera.lens.kind === 'perspective' ? length(between(camera.position, camera.focalPoint)) : null;
  return {
    view: { plane: { origin: camera.focalPoint, right, down }, ...(eye !== null && { eyeMm: eye }) },
    place: ({ x, y }) => viewPoint((x - shape.cssWidth / 2) * mmPerPx, (y - shape.cssHeight / 2) * mmPerPx),
  };
}

/** Even-odd, as the scissors count. */
export function isInsideOutline(outline: readonly Spot[], x: number, y: number): boolean {
  let isInside = false;
  for (let n = 0, m = outline.length - 1; n < outline.length; m = n++) {
    const a = outline[n]!;
    const b = outline[m]!;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) isInside = !isInside;
  }
  return isInside;
}

/** Distance of the first surface under the outline from the plane through the focal point; null where nothing is. */
function firstDepthMm(
  session: ReadingSession,
  scene: VolumeScene,
  shape: Shape,
  outline: readonly Spot[],
): number | null {
  const stack = session.mprStack();
  const volume = stack?.volume();
  if (!stack || !volume) return null;
  const field = fieldOf(volume);
  const hidden = maskBoard(session).hidden();
  const { direction } = cameraBasis(scene.camera);
  const xs = outline.map(({ x }) => x);
  const ys = outline.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  let first: number | null = null;
  for (let row = 0; row < probesAcross; row += 1)
    for (let column = 0; column < probesAcross; column += 1) {
      const x = left + ((column + 0.5) / probesAcross) * width;
      const y = top + ((row + 0.5) / probesAcross) * height;
      if (!isInsideOutline(outline, x, y)) continue;
      const hit = pickPoint(field, scene, shape, [x, y], valueAtPercent(stack), hidden);
      if (!hit) continue;
      const depth = dot(between(scene.camera.focalPoint, hit), direction);
      if (first === null || depth < first) first = depth;
    }
  return first;
}

const farMm = 1e5;

/** The outline is closed: what lies under it goes. */
export async function cutOutline(
  session: ReadingSession,
  scene: VolumeScene,
  shape: Shape,
  outline: readonly Spot[],
): Promise<void> {
  setMaskWork(session, { outline: null });
  if (outline.length < 3) return;
  const { side, depthMm } = session.state.maskWork.scissors;
  const { view, place } = cutView(scene, shape);
  const first = depthMm === null ? null : firstDepthMm(session, scene, shape, outline);
  const depth = depthMm !== null && first !== null ? { depthMm: { from: -farMm, to: first + depthMm } } : {};
  const cut: Cut = { outline: outline.map(place), side, ...depth };
  await maskMaker(session).cut(view, cut);
}
