import { flushSync } from 'react-dom';
import { problem } from '../../../../core/base/problem.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { fusionTable } from '../../../../core/scene/fusion.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import { type PictureDraft, pictureSize } from '../export/film-draft.ts';
import { paintOverlay } from '../export/picture-png.ts';
import { canFuse, fusedStack, fusionRange } from '../fusion/fusion.ts';
import { placePlane, sliceScene } from '../mpr/mpr-picture.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { rendererNow } from '../volume/cpu-road.ts';
import { drawPlane, type PlanePicture } from './draw-plane.ts';

const timesOf = ({ width, size }: PictureDraft): number => width / Math.max(1, size.width);

/** The plane of a draft with its masks and its second series; null until its volume is there. */
function planePicture(session: ReadingSession, draft: PictureDraft, of: PlaneName): PlanePicture | null {
  const { mpr, maskWork } = session.state;
  const stack = session.mprStack();
  const renderer = stack && rendererNow(stack);
  const pixels = pictureSize(draft);
  if (!mpr || !stack || !renderer || !pixels) return null;
  const { cssWidth, cssHeight } = draft.size;
  const times = timesOf(draft);
  const size = { cssWidth, cssHeight, ...pixels, ratio: times * draft.size.ratio };
  const window = windowSetting(mpr.window, session.isFileInverted(stack, 0));
  const plain = sliceScene(mpr, of, placePlane(mpr, of, size), window);
  const { shown } = maskWork;
  const isOwn = shown?.seriesKey === stack.plan.seriesKey && shown.groupId === stack.group.id;
  const scene = isOwn ? { ...plain, layers: shown.planeLayers } : plain;
  const over = mpr.fusion && fusedStack(session, mpr.fusion);
  if (!mpr.fusion || !over || !canFuse(stack, over)) return { renderer, scene, fused: null, times };
  const overRenderer = rendererNow(over);
  if (!overRenderer) return null;
  const colours = { ...fusionRange(mpr.fusion, over), table: fusionTable(mpr.fusion) };
  return { renderer, scene, fused: { ...colours, renderer: overRenderer }, times };
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

/**
 * A plane in any number of pixels with all that its viewport shows: second series, masks, badges, and texts and marks as
 * chosen. Null where its volume is not there.
 * @throws where the browser has no canvas of that size
 */
async function sizedPlane(session: ReadingSession, draft: PictureDraft, of: PlaneName): Promise<Blob | null> {
  const viewport = document.querySelector<HTMLElement>(`.vp:has([data-plane="${of}"])`);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  for (let tries = 0; viewport && tries < mostTries; tries += 1) {
    const picture = planePicture(session, draft, of);
    if (!picture) return null;
    const { mpr, maskWork } = session.state;
    canvas.width = picture.scene.width;
    canvas.height = picture.scene.height;
    if (!(await drawPlane(context, picture))) return null;
    // Texts and picture are those of one moment.
    if (session.state.mpr !== mpr || session.state.maskWork.shown !== maskWork.shown) continue;
    overlay(context, draft, viewport);
    return pngOf(canvas);
  }
  return null;
}

/** Draws and saves it; false where it could not be. */
export async function saveSizedPlane(
  session: ReadingSession,
  draft: PictureDraft,
  of: PlaneName,
  name: string,
): Promise<boolean> {
  try {
    const png = await sizedPlane(session, draft, of);
    if (!png) throw new Error('no picture');
    await client().saveFile(name, png);
    showMessage({ tone: 'ok', text: words(readingTerms['reading.filmReady'], { name }) });
    return true;
  } catch {
    showProblem(problem('IO_ERROR'));
    return false;
  }
}
