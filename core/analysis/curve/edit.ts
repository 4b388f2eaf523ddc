import type { PatientPoint } from '../../geometry/types.ts';
import type { Centreline, ControlPoint, LinePiece } from '../types.ts';
import { distanceMm, isFinitePoint, nearestOnPolyline, polylineLengthMm } from './polyline.ts';
import { splinePieces } from './spline.ts';

/**
 * Editing of centrelines: old state in, new state out. A piece whose controls changed becomes a mere link
 * (`straight`, drawn red) and is named in `stale` until somebody finds (`withPiece`) or draws (`withDrawnPieces`) it.
 * What makes no sense (an index beyond the ends, a point that is not finite) changes nothing.
 */
export interface EditedLine {
  readonly line: Centreline;
  /** Indices of the pieces that need a new path. */
  readonly stale: readonly number[];
}

const unchanged = (line: Centreline): EditedLine => ({ line, stale: [] });

export const straightPiece = (from: PatientPoint, to: PatientPoint): LinePiece => ({
  pointsMm: [from, to],
  state: 'straight',
});

const link = (from: ControlPoint, to: ControlPoint): LinePiece => straightPiece(from.pointMm, to.pointMm);

/** A line without points. */
export const emptyLine = (about: Omit<Centreline, 'controls' | 'pieces' | 'parent'>): Centreline => ({
  ...about,
  controls: [],
  pieces: [],
});

const samePlace = (a: PatientPoint | undefined, b: PatientPoint | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

const joins = (piece: LinePiece, from: ControlPoint | undefined, to: ControlPoint | undefined): boolean =>
  piece.pointsMm.length >= 2 &&
  piece.pointsMm.every(isFinitePoint) &&
  samePlace(piece.pointsMm[0], from?.pointMm) &&
  samePlace(piece.pointsMm[piece.pointsMm.length - 1], to?.pointMm);

/** One piece fewer than controls, each from its control to the next, every number finite. */
export const isSoundLine = ({ controls, pieces }: Centreline): boolean =>
  pieces.length === Math.max(0, controls.length - 1) &&
  controls.every(({ pointMm }) => isFinitePoint(pointMm)) &&
  pieces.every((piece, n) => joins(piece, controls[n], controls[n + 1]));

export function addAtEnd(line: Centreline, control: ControlPoint): EditedLine {
  if (!isFinitePoint(control.pointMm)) return unchanged(line);
  const last = line.controls[line.controls.length - 1];
  const pieces = last ? [...line.pieces, link(last, control)] : [];
  return {
    line: { ...line, controls: [...line.controls, control], pieces },
    stale: last ? [pieces.length - 1] : [],
  };
}

/** A line that begins elsewhere no longer leaves its parent where it did. */
export function addAtStart(line: Centreline, control: ControlPoint): EditedLine {
  if (!isFinitePoint(control.pointMm)) return unchanged(line);
  const [first] = line.controls;
  const pieces = first ? [link(control, first), ...line.pieces] : [];
  return {
    line: { ...withoutParent(line), controls: [control, ...line.controls], pieces },
    stale: first ? [0] : [],
  };
}

function withoutParent(line: Centreline): Centreline {
  const { parent: _, ...rest } = line;
  return rest;
}

/** A control anywhere, between those of `piece`: both new pieces need a path. */
export function insertControl(line: Centreline, piece: number, control: ControlPoint): EditedLine {
  const [from, to] = [line.controls[piece], line.controls[piece + 1]];
  if (!from || !to || !isFinitePoint(control.pointMm)) return unchanged(line);
  return {
    line: {
      ...line,
      controls: line.controls.toSpliced(piece + 1, 0, control),
      pieces: line.pieces.toSpliced(piece, 1, link(from, control), link(control, to)),
    },
    stale: [piece, piece + 1],
  };
}

/**
 * A control on the line itself, at the place nearest to `near`: both halves keep their points and state.
 * `index` is the new control's, −1 where there is none to make (no piece, or a control is there already).
 */
export function insertOnLine(line: Centreline, near: PatientPoint): EditedLine & { readonly index: number } {
  let best: { piece: number; place: NonNullable<ReturnType<typeof nearestOnPolyline>> } | undefined;
  line.pieces.forEach(({ pointsMm }, piece) => {
    const place = nearestOnPolyline(pointsMm, near);
    if (place && (!best || place.distanceMm < best.place.distanceMm)) best = { piece, place };
  });
  if (!best) return { ...unchanged(line), index: -1 };
  const { piece, place } = best;
  const { pointsMm, state } = line.pieces[piece]!;
  const isTaken = [line.controls[piece]!, line.controls[piece + 1]!].some(
    ({ pointMm }) => distanceMm(pointMm, place.pointMm) < 1e-6,
  );
  if (isTaken) return { ...unchanged(line), index: -1 };
  const before = [...pointsMm.slice(0, place.chord + 1), place.pointMm];
  const after = [place.pointMm, ...pointsMm.slice(place.chord + 1)];
  const control: ControlPoint = { pointMm: place.pointMm, snapped: state === 'found' };
  const pieces = [before, after].map((points): LinePiece => ({ pointsMm: points, state }));
  return {
    line: {
      ...line,
      controls: line.controls.toSpliced(piece + 1, 0, control),
      pieces: line.pieces.toSpliced(piece, 1, ...pieces),
    },
    stale: [],
    index: piece + 1,
  };
}

/** Both pieces at the control need a path. */
export function moveControl(line: Centreline, index: number, control: ControlPoint): EditedLine {
  if (!line.controls[index] || !isFinitePoint(control.pointMm)) return unchanged(line);
  const controls = line.controls.with(index, control);
  const stale = [index - 1, index].filter((n) => n >= 0 && n < line.pieces.length);
  const pieces = line.pieces.map((piece, n) =>
    stale.includes(n) ? link(controls[n]!, controls[n + 1]!) : piece,
  );
  return { line: { ...line, controls, pieces }, stale };
}

/** An end takes its piece along; between two others one piece is left, to be found anew. */
export function deleteControl(line: Centreline, index: number): EditedLine {
  if (!line.controls[index]) return unchanged(line);
  const controls = line.controls.toSpliced(index, 1);
  const rest = index === 0 ? withoutParent(line) : line;
  if (index === 0) return { line: { ...rest, controls, pieces: line.pieces.slice(1) }, stale: [] };
  if (index === controls.length)
    return { line: { ...rest, controls, pieces: line.pieces.slice(0, -1) }, stale: [] };
  const joined = link(controls[index - 1]!, controls[index]!);
  return {
    line: { ...rest, controls, pieces: line.pieces.toSpliced(index - 1, 2, joined) },
    stale: [index - 1],
  };
}

/** From the other end; it no longer leaves its parent. */
export const reverseLine = (line: Centreline): EditedLine =>
  unchanged({
    ...withoutParent(line),
    controls: line.controls.toReversed(),
    pieces: line.pieces
      .toReversed()
      .map((piece): LinePiece => ({ ...piece, pointsMm: piece.pointsMm.toReversed() })),
  });

/**
 * A dental arch runs from the patient's right to the left, however it was drawn: its picture is seen from the front, the
 * patient's right at the left. Other lines stay as they are.
 */
export function archFromRight(line: Centreline): Centreline {
  const [first, last] = [line.controls[0], line.controls[line.controls.length - 1]];
  const isFromLeft = first && last && first.pointMm[0] > last.pointMm[0];
  return line.kind === 'dental' && isFromLeft ? reverseLine(line).line : line;
}

export const renameLine = (line: Centreline, nameId: string | null, customName = ''): EditedLine =>
  unchanged({ ...line, nameId, customName });

/** What lies beyond control `index` becomes a branch of the rest; null at or beyond an end. */
export function splitOffBranch(
  line: Centreline,
  index: number,
  branchId: string,
): { readonly trunk: Centreline; readonly branch: Centreline } | null {
  if (!(index > 0) || index >= line.controls.length - 1 || !line.controls[index]) return null;
  const trunkPieces = line.pieces.slice(0, index);
  const atMm = trunkPieces.reduce((sum, piece) => sum + polylineLengthMm(piece.pointsMm), 0);
  return {
    trunk: { ...line, controls: line.controls.slice(0, index + 1), pieces: trunkPieces },
    branch: {
      ...line,
      id: branchId,
      nameId: null,
      customName: '',
      controls: line.controls.slice(index),
      pieces: line.pieces.slice(index),
      parent: { lineId: line.id, atMm },
    },
  };
}

/** Puts a path in; the line as it was when the path no longer joins the controls (they moved meanwhile). */
export function withPiece(line: Centreline, index: number, piece: LinePiece): Centreline {
  if (!line.pieces[index] || !joins(piece, line.controls[index], line.controls[index + 1])) return line;
  return { ...line, pieces: line.pieces.with(index, piece) };
}

/** The spline through all controls for the pieces named, and for those drawn before: it changes with its neighbours. */
export function withDrawnPieces({ line, stale }: EditedLine, stepMm = 0.5): Centreline {
  const isDrawn = (n: number): boolean => stale.includes(n) || line.pieces[n]!.state === 'drawn';
  if (!line.pieces.some((_, n) => isDrawn(n))) return line;
  const drawn = splinePieces(
    line.controls.map(({ pointMm }) => pointMm),
    stepMm,
  );
  return {
    ...line,
    pieces: line.pieces.map(
      (piece, n): LinePiece => (isDrawn(n) ? { pointsMm: drawn[n]!, state: 'drawn' } : piece),
    ),
  };
}
