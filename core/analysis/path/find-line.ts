import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { PatientPoint } from '../../geometry/types.ts';
import type { GeometryVerdict } from '../../volume/types.ts';
import { straightPiece } from '../curve/edit.ts';
import { distanceMm, isFinitePoint, nearestOnPolyline } from '../curve/polyline.ts';
import type { ControlPoint, LineKind, LinePiece, ScalarField } from '../types.ts';
import { findPath } from './find-path.ts';
import { snapPoint } from './snap-point.ts';

/** A line through clicks: each moved into the lumen, joined by paths. */
export interface LineOptions {
  readonly kind: LineKind;
  readonly verdict?: GeometryVerdict['kind'];
  /** False keeps the points where they were set. */
  readonly snap?: boolean;
  /** Values are Hounsfield units (default). */
  readonly isHu?: boolean;
  /** 0…1 done; false stops with CANCELLED. */
  readonly progress?: (done: number) => boolean;
}

export interface FoundLine {
  readonly controls: readonly ControlPoint[];
  /** One fewer than controls; `straight` where no path was found. */
  readonly pieces: readonly LinePiece[];
  /** PATH_GAP, PATH_WEAK, PATH_LEAVES_VOLUME, PATH_LOOP by piece; empty = found throughout. */
  readonly problems: readonly Problem[];
}

/** A piece may come this near to the line before it without retracing it. */
const overlapLeastMm = 5;

/**
 * Fails where there is no line at all: PATH_ONE_POINT, PATH_SAME_POINT, PATH_POINT_OUTSIDE, PATH_POINT_IN_AIR,
 * PATH_NO_LUMEN, PATH_GEOMETRY_UNSAFE, CANCELLED.
 */
export function findLine(
  field: ScalarField,
  through: readonly PatientPoint[],
  options: LineOptions,
): Result<FoundLine> {
  const { kind, verdict, snap = true, isHu = true, progress = () => true } = options;
  if (verdict === 'none') return fail(problem('PATH_GEOMETRY_UNSAFE'));
  if (through.length < 2) return fail(problem('PATH_ONE_POINT'));
  const controls: ControlPoint[] = [];
  for (const [k, point] of through.entries()) {
    if (!isFinitePoint(point)) return fail(problem('PATH_POINT_OUTSIDE', { n: k + 1 }));
    if (k > 0 && distanceMm(point, through[k - 1]!) < 1e-3)
      return fail(problem('PATH_SAME_POINT', { n: k + 1 }));
    const snapped = snapPoint(field, point, { kind, n: k + 1 });
    if (!snapped.ok) return snapped;
    controls.push({ pointMm: snap ? snapped.value.pointMm : point, snapped: snap });
  }
  const pieces: LinePiece[] = [];
  const problems: Problem[] = [];
  for (let n = 1; n < controls.length; n++) {
    const [from, to] = [controls[n - 1]!.pointMm, controls[n]!.pointMm];
    const share = (done: number): boolean => progress((n - 1 + done) / (controls.length - 1));
    const path = findPath(field, from, to, { kind, n, isHu, progress: share });
    if (!path.ok && path.problem.code !== 'PATH_GAP') return path;
    if (path.ok) {
      if (path.value.problem) problems.push(path.value.problem);
      const overlapMm = retracedMm(pieces, path.value.piece.pointsMm, path.value.radiusMm);
      if (overlapMm > 0) problems.push(problem('PATH_LOOP', { n, overlapMm: Math.round(overlapMm) }));
      pieces.push(path.value.piece);
    } else {
      problems.push(path.problem);
      pieces.push(straightPiece(from, to));
    }
  }
  return ok({ controls, pieces, problems });
}

/** How far a new piece runs along those before it, beyond the control they share; 0 below a few millimetres. */
function retracedMm(pieces: readonly LinePiece[], points: readonly PatientPoint[], radiusMm: number): number {
  if (pieces.length === 0) return 0;
  const nearMm = Math.max(1, 0.5 * (radiusMm || 0));
  const shared = points[0]!;
  const earlier = pieces.map((piece) => piece.pointsMm);
  let sumMm = 0;
  for (let k = 1; k < points.length; k++) {
    const p = points[k]!;
    if (distanceMm(p, shared) < 2 * nearMm + 1) continue;
    const isNear = earlier.some((line) => (nearestOnPolyline(line, p)?.distanceMm ?? nearMm) < nearMm);
    if (isNear) sumMm += distanceMm(points[k - 1]!, p);
  }
  return sumMm >= Math.max(overlapLeastMm, 2 * nearMm) ? sumMm : 0;
}
