import { problem } from '../../../../core/base/problem.ts';
import { indexFromPatientPoint, invert, spacingMm } from '../../../../core/geometry/matrices.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { fixed, formatValue, placeMm } from '../../../../core/measure/format.ts';
import { useApp } from '../../../app/app-store.ts';
import { showProblem } from '../../../app/messages.ts';
import type { MeasureHand } from '../../../tools/measure-tool.ts';
import { toolOf } from '../../../tools/tool.ts';
import type { Drag, GestureTarget, Held } from '../../../viewport/gestures.ts';
import type { MeasureSurface } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { draggedWindow, windowNote } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isNoData } from '../../../volumes/volume-memory.ts';
import { askBeforeMeasuring, mustAsk } from '../ask-verdict.ts';
import { maximise, press } from '../session/double-click.ts';
import { type CprCell, cprCells } from '../session/layouts.ts';
import { drawMark, grabMark, measureHand } from '../session/measure-hand.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import type { Probe } from '../session/reading-state.ts';
import { nextCprSlab, setCursor, stepCursor, turnBy } from './cpr-actions.ts';
import type { CurvedPicture } from './curved-picture.ts';
import { vesselDo } from './line-maker.ts';
import { zoomedPlace } from './strip-map.ts';

/** What a hand needs to know of a picture along the line. */
export interface CprGestureInput {
  readonly session: ReadingSession;
  readonly cell: Extract<CprCell, 'curved' | 'straight' | 'section'>;
  readonly stack: OpenStack;
  readonly size: CanvasSize;
  readonly mmPerPx: number;
  surface(): MeasureSurface | null;
  patientAt(x: number, y: number): PatientPoint | null;
  /** The curved picture; null for a section, which has no course to go along. */
  readonly picture: CurvedPicture | null;
  /** A part of its own that a press takes (a contour); null = none here. */
  take?(x: number, y: number): Drag | null;
}

const zoomDoublePx = 120;
const turnDegPerPx = 0.5;
const cursorPx = 6;

/** The voxel nearest to a place, and its value. */
export function probeOf(stack: OpenStack, p: PatientPoint | null, cell: number): Probe | null {
  const volume = stack.volume();
  const inverse = volume && invert(volume.geometry.patientFromIndex);
  if (!p || !volume || !inverse) return null;
  const [i, j, k] = indexFromPatientPoint(inverse, p).map(Math.round) as [number, number, number];
  const { size } = volume.geometry;
  if ([i, j, k].some((n, axis) => n < 0 || n >= size[axis]!)) return null;
  const voxel = volume.voxels[(k * size[1] + j) * size[0] + i]!;
  const value = isNoData(volume.scalarType)(voxel) ? '–' : formatValue(voxel, stack.unit);
  const place = placeMm(p, Math.min(...spacingMm(volume.geometry.patientFromIndex)));
  return { cell, value, text: `${value} @ ${place.join(', ')} mm`, place, voxel: [i, j, k] };
}

/** What the hand does to a picture along the line: marks, then the tool; the wheel goes along the vessel. */
export function cprGestures(input: CprGestureInput): GestureTarget {
  const { session, cell, stack, size, mmPerPx } = input;
  const index = cprCells.indexOf(cell);
  const place = () => session.state.vessel.view.places[cell];
  const zoomBy = (factor: number, x: number, y: number): void => {
    const part = zoomedPlace(place(), mmPerPx, factor, x - size.cssWidth / 2, y - size.cssHeight / 2);
    vesselDo(session, { kind: 'place', of: cell, part });
  };
  const pan: Drag = {
    move(dx, dy) {
      const { panXMm, panYMm } = place();
      const part = {
        mmPerPx: place().mmPerPx ?? mmPerPx,
        panXMm: panXMm + dx * mmPerPx,
        panYMm: panYMm + dy * mmPerPx,
      };
      vesselDo(session, { kind: 'place', of: cell, part });
    },
  };
  const zoomFrom = (x: number, y: number): Drag => ({
    move: (_dx, dy) => zoomBy(2 ** (-dy / zoomDoublePx), x, y),
  });
  const probe = (x: number, y: number): void => {
    const told = probeOf(stack, input.patientAt(x, y), index);
    if (told || session.state.probe) session.set({ probe: told });
  };
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start(button, x, y) {
      if (button === 'middle') return pan;
      if (button === 'right') return zoomFrom(x, y);
      return startLeft(input, x, y, pan, zoomFrom(x, y));
    },
    wheel(steps, x, y, held: Held) {
      if (held.ctrl) zoomBy(1.15 ** -steps, x, y);
      else if (held.alt) nextCprSlab(session, steps < 0 ? 1 : -1);
      else stepCursor(session, steps * (held.shift ? 5 : 1));
    },
    hover: probe,
    probe,
    leave: () => session.set({ probe: null }),
    doubleClick: () => maximise(session),
    menu: (x, y) => openMenu(session, { x, y }),
  };
}

function startLeft(input: CprGestureInput, x: number, y: number, pan: Drag, zoom: Drag): Drag | null {
  const { session, picture, surface } = input;
  const { tool, annotations } = session.state;
  const hand = measureHand(session, surface);
  const grabbed = grabMark(hand, session.state, x, y);
  if (grabbed) return grabbed;
  if (annotations.selectedId) session.annotate({ kind: 'select', id: null });
  if (toolOf(tool).measures) return startMeasuring(input, hand, x, y);
  if (tool === 'pan') return pan;
  if (tool === 'zoom') return zoom;
  const taken = input.take?.(x, y);
  if (taken) return taken;
  if (picture) {
    const spot = picture.spotOfS(session.state.vessel.view.cursorMm);
    const isOnCursor =
      picture.kind === 'straightened'
        ? Math.abs(spot.x - x) <= cursorPx
        : Math.hypot(spot.x - x, spot.y - y) <= 9;
    if (isOnCursor) return cursorDrag(session, picture);
  }
  if (tool === 'window') return windowOrCursor(input, x, y);
  return picture ? turnOrCursor(session, picture, x, y) : { move: (_dx, dy) => stepCursor(session, dy / 6) };
}

function startMeasuring(
  { session, picture }: CprGestureInput,
  hand: MeasureHand,
  x: number,
  y: number,
): Drag | null {
  const { tool } = session.state;
  if (picture?.kind === 'projected' && tool === 'length') {
    showProblem(problem('CPR_NOT_TO_SCALE'));
    return null;
  }
  if (mustAsk(session)) {
    askBeforeMeasuring(session, () => undefined);
    return null;
  }
  return drawMark(hand, tool as 'length', session.state.annotations.items, x, y);
}

const cursorDrag = (session: ReadingSession, picture: CurvedPicture): Drag => ({
  move: (_dx, _dy, x, y) => setCursor(session, picture.sOf(x, y)),
  note: () => `${fixed(session.state.vessel.view.cursorMm, 1)} mm`,
});

/** A drag turns the picture about the line, a click puts the cursor there. */
function turnOrCursor(session: ReadingSession, picture: CurvedPicture, x: number, y: number): Drag {
  const isLying = picture.kind === 'straightened';
  return {
    move(dx, dy) {
      const along = isLying && Math.abs(dy) > Math.abs(dx) ? dy : dx;
      turnBy(session, along * turnDegPerPx);
    },
    note: () => `${fixed(session.state.vessel.view.turnDeg, 0)}°`,
    end(moved, cancelled) {
      if (!moved && !cancelled) setCursor(session, picture.sOf(x, y));
    },
  };
}

/** The window tool: a drag windows all pictures, a click puts the cursor there. */
function windowOrCursor({ session, stack, picture }: CprGestureInput, x: number, y: number): Drag {
  return {
    move(dx, dy, _x, _y, held) {
      const { mpr } = session.state;
      if (!mpr) return;
      const isInverted = useApp.getState().settings.invertWindowDrag;
      const isWhole = stack.group.scalarType === 'int16';
      const drag = { dx, dy, isFast: held.ctrl, isFine: held.shift, isInverted, isWhole };
      session.set({ mpr: { ...mpr, window: draggedWindow(mpr.window, drag) } });
    },
    note: () => (session.state.mpr ? windowNote(session.state.mpr.window) : ''),
    end(moved, cancelled) {
      if (picture && !moved && !cancelled) setCursor(session, picture.sOf(x, y));
    },
  };
}
