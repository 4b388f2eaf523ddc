import type { PatientPoint, Plane } from '../../../../core/geometry/types.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { type ToolId, toolOf } from '../../../tools/tool.ts';
import type { Drag } from '../../../viewport/gestures.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { fieldOf } from '../cpr/line-client.ts';
import { pickPoint } from '../cpr/pick-3d.ts';
import { volumeCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { cutOutline } from './cut-outline.ts';
import { maskBoard } from './mask-board.ts';
import { maskMaker } from './mask-maker.ts';
import { setMaskWork } from './mask-set.ts';
import { pictureScene, valueAtPercent } from './picture-scene.ts';
import { seenRange } from './seen-range.ts';

/** A picture that mask tools work on. */
interface MaskPicture {
  readonly cell: number;
  /** Of a plane: for a brush that is a disc. */
  readonly plane: Plane | null;
  patientAt(x: number, y: number): PatientPoint | null;
}

export const isMaskTool = (tool: ToolId): boolean => toolOf(tool).ofMasks === true;
export const isBrushTool = (tool: ToolId): boolean => tool === 'brush' || tool === 'eraser';

/** Closer to the first corner than this a click closes the outline. */
const closePx = 10;
/** Points of a drawn outline are this far apart. */
const outlinePx = 3;

/** What a mask tool does with a press of the left button on a plane; null = nothing there. */
export const planeMaskDrag = (
  session: ReadingSession,
  cell: number,
  plane: Plane,
  patientAt: (x: number, y: number) => PatientPoint,
  x: number,
  y: number,
): Drag | null => toolDrag(session, { cell, plane, patientAt }, x, y);

function toolDrag(session: ReadingSession, picture: MaskPicture, x: number, y: number): Drag | null {
  const { tool } = session.state;
  if (isBrushTool(tool)) return strokeDrag(session, picture, x, y);
  if (tool !== 'grow' && tool !== 'keepPart' && tool !== 'dropPart') return null;
  return {
    move: () => undefined,
    end(moved, cancelled) {
      const at = moved || cancelled ? null : picture.patientAt(x, y);
      if (at) void clickMask(session, tool, at);
    },
  };
}

async function clickMask(
  session: ReadingSession,
  tool: 'grow' | 'keepPart' | 'dropPart',
  at: PatientPoint,
): Promise<void> {
  const maker = maskMaker(session);
  if (tool === 'grow') return maker.grow(at);
  const stack = session.mprStack();
  const scene = pictureScene(session);
  if (!stack || !scene) return;
  const range = seenRange(scene, valueAtPercent(stack));
  return maker.part(at, tool === 'keepPart' ? 'keep' : 'drop', range);
}

function strokeDrag(session: ReadingSession, picture: MaskPicture, x: number, y: number): Drag | null {
  const at = picture.patientAt(x, y);
  const stroke = at && maskMaker(session).stroke(session.state.tool === 'eraser', picture.plane);
  if (!at || !stroke) return null;
  const { cell } = picture;
  setMaskWork(session, { brushAt: { cell, x, y } });
  stroke.to(at);
  return {
    move(_dx, _dy, atX, atY) {
      setMaskWork(session, { brushAt: { cell, x: atX, y: atY } });
      const next = picture.patientAt(atX, atY);
      if (next) stroke.to(next);
    },
    end: (_moved, cancelled) => stroke.end(!cancelled),
  };
}

/** The ring of the brush follows the pointer. */
export function hoverBrush(session: ReadingSession, cell: number, x: number, y: number): void {
  if (isBrushTool(session.state.tool)) setMaskWork(session, { brushAt: { cell, x, y } });
}

export function leaveBrush(session: ReadingSession): void {
  if (session.state.maskWork.brushAt) setMaskWork(session, { brushAt: null });
}

/** What is seen in 3D under a place, less what masks leave out. */
function seenPoint(
  session: ReadingSession,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  x: number,
  y: number,
): PatientPoint | null {
  const stack = session.mprStack();
  const volume = stack?.volume();
  if (!stack || !volume) return null;
  const hidden = maskBoard(session).hidden();
  return pickPoint(fieldOf(volume), scene, size, [x, y], valueAtPercent(stack), hidden);
}

/** The mask tools in 3D: scissors draw, others work on what is seen; off the body a drag turns. */
export function volumeMaskDrag(
  session: ReadingSession,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  x: number,
  y: number,
  turn: Drag,
): Drag {
  if (session.state.tool === 'scissors') return scissorDrag(session, scene, size, x, y);
  const picture: MaskPicture = {
    cell: volumeCells.indexOf('volume'),
    plane: null,
    patientAt: (atX, atY) => seenPoint(session, scene, size, atX, atY),
  };
  const drag = toolDrag(session, picture, x, y);
  if (!drag) return turn;
  // A click means the tool, a drag turns, except that a brush paints.
  return isBrushTool(session.state.tool)
    ? drag
    : { ...turn, end: (moved, cancelled) => drag.end?.(moved, cancelled) };
}

/** A drag draws the outline and cuts when it ends; clicks set corners, the first one or a double click closes. */
function scissorDrag(
  session: ReadingSession,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  x: number,
  y: number,
): Drag {
  const before = session.state.maskWork.outline ?? [];
  const setOutline = (outline: readonly Spot[] | null): void => setMaskWork(session, { outline });
  let drawn: Spot[] = [{ x, y }];
  return {
    move(_dx, _dy, atX, atY) {
      const last = drawn.at(-1)!;
      if (Math.hypot(atX - last.x, atY - last.y) < outlinePx) return;
      drawn = [...drawn, { x: atX, y: atY }];
      if (before.length === 0) setOutline(drawn);
    },
    end(moved, cancelled) {
      if (cancelled) return setOutline(before.length > 0 ? before : null);
      if (moved && before.length === 0) return void cutOutline(session, scene, size, drawn);
      const [first] = before;
      const isClosing = first && before.length > 2 && Math.hypot(first.x - x, first.y - y) <= closePx;
      if (isClosing) void cutOutline(session, scene, size, before);
      else setOutline([...before, { x, y }]);
    },
  };
}

/** A double click in 3D: closes the outline; false where there is none. */
export function closeOutline(
  session: ReadingSession,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
): boolean {
  const { tool, maskWork } = session.state;
  if (tool !== 'scissors' || !maskWork.outline) return false;
  void cutOutline(session, scene, size, maskWork.outline);
  return true;
}
