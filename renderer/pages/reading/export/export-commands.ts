import { derivedName } from '../../../../core/dicom/derive/derived-name.ts';
import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import { leastSlices } from '../../../../core/volume/least-slices.ts';
import { useApp } from '../../../app/app-store.ts';
import { chordLabel } from '../../../app/chord.ts';
import { type Command, runCommand } from '../../../app/commands.ts';
import type { MenuItem } from '../../../ui/menu.tsx';
import { lineOnScreen } from '../cpr/use-line.ts';
import { startDraft } from '../mpr/batch-draft.ts';
import { leastObliqueDeg, obliquityDeg, type PlaneRoom, planeCalled } from '../mpr/mpr-picture.ts';
import { shownBones } from '../ribs/bone-maker.ts';
import { cprCells, ribsCells, volumeCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { hasImage } from '../sized/stack-image.ts';
import { activePlane } from '../volume/volume-actions.ts';
import { type PictureOf, startFilm, surfaceNamed } from './film-draft.ts';
import { saveScene } from './save-scene.ts';

/** What a plane has in the page when it is not shown. */
const unseenPx = 512;

/** Where one canvas covers the viewport. */
const isFilled = (name: PictureOf): boolean => !['volume', 'sheet', 'ribs', 'spine'].includes(name);

/** The size of a viewport now; a stack's is the active one. */
function sizeOnScreen(session: ReadingSession, name: PictureOf): PlaneRoom {
  const viewport = document.querySelector(
    name === 'stack' ? `[data-viewport="${session.state.active}"] .surface` : surfaceNamed(name),
  );
  const box = viewport?.getBoundingClientRect();
  // A plane has as many pixels as its viewport covers: where that ends within one, only its canvas knows.
  const canvas = isFilled(name) ? viewport?.querySelector('canvas') : null;
  const ratio = devicePixelRatio;
  const [cssWidth, cssHeight] = box && box.width > 0 ? [box.width, box.height] : [unseenPx, unseenPx];
  return {
    cssWidth,
    cssHeight,
    width: canvas?.width || Math.round(cssWidth * ratio),
    height: canvas?.height || Math.round(cssHeight * ratio),
    ratio,
    beside: session.state.planeRooms,
  };
}

/** Asks which planes to save. */
function askPlanes(session: ReadingSession): void {
  const { mpr } = session.state;
  const stack = session.mprStack();
  if (!mpr || !stack) return;
  const of = activePlane(session);
  const called = planeCalled(mpr, of).name;
  const plane = obliquityDeg(mpr, of) >= leastObliqueDeg ? `oblique ${called}` : called;
  const name = derivedName(stack.plan.common.SeriesDescription ?? '', `MPR ${plane}`);
  session.set({ batch: startDraft(mpr, of, sizeOnScreen(session, of), name) });
}

/** Asks for a picture of the active viewport. */
function askPicture(session: ReadingSession): void {
  const of = pictureOf(session);
  if (!of) return;
  const size = sizeOnScreen(session, of);
  const texts = useApp.getState().settings.pictureTexts;
  session.set({ film: { kind: 'picture', of, size, width: size.width, texts, hasMarks: true } });
}

const hasPlanes = (session: ReadingSession): boolean =>
  session.state.mode !== 'stack' && session.state.mpr !== null;

/** Planes as a series and 3D are made of values, which colours have none of. */
const hasValues = (session: ReadingSession): boolean =>
  hasPlanes(session) && session.mprStack()?.isColour !== true;

/** 3D of a few slices shows nothing. */
const hasVolume = (session: ReadingSession): boolean =>
  hasValues(session) && (session.state.mpr?.geometry.size[2] ?? 0) >= leastSlices;

/** What of the active viewport can be drawn anew; null where there is nothing yet. */
function pictureOf(session: ReadingSession): PictureOf | null {
  const { mode, active, vessel } = session.state;
  if (mode === 'stack') return hasImage(session) ? 'stack' : null;
  const plane = volumeCells[active];
  if (plane) return (plane === 'volume' ? hasVolume(session) : hasPlanes(session)) ? plane : null;
  if (mode === 'ribs') {
    const cell = ribsCells[active];
    return shownBones(session.state) && (cell === 'ribs' || cell === 'spine') ? cell : null;
  }
  const along = mode === 'cpr' && lineOnScreen(session) ? cprCells[active] : undefined;
  if (along === 'straight' || along === 'section') return along;
  const { picture } = vessel.view;
  if (along !== 'curved') return null;
  return picture === 'sheet' ? picture : picture === 'stretched' || picture === 'projected' ? along : null;
}

const canDraw = (session: ReadingSession): boolean => pictureOf(session) !== null;

/** What is saved in a size of its own, or as a series or film. */
export function exportCommands(session: ReadingSession): readonly Command[] {
  const command = (
    id: string,
    term: ReadingTerm,
    key: string | null,
    run: () => void,
    enabled = hasValues,
  ): Command => ({
    id: `reading.${id}`,
    term: readingTerms[term],
    group: readingTerms['reading.groupExport'],
    ...(key !== null && { keys: [key] }),
    enabled: () => enabled(session),
    run,
  });
  const film = (): void => session.set({ film: startFilm(sizeOnScreen(session, 'volume')) });
  return [
    command('savePlanes', 'reading.savePlanes', 'Ctrl+Shift+KeyS', () => askPlanes(session)),
    command('saveFilm', 'reading.saveFilm', 'Ctrl+Shift+KeyM', film, hasVolume),
    command('saveSized', 'reading.saveSized', 'Ctrl+Alt+KeyS', () => askPicture(session), canDraw),
    command('saveScene', 'reading.saveScene', null, () => void saveScene(session), hasVolume),
  ];
}

/** The same in the viewport's menu. */
export function exportEntries(session: ReadingSession, language: Language): readonly MenuItem[] {
  const item = (id: string, term: ReadingTerm, chord?: string): MenuItem => ({
    id,
    label: say(language, readingTerms[term]),
    ...(chord !== undefined && { keyLabel: chordLabel(chord) }),
    run: () => void runCommand(`reading.${id}`),
  });
  return [
    ...(canDraw(session) ? [item('saveSized', 'reading.saveSized', 'Ctrl+Alt+KeyS')] : []),
    ...(hasValues(session) ? [item('savePlanes', 'reading.savePlanes', 'Ctrl+Shift+KeyS')] : []),
    ...(hasVolume(session) ? [item('saveFilm', 'reading.saveFilm', 'Ctrl+Shift+KeyM')] : []),
    ...(pictureOf(session) === 'volume' ? [item('saveScene', 'reading.saveScene')] : []),
  ];
}
