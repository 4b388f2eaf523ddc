import { moved } from '../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../core/geometry/orientation.ts';
import { useApp } from '../../app/app-store.ts';
import { drawMeasurement, grabMeasurement, moveMeasurement } from '../../tools/measure-tool.ts';
import { toolOf } from '../../tools/tool.ts';
import type { Drag, GestureTarget, Held } from '../../viewport/gestures.ts';
import type { MeasureSurface } from '../../viewport/measure-surface.ts';
import { draggedWindow, windowNote } from '../../viewport/windowing.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { handlesOf, holePx } from './crosshair.tsx';
import { volumeCells } from './layouts.ts';
import {
  cutLines,
  distanceToLine,
  type PlacedPlane,
  patientAt,
  placePlane,
  planeProbe,
} from './mpr-picture.ts';
import { applyMpr, changePlane, type MprView, nextSlabMm } from './mpr-view.ts';
import { newMeasurementId, openMenu } from './page-actions.ts';
import type { ReadingSession } from './reading-session.ts';
import { setSlab } from './volume-actions.ts';

export interface MprGestureInput {
  readonly session: ReadingSession;
  readonly name: PlaneName;
  readonly stack: OpenStack;
  readonly size: PlacedPlane['size'];
  surface(): MeasureSurface | null;
}

const gripPx = 8;
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
  const step = (count: number): void => change((v) => applyMpr(v, { kind: 'step', plane: name, count }));
  const zoomBy = (factor: number): void =>
    change((v) => {
      const { mmPerPx } = placePlane(v, name, size);
      return changePlane(v, name, { mmPerPx: Math.min(20, Math.max(0.01, mmPerPx / factor)) });
    });
  const pan: Drag = {
    move: (dx, dy) =>
      change((v) => {
        const { mmPerPx } = placePlane(v, name, size);
        const { panXMm, panYMm } = v.planes[name];
        return changePlane(v, name, { panXMm: panXMm + dx * mmPerPx, panYMm: panYMm + dy * mmPerPx });
      }),
  };
  const zoom: Drag = { move: (_dx, dy) => zoomBy(2 ** (-dy / zoomDoublePx)) };
  return {
    activate: () => {
      session.hold(true);
      if (session.state.active !== index) session.set({ active: index });
    },
    release: () => session.hold(false),
    start(button, x, y, held) {
      if (button === 'middle') return pan;
      if (button === 'right') return zoom;
      return startLeft(input, change, x, y, held, { pan, zoom, step });
    },
    wheel(steps, _x, _y, held) {
      if (held.ctrl) zoomBy(1.15 ** -steps);
      else if (held.alt) {
        const mm = view()?.state.planes[name].slabMm ?? 0;
        setSlab(session, nextSlabMm(mm, steps < 0 ? 1 : -1));
      } else step(steps * (held.shift ? 5 : 1));
    },
    hover(x, y) {
      const now = view();
      if (now) session.set({ probe: planeProbe(now, stack, placePlane(now, name, size), index, x, y) });
    },
    leave: () => session.set({ probe: null }),
    doubleClick: () => session.set({ isMaximised: !session.state.isMaximised }),
    menu: (x, y) => openMenu(session, { x, y }),
  };
}

type Change = (next: (view: MprView) => MprView) => void;

interface Moves {
  readonly pan: Drag;
  readonly zoom: Drag;
  step(count: number): void;
}

function startLeft(
  input: MprGestureInput,
  change: Change,
  x: number,
  y: number,
  held: Held,
  moves: Moves,
): Drag | null {
  const { session, surface } = input;
  const { tool, annotations, hasCrosshair } = session.state;
  const annotate = session.annotate.bind(session);
  const on = surface();
  const grabbed = on && grabMeasurement(annotations.items, annotations.selectedId, on, x, y);
  if (grabbed) return moveMeasurement(grabbed, surface, annotate);
  if (annotations.selectedId) annotate({ kind: 'select', id: null });
  if (toolOf(tool).measures) {
    return drawMeasurement(tool as 'length', newMeasurementId(), { x, y }, surface, annotate);
  }
  const cross = hasCrosshair ? grabCross(input, change, x, y, held) : null;
  if (cross) return cross;
  if (tool === 'pan') return moves.pan;
  if (tool === 'zoom') return moves.zoom;
  if (tool === 'scroll') return scrollDrag(moves);
  return windowOrJump(input, change, x, y);
}

/** The crosshair's part under the pointer: centre, handle or line. */
function grabCross(input: MprGestureInput, change: Change, x: number, y: number, held: Held): Drag | null {
  const { session, name, size } = input;
  const { mpr } = session.state;
  if (!mpr) return null;
  const placed = placePlane(mpr, name, size);
  const lines = cutLines(mpr, name, placed);
  const [first] = lines;
  if (first && Math.hypot(x - first.at.x, y - first.at.y) <= holePx) {
    return { move: (_dx, _dy, atX, atY) => jump(input, change, atX, atY) };
  }
  for (const line of lines) {
    const handle = handlesOf(line, size.cssWidth, size.cssHeight).find(
      ({ at }) => Math.hypot(at.x - x, at.y - y) <= gripPx,
    );
    if (handle?.kind === 'rotate') return rotateDrag(name, line.name, line.at, change, x, y, held.ctrl);
    if (handle?.kind === 'slab') {
      return {
        move: (_dx, _dy, atX, atY) => {
          const slabMm = Math.round(distanceToLine(line, atX, atY) * 2 * placed.mmPerPx);
          setSlab(session, slabMm);
        },
        note: () => `${session.state.mpr?.state.planes[line.name].slabMm ?? 0} mm`,
      };
    }
  }
  const line = lines.find((l) => distanceToLine(l, x, y) <= gripPx / 2);
  if (!line) return null;
  // Along the line's own direction nothing changes; across it the plane follows the hand.
  return {
    move: (dx, dy) =>
      change((v) => {
        const { mmPerPx, plane } = placePlane(v, name, size);
        const acrossPx = dx * -line.dy + dy * line.dx;
        const centre = moved(
          moved(v.state.centre, plane.right, -line.dy * acrossPx * mmPerPx),
          plane.down,
          line.dx * acrossPx * mmPerPx,
        );
        return applyMpr(v, { kind: 'move', centre });
      }),
  };
}

function rotateDrag(
  plane: PlaneName,
  line: PlaneName,
  about: { readonly x: number; readonly y: number },
  change: Change,
  x: number,
  y: number,
  isFree: boolean,
): Drag {
  let before = Math.atan2(y - about.y, x - about.x);
  return {
    move: (_dx, _dy, atX, atY) => {
      const now = Math.atan2(atY - about.y, atX - about.x);
      const angleRad = now - before;
      before = now;
      change((v) => applyMpr(v, { kind: 'rotate', plane, angleRad, ...(isFree && { only: line }) }));
    },
  };
}

function jump({ name, size }: MprGestureInput, change: Change, x: number, y: number): void {
  change((v) => applyMpr(v, { kind: 'move', centre: patientAt(placePlane(v, name, size), x, y) }));
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
function windowOrJump(input: MprGestureInput, change: Change, x: number, y: number): Drag {
  const { session, stack } = input;
  const isProbe = session.state.tool === 'probe';
  let isDrag = false;
  return {
    move(dx, dy, atX, atY, held) {
      isDrag ||= Math.hypot(atX - x, atY - y) >= 4;
      if (isProbe || !isDrag) return;
      change((v) => {
        const isInverted = useApp.getState().settings.invertWindowDrag;
        const isWhole = stack.group.scalarType === 'int16';
        const drag = { dx, dy, isFast: held.ctrl, isFine: held.shift, isInverted, isWhole };
        return { ...v, window: draggedWindow(v.window, drag) };
      });
    },
    note: () => (isProbe || !session.state.mpr ? '' : windowNote(session.state.mpr.window)),
    end(isMoved, isCancelled) {
      if (!isMoved && !isCancelled) jump(input, change, x, y);
    },
  };
}
