import type { PlaneName } from '../../../core/geometry/orientation.ts';
import { type ReadingTerm, readingTerms } from '../../../core/terms/reading.ts';
import { leastSlices } from '../../../core/volume/least-slices.ts';
import { useApp } from '../../app/app-store.ts';
import type { Command } from '../../app/commands.ts';
import { isAmongControls } from '../../app/regions.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { tools } from '../../tools/tool.ts';
import {
  fitted,
  flippedHorizontally,
  flippedVertically,
  rotated,
  type StackView,
  type Turn,
} from '../../viewport/view-transform.ts';
import { sliceOfImage, slicesOn } from '../../volumes/image-number.ts';
import { askBeforeMeasuring } from './ask-verdict.ts';
import { bookmarkCommands } from './bookmarks/bookmark-commands.ts';
import { cprCellsShown } from './cpr/cpr-cells.ts';
import { cprCommands } from './cpr/cpr-commands.ts';
import { exportCommands } from './export/export-commands.ts';
import { printCommands } from './export/print-pictures.tsx';
import { sendCommands } from './export/send-commands.ts';
import { flyCommands } from './fly/fly-commands.ts';
import { maskCommands } from './masks/mask-commands.ts';
import { forgetMaskProblem } from './masks/mask-set.ts';
import { mprCommands } from './mpr/mpr-commands.ts';
import { nextSlabMm, resetMpr } from './mpr/mpr-view.ts';
import { scrollPlane } from './mpr/scroll-plane.ts';
import { pictureCommandsOf } from './picture-commands.ts';
import { ribsCellsShown } from './ribs/ribs-cells.ts';
import { ribsCommands } from './ribs/ribs-commands.ts';
import { cellCount, cprCells, layouts, type Mode, volumeCells } from './session/layouts.ts';
import { openMenu } from './session/page-actions.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { type PanelId, withLayout } from './session/reading-state.ts';
import { resetWindow } from './session/start-window.ts';
import { cineWayNow, setCineWay } from './stack/cine-way.ts';
import { isColour } from './stack/stack-picture.ts';
import { canPlay, cineRate } from './stack/use-cine.ts';
import { fittedCamera } from './volume/fitted-camera.ts';
import { presetCommands } from './volume/preset-commands.ts';
import { applyAsSent, applyFullRange, setWindow, windowTarget } from './volume/preset-menu.ts';
import { setSlab } from './volume/volume-actions.ts';
import { volumeCommands } from './volume/volume-commands.ts';

/** Everything the reading page can be told by key, palette or button (reading room, section 1). */
export function readingCommands(session: ReadingSession): readonly Command[] {
  return [
    ...toolCommands(session),
    ...pictureCommands(session),
    ...windowCommands(session),
    ...stackCommands(session),
    ...layoutCommands(session),
    ...editCommands(session),
    ...volumeCommands(session),
    ...mprCommands(session),
    ...cprCommands(session),
    ...ribsCommands(session),
    ...flyCommands(session),
    ...pictureCommandsOf(session),
    ...exportCommands(session),
    ...printCommands(session),
    ...sendCommands(session),
    ...maskCommands(session),
    ...bookmarkCommands(session),
  ];
}

type Group = 'Tools' | 'Picture' | 'Window' | 'Layout' | '3d';
const command = (
  id: string,
  term: ReadingTerm,
  group: Group,
  keys: readonly string[],
  run: () => void,
  enabled?: () => boolean,
): Command => ({
  id: `reading.${id}`,
  term: readingTerms[term],
  group: readingTerms[`reading.group${group}`],
  keys,
  run,
  ...(enabled && { enabled }),
});

const toolCommands = (session: ReadingSession): readonly Command[] =>
  tools.map((tool) =>
    command(
      `tool.${tool.id}`,
      tool.term,
      'Tools',
      [tool.key],
      () => {
        const use = (): void => session.set({ tool: tool.id });
        forgetMaskProblem(session);
        if (tool.measures) askBeforeMeasuring(session, use);
        else use();
      },
      () => !tool.ofVolumes || session.state.mode !== 'stack',
    ),
  );

function pictureCommands(session: ReadingSession): readonly Command[] {
  const isStack = (): boolean =>
    session.state.mode === 'stack' && session.stackOf(session.activeCell()) !== undefined;
  const view = (change: (view: StackView) => StackView) => (): void => {
    const { active, cells } = session.state;
    const cell = cells[active];
    if (cell) session.changeCell(active, { view: change(cell.view) });
  };
  const turn = (by: (turn: Turn) => Turn) => view((v) => ({ ...v, turn: by(v.turn), panX: 0, panY: 0 }));
  const back = (t: Turn): Turn => rotated(rotated(rotated(t)));
  return [
    command('rotate', 'reading.rotate', 'Picture', ['KeyR'], turn(rotated), isStack),
    command('rotateBack', 'reading.rotateBack', 'Picture', ['Shift+KeyR'], turn(back), isStack),
    command(
      'flipHorizontal',
      'reading.flipHorizontal',
      'Picture',
      ['KeyH'],
      turn(flippedHorizontally),
      isStack,
    ),
    command('flipVertical', 'reading.flipVertical', 'Picture', ['KeyV'], turn(flippedVertically), isStack),
    command('invert', 'reading.invert', 'Picture', ['KeyI'], () => invert(session), isWindowed(session)),
    command(
      'fit',
      'reading.fit',
      'Picture',
      ['KeyF'],
      view((v) => ({ ...v, scale: v.scale === null ? 1 : null, panX: 0, panY: 0 })),
      isStack,
    ),
    command('reset', 'reading.reset', 'Picture', ['Shift+KeyF'], () => resetView(session)),
    command('texts', 'reading.texts', 'Picture', ['Space'], () => {
      const { pictureTexts } = useApp.getState().settings;
      changeSettings({
        pictureTexts: pictureTexts === 'all' ? 'few' : pictureTexts === 'few' ? 'none' : 'all',
      });
    }),
  ];
}

function resetView(session: ReadingSession): void {
  const { mode, mpr, active } = session.state;
  if (mode === 'stack') {
    const cell = session.activeCell();
    const stack = session.stackOf(cell);
    const info = stack?.info(cell?.k ?? 0);
    const remembered = useApp.getState().settings.reading;
    const window = stack && info ? resetWindow(stack, info, remembered) : null;
    session.changeCell(active, { view: fitted, window });
  } else if (mpr && volumeCells[active] === 'volume')
    session.set({ mpr: { ...mpr, camera: fittedCamera(mpr.geometry, mpr.camera.lens.kind) } });
  else if (mpr) session.set({ mpr: resetMpr(mpr, session.mprStack()?.group.displayReversed) });
}

const windowCommands = (session: ReadingSession): readonly Command[] => [
  ...presetCommands(session),
  command(
    'fullRange',
    'reading.fullRange',
    'Window',
    ['Digit0'],
    () => applyFullRange(session),
    isWindowed(session),
  ),
  command(
    'asSent',
    'reading.asSent',
    'Window',
    ['Backquote'],
    () => applyAsSent(session),
    isWindowed(session),
  ),
];

/** Colours have no window. */
const isWindowed = (session: ReadingSession) => (): boolean => {
  const target = windowTarget(session);
  return target !== null && !isColour(target.stack, target.k);
};

function invert(session: ReadingSession): void {
  const target = windowTarget(session);
  if (target) setWindow(session, { ...target.window, isInverted: !target.window.isInverted });
}

/** One image on in a stack; one step of the plane in MPR. */
function step(session: ReadingSession, count: number): void {
  const { mode, active, cells } = session.state;
  if (mode === 'stack') {
    const stack = session.stackOf(cells[active]);
    if (stack) session.goTo(active, (cells[active]?.k ?? 0) + slicesOn(stack, count));
    return;
  }
  const name = planeNow(session);
  if (name) scrollPlane(session, name, count);
}

/** The plane in the active viewport; null elsewhere. */
function planeNow(session: ReadingSession): PlaneName | null {
  const { mode, active, mpr } = session.state;
  const name = volumeCells[active];
  return mode !== 'stack' && mpr && name && name !== 'volume' ? name : null;
}

/** A slab needs a plane, and slices beside it. */
const hasSlab = (session: ReadingSession): boolean =>
  planeNow(session) !== null && (session.state.mpr?.geometry.size[2] ?? 0) >= leastSlices;

/** Pictures a second of the active stack; null where none are played. */
const playingRate = ({ state }: ReadingSession): number | null => state.cells[state.active]?.cine ?? null;

function stackCommands(session: ReadingSession): readonly Command[] {
  const isStack = (): boolean => session.state.mode === 'stack';
  const stepping = (id: 'previousImage' | 'nextImage' | 'back10' | 'forward10', key: string, count: number) =>
    command(
      id,
      `reading.${id}`,
      'Picture',
      [key],
      () => step(session, count),
      () => isStack() || planeNow(session) !== null,
    );
  const series = (by: 1 | -1) => (): void => session.stepSeries(by);
  const rate = (by: 1 | -1) => (): void => faster(session, by);
  const hasRate = (): boolean => (isStack() ? playingRate(session) !== null : hasSlab(session));
  const end = (last: boolean) => (): void => {
    const stack = session.stackOf(session.activeCell());
    if (stack) session.goTo(session.state.active, sliceOfImage(stack, last ? stack.count : 1));
  };
  return [
    stepping('previousImage', 'ArrowUp', -1),
    stepping('nextImage', 'ArrowDown', 1),
    stepping('back10', 'Shift+ArrowUp', -10),
    stepping('forward10', 'Shift+ArrowDown', 10),
    command('firstImage', 'reading.firstImage', 'Picture', ['Home'], end(false), isStack),
    command('lastImage', 'reading.lastImage', 'Picture', ['End'], end(true), isStack),
    command('previousSeries', 'reading.previousSeries', 'Picture', ['ArrowLeft'], series(-1), isStack),
    command('nextSeries', 'reading.nextSeries', 'Picture', ['ArrowRight'], series(1), isStack),
    command(
      'cine',
      'reading.cine',
      'Picture',
      ['KeyC'],
      () => toggleCine(session),
      () => isStack() && canPlay(session),
    ),
    command('slower', 'reading.cineSlower', 'Picture', ['BracketLeft'], rate(-1), hasRate),
    command('cineWay', 'reading.cineWay', 'Picture', ['Backslash'], () =>
      setCineWay(cineWayNow() === 'loop' ? 'bounce' : 'loop'),
    ),
    command('faster', 'reading.cineFaster', 'Picture', ['BracketRight'], rate(1), hasRate),
  ];
}

function toggleCine(session: ReadingSession): void {
  const { active, cells } = session.state;
  const cell = cells[active];
  const stack = session.stackOf(cell);
  if (cell && stack) session.changeCell(active, { cine: cell.cine === null ? cineRate(stack) : null });
}

function faster(session: ReadingSession, by: 1 | -1): void {
  const { mode, active, mpr } = session.state;
  if (mode === 'stack') {
    const cine = playingRate(session);
    if (cine)
      session.changeCell(active, { cine: Math.min(60, Math.max(1, cine + by * Math.max(1, cine >> 2))) });
    return;
  }
  const name = planeNow(session);
  if (!mpr || !name) return;
  const slabMm = nextSlabMm(mpr.state.planes[name].slabMm, by);
  setSlab(session, slabMm);
}

function layoutCommands(session: ReadingSession): readonly Command[] {
  const mode = (to: Mode) => (): void => session.setMode(session.state.mode === to ? 'stack' : to);
  const next = (by: number) => (): void => {
    const { mode: now, layout, active, vessel } = session.state;
    if (now === 'cpr' || now === 'ribs') {
      const along = cprCellsShown(vessel.view.picture).map((cell) => cprCells.indexOf(cell));
      const shown = now === 'cpr' ? along : ribsCellsShown;
      session.set({ active: shown[(shown.indexOf(active) + by + shown.length) % shown.length]! });
      return;
    }
    const count = now === 'stack' ? cellCount(layout) : volumeCells.length;
    session.set({ active: (active + by + count) % count });
  };
  return [
    ...layouts.map(
      (layout, n): Command => ({
        ...command(`layout${n + 1}`, 'reading.layout', 'Layout', [`Shift+Digit${n + 1}`], () => {
          const { reading } = useApp.getState().settings;
          session.set(withLayout(session.state, layout));
          changeSettings({ reading: { ...reading, layout: layout.id } });
          session.fillCells();
        }),
        term: { zh: `布局 ${layout.id}`, en: `Layout ${layout.id}` },
      }),
    ),
    command('mpr', 'reading.mpr', 'Layout', ['KeyM'], mode('mpr')),
    command('3d', 'reading.3d', 'Layout', ['Shift+KeyM'], mode('3d')),
    command('maximise', 'reading.maximise', 'Layout', [], () =>
      session.set({ isMaximised: !session.state.isMaximised }),
    ),
    command('nextViewport', 'reading.nextViewport', 'Layout', ['Tab'], next(1), () => !isAmongControls()),
    command(
      'previousViewport',
      'reading.previousViewport',
      'Layout',
      ['Shift+Tab'],
      next(-1),
      () => !isAmongControls(),
    ),
    command('crosshair', 'reading.crosshair', 'Layout', ['KeyX'], () =>
      session.set({ hasCrosshair: !session.state.hasCrosshair }),
    ),
    command(
      'link',
      'reading.link',
      'Layout',
      ['KeyJ'],
      () => session.toggleLink(),
      () => session.state.mode === 'stack',
    ),
    command('panel', 'reading.panel', 'Layout', [], () => {
      const backs = {
        stack: 'measure',
        mpr: 'measure',
        '3d': 'volume',
        cpr: 'vessel',
        ribs: 'measure',
      } as const;
      const back: PanelId = backs[session.state.mode];
      session.set({ panel: session.state.panel === null ? back : null });
    }),
  ];
}

/** Within the active viewport, below its texts: where a key opens the menu of the picture. */
function besideActive(): { readonly x: number; readonly y: number } {
  const box = document.querySelector('.vp.act')?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 60, y: (box?.top ?? 0) + 60 };
}

const editCommands = (session: ReadingSession): readonly Command[] => [
  command('undo', 'reading.undo', 'Tools', ['Ctrl+KeyZ'], () => {
    forgetMaskProblem(session);
    session.undo();
  }),
  command('redo', 'reading.redo', 'Tools', ['Ctrl+Shift+KeyZ', 'Ctrl+KeyY'], () => {
    forgetMaskProblem(session);
    session.redo();
  }),
  command('delete', 'reading.delete', 'Tools', ['Delete', 'Backspace'], () => {
    const { selectedId } = session.state.annotations;
    if (selectedId) session.annotate({ kind: 'remove', id: selectedId });
  }),
  command(
    'menu',
    'reading.contextMenu',
    'Picture',
    ['ContextMenu', 'Shift+F10'],
    () => openMenu(session, besideActive()),
    () => !isAmongControls(),
  ),
  command('escape', 'reading.escape', 'Tools', ['Escape'], () => {
    session.annotate({ kind: 'select', id: null });
    forgetMaskProblem(session);
    session.set({ tool: 'window', asking: null });
  }),
];
