import { problem } from '../../../core/base/problem.ts';
import { planeNames } from '../../../core/scene/mpr.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { isTyping } from '../../app/chord.ts';
import { client } from '../../app/client.ts';
import type { Command } from '../../app/commands.ts';
import { showMessage, showProblem, words } from '../../app/messages.ts';
import { viewportPicture } from './export/picture-png.ts';
import { planeCalled } from './mpr/mpr-picture.ts';
import { cellsOf } from './session/layouts.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { shownImage } from './session/shown-image.ts';

const activeViewport = (session: ReadingSession): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-viewport="${session.state.active}"]`);

/** Without the patient's name: files lie about. */
function pictureName(session: ReadingSession): string {
  const { mode, active, vessel, mpr } = session.state;
  const stack = session.shownStack();
  const series = `Se${stack?.plan.common.SeriesNumber ?? 0}`;
  const cell = mode === 'stack' ? `Im${shownImage(session)}` : cellsOf(mode)[active];
  const isSheet = cell === 'curved' && vessel.view.picture === 'sheet';
  // As the name of its films and sized pictures.
  const plane = planeNames.find((name) => name === cell);
  const shown = mpr && plane ? planeCalled(mpr, plane).name : cell;
  const part = isSheet ? 'sheet' : cell === 'volume' ? '3D' : shown;
  return `Candela ${series} ${part}.png`;
}

async function savePicture(session: ReadingSession): Promise<void> {
  const viewport = activeViewport(session);
  if (!viewport) return;
  await client().saveFile(pictureName(session), await viewportPicture(viewport));
}

async function copyPicture(session: ReadingSession): Promise<void> {
  const viewport = activeViewport(session);
  if (!viewport) return;
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': viewportPicture(viewport) })]);
  const text = words(readingTerms['reading.pictureCopied']);
  showMessage({ tone: 'ok', text, ofStudy: session.state.studyKey });
}

/** Where a text is being typed or marked, Ctrl+C is that text's. */
const isTextMeant = (): boolean => isTyping(document.activeElement) || getSelection()?.isCollapsed === false;

/** A picture of the active viewport: saved or copied, with its texts, badges and marks. */
export function pictureCommandsOf(session: ReadingSession): readonly Command[] {
  const tell = (): void => void showProblem(problem('IO_ERROR'));
  return [
    {
      id: 'reading.savePicture',
      term: readingTerms['reading.savePicture'],
      group: readingTerms['reading.groupPicture'],
      keys: ['Ctrl+KeyS'],
      run: () => void savePicture(session).catch(tell),
    },
    {
      id: 'reading.copyPicture',
      term: readingTerms['reading.copyPicture'],
      group: readingTerms['reading.groupPicture'],
      keys: ['Ctrl+KeyC'],
      enabled: () => !isTextMeant(),
      run: () => void copyPicture(session).catch(tell),
    },
  ];
}
