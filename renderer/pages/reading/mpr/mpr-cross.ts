import { moved } from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { fixed } from '../../../../core/measure/format.ts';
import type { Drag } from '../../../viewport/gestures.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setSlab } from '../volume/volume-actions.ts';
import {
  type CutLine,
  cutLines,
  distanceToLine,
  type PlacedPlane,
  patientAt,
  placePlane,
} from './mpr-picture.ts';
import { applyMpr, type MprView, placeCross } from './mpr-view.ts';

/** Half of the hole in the middle. */
export const holePx = 12;
export const farPx = 4000;
const gripPx = 9;
const linePx = 4;
/** Handles keep this far from the border of the viewport. */
const borderPx = 14;
/** Slabs thinner than this on screen are taken by their squares only. */
const edgeLeastPx = 7;
const snapRad = (5 * Math.PI) / 180;

/** A crosshair as it lies in a viewport, in CSS pixels. */
export interface CrossShape {
  readonly lines: readonly CutLine[];
  /** Half of each plane's slab. */
  readonly halfPx: Readonly<Record<PlaneName, number>>;
  readonly width: number;
  readonly height: number;
}

/** What a hand can take: the centre moves, a line moves its plane, round ends turn, squares and slab edges thicken. */
export interface CrossPart {
  readonly kind: 'centre' | 'rotate' | 'slab' | 'line';
  /** The plane whose line it is; the centre belongs to all. */
  readonly name: PlaneName | null;
  /** Which of two handles; 0 where it is no handle. */
  readonly side: -1 | 0 | 1;
}

export interface CrossHandle extends CrossPart {
  readonly kind: 'rotate' | 'slab';
  readonly name: PlaneName;
  readonly at: Spot;
}

export const isSamePart = (a: CrossPart, b: CrossPart): boolean =>
  a.kind === b.kind && a.name === b.name && a.side === b.side;

export function crossShape(view: MprView, name: PlaneName, placed: PlacedPlane): CrossShape {
  const half = (plane: PlaneName): number => view.state.planes[plane].slabMm / 2 / placed.mmPerPx;
  return {
    lines: cutLines(view, name, placed),
    halfPx: { axial: half('axial'), sagittal: half('sagittal'), coronal: half('coronal') },
    width: placed.size.cssWidth,
    height: placed.size.cssHeight,
  };
}

/** How far from the centre a line runs inside the viewport, in the direction `sign`. */
function roomPx({ at, dx, dy }: CutLine, sign: 1 | -1, width: number, height: number): number {
  const along = (from: number, d: number, size: number): number =>
    d > 1e-9 ? (size - borderPx - from) / d : d < -1e-9 ? (borderPx - from) / d : Number.POSITIVE_INFINITY;
  return Math.min(along(at.x, sign * dx, width), along(at.y, sign * dy, height));
}

/** Handles along a line, always inside the viewport: circles turn, squares thicken the slab of that line's plane. */
export function handlesOf(line: CutLine, { halfPx, width, height }: CrossShape): readonly CrossHandle[] {
  const { at, dx, dy, name } = line;
  const half = halfPx[name];
  return ([-1, 1] as const).flatMap((side): CrossHandle[] => {
    const reach = Math.min(Math.min(width, height) * 0.38, roomPx(line, side, width, height));
    if (reach < holePx * 3) return [];
    const place = (along: number, across: number): Spot => ({
      x: at.x + dx * along * side - dy * across * side,
      y: at.y + dy * along * side + dx * across * side,
    });
    return [
      { kind: 'rotate', name, side, at: place(reach, 0) },
      { kind: 'slab', name, side, at: place(reach * 0.55, half) },
    ];
  });
}

/** The part of the crosshair under a place; small parts come before the lines they lie on. */
export function crossPartAt(shape: CrossShape, x: number, y: number): CrossPart | null {
  const { lines, halfPx } = shape;
  const [first] = lines;
  if (first && Math.hypot(x - first.at.x, y - first.at.y) <= holePx) {
    return { kind: 'centre', name: null, side: 0 };
  }
  const handle = lines
    .flatMap((line) => handlesOf(line, shape))
    .find(({ at }) => Math.hypot(at.x - x, at.y - y) <= gripPx);
  if (handle) return { kind: handle.kind, name: handle.name, side: handle.side };
  const edged = lines.find(
    (line) =>
      halfPx[line.name] >= edgeLeastPx && Math.abs(distanceToLine(line, x, y) - halfPx[line.name]) <= linePx,
  );
  if (edged) return { kind: 'slab', name: edged.name, side: 0 };
  const line = lines.find((l) => distanceToLine(l, x, y) <= linePx);
  return line ? { kind: 'line', name: line.name, side: 0 } : null;
}

/** The pointer over a part: `data-over` of the viewport, which the style sheet turns into a cursor. */
export function overOf(shape: CrossShape, part: CrossPart | null): string | undefined {
  if (!part || part.kind === 'centre' || part.kind === 'rotate') return part?.kind;
  const line = shape.lines.find(({ name }) => name === part.name);
  if (!line) return undefined;
  // Across the line, as compass points of a screen whose y runs down.
  const angle = ((Math.atan2(line.dx, -line.dy) * 180) / Math.PI + 360) % 180;
  return ['ew', 'nwse', 'ns', 'nesw'][Math.round(angle / 45) % 4];
}

/** What a drag of the crosshair needs of its viewport. */
export interface CrossHold {
  readonly session: ReadingSession;
  readonly name: PlaneName;
  readonly size: PlacedPlane['size'];
  change(next: (view: MprView) => MprView): void;
}

/** Puts the centre at a place of the plane. */
export function placeAt({ name, size, change }: CrossHold, x: number, y: number): void {
  change((v) => placeCross(v, patientAt(placePlane(v, name, size), x, y)));
}

/** Moves a taken part; (x, y) is where it was taken. */
export function dragCross(
  hold: CrossHold,
  view: MprView,
  part: CrossPart,
  x: number,
  y: number,
): Drag | null {
  if (part.kind === 'centre') return { move: (_dx, _dy, atX, atY) => placeAt(hold, atX, atY) };
  const placed = placePlane(view, hold.name, hold.size);
  const line = cutLines(view, hold.name, placed).find(({ name }) => name === part.name);
  if (!line) return null;
  if (part.kind === 'rotate') return turnDrag(hold, line, x, y);
  return part.kind === 'slab' ? slabDrag(hold, line, placed.mmPerPx) : lineDrag(hold, line);
}

/** Turns by the hand's angle about the centre. Shift: steps of 5°. Ctrl, or free angles: this line's plane only. */
function turnDrag({ name, change }: CrossHold, line: CutLine, x: number, y: number): Drag {
  const { at } = line;
  let before = Math.atan2(y - at.y, x - at.x);
  let handRad = 0;
  let turnedRad = 0;
  return {
    move(_dx, _dy, atX, atY, held) {
      const now = Math.atan2(atY - at.y, atX - at.x);
      handRad += Math.atan2(Math.sin(now - before), Math.cos(now - before));
      before = now;
      const goal = held.shift ? Math.round(handRad / snapRad) * snapRad : handRad;
      const angleRad = goal - turnedRad;
      turnedRad = goal;
      if (angleRad === 0) return;
      change((v) => {
        const isOne = held.ctrl || v.isFree;
        const turned = applyMpr(v, {
          kind: 'rotate',
          plane: name,
          angleRad,
          ...(isOne && { only: line.name }),
        });
        return isOne ? { ...turned, isFree: true } : turned;
      });
    },
    note: () => `${turnedRad > 0 ? '+' : ''}${fixed((turnedRad * 180) / Math.PI, 1)}°`,
  };
}

/** An edge of the slab follows the hand, the other one mirrors it: total thickness in steps of half a millimetre. */
function slabDrag({ session }: CrossHold, line: CutLine, mmPerPx: number): Drag {
  const slabMm = (): number => session.state.mpr?.state.planes[line.name].slabMm ?? 0;
  return {
    move(_dx, _dy, x, y) {
      const total = distanceToLine(line, x, y) * 2 * mmPerPx;
      setSlab(session, Math.round(total * 2) / 2, undefined, line.name);
    },
    note: () => `${fixed(slabMm(), 1)} mm`,
  };
}

/** Along the line's own direction nothing changes; across it the plane follows the hand. */
function lineDrag({ name, size, change }: CrossHold, line: CutLine): Drag {
  let movedMm = 0;
  return {
    move: (dx, dy) =>
      change((v) => {
        const { mmPerPx, plane } = placePlane(v, name, size);
        const acrossMm = (dx * -line.dy + dy * line.dx) * mmPerPx;
        movedMm += acrossMm;
        const right = moved(v.state.centre, plane.right, -line.dy * acrossMm);
        return placeCross(v, moved(right, plane.down, line.dx * acrossMm));
      }),
    note: () => `${movedMm > 0 ? '+' : ''}${fixed(movedMm, 1)} mm`,
  };
}
