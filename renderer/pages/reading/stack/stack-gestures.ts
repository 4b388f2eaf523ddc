import { useApp } from '../../../app/app-store.ts';
import type { Drag, GestureTarget, Held, MouseButton } from '../../../viewport/gestures.ts';
import type { MeasureSurface } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { panned, scaleOf, zoomedAbout } from '../../../viewport/view-transform.ts';
import { draggedWindow, windowNote } from '../../../viewport/windowing.ts';
import { imageNumber, slicesOn } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { drawMark, grabMark, measureHand } from '../session/measure-hand.ts';
import type { OpenMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import type { StackCell } from '../session/reading-state.ts';
import { imageSize, stackProbe } from './stack-picture.ts';

export interface StackGestureInput {
  readonly session: ReadingSession;
  readonly index: number;
  readonly stack: OpenStack;
  readonly size: CanvasSize;
  surface(): MeasureSurface | null;
  readonly openMenu: OpenMenu;
}

/** Doubling per this many pixels of a zoom drag. */
const zoomDoublePx = 120;
/** Pixels of a scroll drag for one image. */
const scrollPx = 6;

/** What the hand does to a stack viewport (reading room, section 1). */
export function stackGestures(input: StackGestureInput): GestureTarget {
  const { session, index, stack, size } = input;
  const cell = (): StackCell => session.state.cells[index]!;
  const zoomBy = (factor: number, x: number, y: number): void => {
    const image = imageSize(stack, cell().k);
    const view = zoomedAbout(cell().view, image, size, factor, x * size.ratio, y * size.ratio);
    session.changeCell(index, { view });
  };
  const scroll = (steps: number): void => session.goTo(index, cell().k + slicesOn(stack, steps));
  const tellProbe = (x: number, y: number): void => {
    const probe = stackProbe(stack, cell(), index, size, x, y);
    if (probe || session.state.probe) session.set({ probe });
  };
  const pan: Drag = {
    move: (dx, dy) =>
      session.changeCell(index, { view: panned(cell().view, dx * size.ratio, dy * size.ratio) }),
  };
  const zoomFrom = (x: number, y: number): Drag => ({
    move: (_dx, dy) => zoomBy(2 ** (-dy / zoomDoublePx), x, y),
    note: () => `${Math.round(scaleOf(cell().view, imageSize(stack, cell().k), size) * 100)} %`,
  });
  return {
    activate: () => {
      session.hold(true);
      if (session.state.active !== index) session.set({ active: index });
    },
    release: () => session.hold(false),
    start(button: MouseButton, x: number, y: number): Drag | null {
      if (button === 'middle') return pan;
      if (button === 'right') return zoomFrom(x, y);
      const place = () => `${imageNumber(stack, cell().k)} / ${stack.count}`;
      return startTool(input, x, y, { pan, zoom: zoomFrom(x, y), scroll, place, tellProbe });
    },
    wheel(steps, x, y, held: Held) {
      if (held.ctrl) zoomBy(1.15 ** -steps, x, y);
      else scroll(steps * (held.shift ? 5 : 1));
    },
    hover: tellProbe,
    probe: tellProbe,
    leave: () => session.set({ probe: null }),
    doubleClick: () => session.set({ isMaximised: !session.state.isMaximised }),
    menu: (clientX, clientY) => input.openMenu(session, { x: clientX, y: clientY }),
  };
}

interface Moves {
  readonly pan: Drag;
  readonly zoom: Drag;
  scroll(steps: number): void;
  /** Image on screen, of how many. */
  place(): string;
  tellProbe(x: number, y: number): void;
}

function startTool(input: StackGestureInput, x: number, y: number, moves: Moves): Drag | null {
  const { session, index, stack, surface } = input;
  const { tool, annotations } = session.state;
  const hand = measureHand(session, surface);
  const grabbed = grabMark(hand, session.state, x, y);
  if (grabbed) return grabbed;
  if (annotations.selectedId) session.annotate({ kind: 'select', id: null });
  switch (tool) {
    case 'pan':
      return moves.pan;
    case 'zoom':
      return moves.zoom;
    case 'scroll':
      return scrollDrag(moves);
    case 'probe':
      moves.tellProbe(x, y);
      return { move: (_dx, _dy, atX, atY) => moves.tellProbe(atX, atY) };
    case 'window':
    case 'crosshair':
    case 'centreline':
      return windowDrag(session, index, stack);
    case 'length':
    case 'ellipse':
    case 'rectangle':
      return drawMark(hand, tool, annotations.items, x, y);
    case 'scissors':
    case 'brush':
    case 'eraser':
    case 'grow':
    case 'keepPart':
    case 'dropPart':
      return windowDrag(session, index, stack);
  }
}

function scrollDrag(moves: Moves): Drag {
  let travel = 0;
  return {
    move(_dx, dy) {
      travel += dy;
      const steps = Math.trunc(travel / scrollPx);
      travel -= steps * scrollPx;
      if (steps !== 0) moves.scroll(steps);
    },
    note: moves.place,
  };
}

function windowDrag(session: ReadingSession, index: number, stack: OpenStack): Drag {
  return {
    note() {
      const cell = session.state.cells[index];
      return (cell?.window && windowNote(cell.window)) ?? '';
    },
    move(dx, dy, _x, _y, held) {
      const cell = session.state.cells[index];
      const window = cell && session.windowOf(cell);
      if (!cell || !window) return;
      const isInverted = useApp.getState().settings.invertWindowDrag;
      const isWhole = stack.group.scalarType === 'int16';
      session.changeCell(index, {
        window: draggedWindow(window, { dx, dy, isFast: held.ctrl, isFine: held.shift, isInverted, isWhole }),
      });
    },
  };
}
