import { flushSync } from 'react-dom';
import { problem } from '../../../../core/base/problem.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { fusionTable } from '../../../../core/scene/fusion.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import { type PictureDraft, type PictureOf, pictureSize, surfaceNamed } from '../export/film-draft.ts';
import { paintOverlay } from '../export/picture-png.ts';
import { canFuse, fusedStack, fusionRange } from '../fusion/fusion.ts';
import { type PlaneRoom, placePlane, sliceScene } from '../mpr/mpr-picture.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { rendererNow } from '../volume/cpu-road.ts';
import { alongPicture } from './along-picture.ts';
import { drawPlane, type PlanePicture, pixelsOf } from './draw-plane.ts';
import { enlargedCurve } from './enlarged-curve.ts';
import { paintStack } from './stack-image.ts';
import { type StripsCell, stripPictures } from './strip-pictures.ts';

/** All that the page draws itself. */
export type PageDrawn = Exclude<PictureOf, 'volume'>;

const timesOf = ({ width, size }: PictureDraft): number => width / Math.max(1, size.width);

/** A plane with its masks and its second series; null until its volume is there. */
function flatPicture(
  session: ReadingSession,
  of: PlaneName,
  size: PlaneRoom,
): Omit<PlanePicture, 'times'> | null {
  const { mpr, maskWork } = session.state;
  const stack = session.mprStack();
  const renderer = stack && rendererNow(stack);
  if (!mpr || !stack || !renderer) return null;
  const window = windowSetting(mpr.window, session.isFileInverted(stack, 0));
  const plain = sliceScene(mpr, of, placePlane(mpr, of, size), window, stack.isColour);
  const { shown } = maskWork;
  const isOwn = shown?.seriesKey === stack.plan.seriesKey && shown.groupId === stack.group.id;
  const scene = isOwn ? { ...plain, layers: shown.planeLayers } : plain;
  const picture = { renderer, scene, isTransposed: false } as const;
  const over = mpr.fusion && fusedStack(session, mpr.fusion);
  if (!mpr.fusion || !over || !canFuse(stack, over)) return { ...picture, fused: null };
  const overRenderer = rendererNow(over);
  if (!overRenderer) return null;
  const colours = { ...fusionRange(mpr.fusion, over), table: fusionTable(mpr.fusion) };
  return { ...picture, fused: { ...colours, renderer: overRenderer } };
}

/** What a viewport has over its picture, in the amount that was chosen; badges are always there. */
function overlay(context: CanvasRenderingContext2D, draft: PictureDraft, viewport: HTMLElement): void {
  const { settings } = useApp.getState();
  // Between two pictures of the screen: nobody sees it, and it is not kept.
  flushSync(() => useApp.setState({ settings: { ...settings, pictureTexts: draft.texts } }));
  try {
    paintOverlay(context, viewport, timesOf(draft) * draft.size.ratio, draft.hasMarks);
  } finally {
    flushSync(() => useApp.setState({ settings }));
  }
}

/** Times a plane is drawn again that was changed under the hand: phases may be playing. */
const mostTries = 5;

const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no PNG'))), 'image/png');
  });

const viewportOf = (session: ReadingSession, of: PageDrawn): HTMLElement | null =>
  document.querySelector(
    of === 'stack' ? `[data-viewport="${session.state.active}"]` : `.vp:has(${surfaceNamed(of)})`,
  );

/** Pictures of their own size in a viewport, each where it lies; beside them it is black. */
async function drawStrips(
  session: ReadingSession,
  of: StripsCell,
  size: CanvasSize,
  times: number,
  context: CanvasRenderingContext2D,
): Promise<boolean> {
  const shown = stripPictures(session, of, size);
  const renderer = shown && rendererNow(shown.stack);
  if (!shown || !renderer) return false;
  context.fillStyle = '#000';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  for (const { scene, isTransposed, left, top } of shown.strips) {
    context.setTransform(1, 0, 0, 1, Math.round(left * times), Math.round(top * times));
    const picture = { renderer, scene: enlargedCurve(scene, times), isTransposed, fused: null, times };
    if (!(await drawPlane(context, picture))) return false;
  }
  context.resetTransform();
  return true;
}

/** Draws the picture alone; false where its volume or image is not there. */
async function drawPicture(
  session: ReadingSession,
  draft: PictureDraft,
  of: PageDrawn,
  canvas: HTMLCanvasElement,
): Promise<boolean> {
  const pixels = pictureSize(draft);
  if (!pixels) return false;
  Object.assign(canvas, pixels);
  const times = timesOf(draft);
  if (of === 'stack') return paintStack(session, canvas, times);
  const context = canvas.getContext('2d');
  if (!context) return false;
  if (of === 'sheet' || of === 'ribs' || of === 'spine')
    return drawStrips(session, of, draft.size, times, context);
  const size = { ...draft.size, ...pixels, ratio: times * draft.size.ratio };
  const isAlong = of === 'curved' || of === 'straight' || of === 'section';
  const picture = isAlong ? alongPicture(session, of, size) : flatPicture(session, of, size);
  if (!picture) return false;
  const made = { ...picture, times };
  Object.assign(canvas, pixelsOf(made));
  return drawPlane(context, made);
}

/**
 * A viewport in any number of pixels with all that it shows: second series, masks, badges, and texts and marks as chosen.
 * Null where its volume or image is not there.
 * @throws where the browser has no canvas of that size
 */
async function sizedPicture(
  session: ReadingSession,
  draft: PictureDraft,
  of: PageDrawn,
): Promise<Blob | null> {
  const viewport = viewportOf(session, of);
  const canvas = document.createElement('canvas');
  for (let tries = 0; viewport && tries < mostTries; tries += 1) {
    const { mpr, maskWork, vessel, bones, ribsLook } = session.state;
    if (!(await drawPicture(session, draft, of, canvas))) return null;
    // Texts and picture are those of one moment.
    const now = session.state;
    if (now.mpr !== mpr || now.maskWork.shown !== maskWork.shown || now.vessel !== vessel) continue;
    if (now.bones !== bones || now.ribsLook !== ribsLook) continue;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2D canvas');
    overlay(context, draft, viewport);
    return pngOf(canvas);
  }
  return null;
}

/** Draws and saves it; false where it could not be. */
export async function saveSizedPicture(
  session: ReadingSession,
  draft: PictureDraft,
  of: PageDrawn,
  name: string,
): Promise<boolean> {
  try {
    const png = await sizedPicture(session, draft, of);
    if (!png) throw new Error('no picture');
    await client().saveFile(name, png);
    const text = words(readingTerms['reading.filmReady'], { name });
    showMessage({ tone: 'ok', text, ofStudy: session.state.studyKey });
    return true;
  } catch {
    showProblem(problem('IO_ERROR'));
    return false;
  }
}
