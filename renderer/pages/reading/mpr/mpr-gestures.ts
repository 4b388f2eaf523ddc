import type { Problem } from '../../../../core/base/problem.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { useApp } from '../../../app/app-store.ts';
import { showProblem } from '../../../app/messages.ts';
import { toolOf } from '../../../tools/tool.ts';
import type { Drag, GestureTarget } from '../../../viewport/gestures.ts';
import type { MeasureSurface } from '../../../viewport/measure-surface.ts';
import { draggedWindow, windowNote } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { askBeforeMeasuring, mustAsk } from '../ask-verdict.ts';
import { lineDrag } from '../cpr/line-gestures.ts';
import { planePicture } from '../cpr/plane-picture.ts';
import { hoverBrush, isMaskTool, leaveBrush, planeMaskDrag } from '../masks/mask-gestures.ts';
import { maximise, press } from '../session/double-click.ts';
import { volumeCells } from '../session/layouts.ts';
import { drawMark, grabMark, measureHand } from '../session/measure-hand.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setSlab } from '../volume/volume-actions.ts';
import { type CrossHold, type CrossPart, crossPartAt, crossShape, dragCross, placeAt } from './mpr-cross.ts';
import { type PlacedPlane, patientAt, placePlane, planeProbe } from './mpr-picture.ts';
import { changePlane, closestMmPerPx, type MprView, nextSlabMm } from './mpr-view.ts';
import { scrollPlane } from './scroll-plane.ts';

export interface MprGestureInput {
  readonly session: ReadingSession;
  readonly name: PlaneName;
  readonly stack: OpenStack;
  readonly size: PlacedPlane['size'];
  surface(): MeasureSurface | null;
  /** Told which part of the crosshair the pointer is over, or holds. */
  onPart(part: CrossPart | null): void;
}

const zoomDoublePx = 120;

/** What the hand does to a plane: crosshair first, then marks, then the active tool. */
export function mprGestures(input: MprGestureInput): GestureTarget {
  const { session, name, stack, size } = input;
  const index = volumeCells.indexOf(name);
  const view = (): MprView | null => session.state.mpr;
  const change = (next: (view: MprView) => MprView): void => {
    const now = view();
    if (now) session.set({ mpr: next(now) });
  };
  const step = (count: number): void => scrollPlane(session, name, count);
  // What lies under (x, y) stays there.
  const zoomBy = (factor: number, x: number, y: number): void =>
    change((v) => {
      const { mmPerPx: before } = placePlane(v, name, size);
      const mmPerPx = Math.min(20, Math.max(closestMmPerPx(v.geometry), before / factor));
      const { panXMm, panYMm } = v.planes[name];
      return changePlane(v, name, {
        mmPerPx,
        panXMm: panXMm + (x - size.cssWidth / 2) * (mmPerPx - before),
        panYMm: panYMm + (y - size.cssHeight / 2) * (mmPerPx - before),
      });
    });
  const pan: Drag = {
    move: (dx, dy) =>
      change((v) => {
        const { mmPerPx } = placePlane(v, name, size);
        const { panXMm, panYMm } = v.planes[name];
        return changePlane(v, name, { panXMm: panXMm + dx * mmPerPx, panYMm: panYMm + dy * mmPerPx });
      }),
  };
  const zoomFrom = (x: number, y: number): Drag => ({
    move: (_dx, dy) => zoomBy(2 ** (-dy / zoomDoublePx), x, y),
  });
  const hold: CrossHold = { session, name, size, change };
  const probe = (x: number, y: number): void => {
    const now = view();
    if (now) session.set({ probe: planeProbe(now, stack, placePlane(now, name, size), index, x, y) });
  };
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start(button, x, y, held) {
      if (button === 'middle') return pan;
      if (button === 'right') return zoomFrom(x, y);
      const { tool, mpr } = session.state;
      const refusal = tool === 'centreline' || isMaskTool(tool) ? stack.volumeRefusal() : null;
      if (refusal) return toldDrag(refusal);
      if (tool === 'centreline' && mpr) return lineDrag(session, planePicture(mpr, name, size), [x, y], held);
      return startLeft(input, hold, x, y, { pan, zoom: zoomFrom(x, y), step });
    },
    wheel(steps, x, y, held) {
      if (held.ctrl) zoomBy(1.15 ** -steps, x, y);
      else if (held.alt) {
        const mm = view()?.state.planes[name].slabMm ?? 0;
        setSlab(session, nextSlabMm(mm, steps < 0 ? 1 : -1), undefined, name);
      } else step(steps * (held.shift ? 5 : 1));
    },
    hover(x, y, held) {
      const now = view();
      if (!now) return;
      const placed = placePlane(now, name, size);
      probe(x, y);
      hoverBrush(session, index, x, y);
      // As in 3D Slicer: with Shift the crosshair follows the bare pointer.
      if (held.shift && session.state.hasCrosshair) placeAt(hold, x, y);
      input.onPart(partUnder(session, now, name, placed, x, y));
    },
    probe,
    leave() {
      input.onPart(null);
      leaveBrush(session);
      session.set({ probe: null });
    },
    doubleClick: () => {
      if (isMaskTool(session.state.tool)) return;
      maximise(session);
    },
    menu: (x, y) => openMenu(session, { x, y }),
  };
}

/** Tools that need values say why they do nothing where there are none. */
const toldDrag = (refusal: Problem): Drag => ({
  move: () => undefined,
  end: (_isMoved, isCancelled) => {
    if (!isCancelled) showProblem(refusal);
  },
});

/** The crosshair's part that a press here would take; measuring tools draw over it. */
function partUnder(
  session: ReadingSession,
  view: MprView,
  name: PlaneName,
  placed: PlacedPlane,
  x: number,
  y: number,
): CrossPart | null {
  const { hasCrosshair, tool } = session.state;
  if (!hasCrosshair || toolOf(tool).measures || tool === 'centreline' || isMaskTool(tool)) return null;
  return crossPartAt(crossShape(view, name, placed), x, y);
}

interface Moves {
  readonly pan: Drag;
  readonly zoom: Drag;
  step(count: number): void;
}

function startLeft(input: MprGestureInput, hold: CrossHold, x: number, y: number, moves: Moves): Drag | null {
  const { session, name, size, surface } = input;
  const { tool, annotations, mpr } = session.state;
  const hand = measureHand(session, surface);
  const grabbed = grabMark(hand, session.state, x, y);
  if (grabbed) return grabbed;
  if (annotations.selectedId) session.annotate({ kind: 'select', id: null });
  if (isMaskTool(tool) && mpr) {
    const placed = placePlane(mpr, name, size);
    const at = (px: number, py: number) => patientAt(placed, px, py);
    const drag = planeMaskDrag(session, volumeCells.indexOf(name), placed.plane, at, x, y);
    if (drag) return drag;
  }
  if (toolOf(tool).measures) {
    // The tool may have been taken up on a stack, where there is nothing to ask.
    if (mustAsk(session)) {
      askBeforeMeasuring(session, () => undefined);
      return null;
    }
    return drawMark(hand, tool as 'length', session.state.annotations.items, x, y);
  }
  const part = mpr && partUnder(session, mpr, name, placePlane(mpr, name, size), x, y);
  input.onPart(part);
  const cross = mpr && part && dragCross(hold, mpr, part, x, y);
  if (cross) return isHandle(part) ? cross : orJump(cross, hold, x, y);
  if (tool === 'crosshair') return followDrag(hold, x, y);
  if (tool === 'pan') return moves.pan;
  if (tool === 'zoom') return moves.zoom;
  if (tool === 'scroll') return scrollDrag(moves);
  return windowOrJump(input, hold, x, y);
}

const isHandle = ({ kind }: CrossPart): boolean => kind === 'rotate' || kind === 'slab';

/** A click jumps there, also beside the middle and on a line: what moves them is a drag. */
const orJump = (cross: Drag, hold: CrossHold, x: number, y: number): Drag => ({
  ...cross,
  end(isMoved, isCancelled) {
    cross.end?.(isMoved, isCancelled);
    if (!isMoved && !isCancelled) placeAt(hold, x, y);
  },
});

/** The crosshair comes to the pointer and stays with it. */
function followDrag(hold: CrossHold, x: number, y: number): Drag {
  placeAt(hold, x, y);
  return { move: (_dx, _dy, atX, atY) => placeAt(hold, atX, atY) };
}

function scrollDrag(moves: Moves): Drag {
  let travel = 0;
  return {
    move(_dx, dy) {
      travel += dy;
      const steps = Math.trunc(travel / 4);
      travel -= steps * 4;
      if (steps !== 0) moves.step(steps);
    },
  };
}

/** A click jumps there; a drag windows all three planes. */
function windowOrJump(input: MprGestureInput, hold: CrossHold, x: number, y: number): Drag {
  const { session, stack } = input;
  const { change } = hold;
  const isProbe = session.state.tool === 'probe';
  let isDrag = false;
  return {
    move(dx, dy, atX, atY, held) {
      isDrag ||= Math.hypot(atX - x, atY - y) >= 4;
      if (isProbe || !isDrag || stack.isColour) return;
      change((v) => {
        const isInverted = useApp.getState().settings.invertWindowDrag;
        const isWhole = stack.group.scalarType === 'int16';
        const drag = { dx, dy, isFast: held.ctrl, isFine: held.shift, isInverted, isWhole };
        return { ...v, window: draggedWindow(v.window, drag) };
      });
    },
    note: () => (isProbe || stack.isColour || !session.state.mpr ? '' : windowNote(session.state.mpr.window)),
    end(isMoved, isCancelled) {
      if (!isMoved && !isCancelled) placeAt(hold, x, y);
    },
  };
}
