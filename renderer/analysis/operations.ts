import { measureLine } from '../../core/analysis/lumen/measure-line.ts';
import { findPath } from '../../core/analysis/path/find-path.ts';
import { growPath } from '../../core/analysis/path/grow-path.ts';
import { snapPoint } from '../../core/analysis/path/snap-point.ts';
import type {
  Centreline,
  ControlPoint,
  LineKind,
  LinePiece,
  LumenContour,
  SampledLine,
  StationMeasure,
  Stenosis,
} from '../../core/analysis/types.ts';
import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { PatientPoint } from '../../core/geometry/types.ts';
import type { GeometryVerdict } from '../../core/volume/types.ts';
import { boneOperations } from './bone-operations.ts';
import { maskOperations } from './mask-operations.ts';
import type { Operation, OperationTable } from './protocol.ts';

/** A click brought to the middle of its lumen. */
const snap: Operation<
  { readonly pointMm: PatientPoint; readonly kind: LineKind; readonly n: number },
  ControlPoint
> = (field, { pointMm, kind, n }) => {
  const snapped = snapPoint(field, pointMm, { kind, n });
  return snapped.ok ? ok({ pointMm: snapped.value.pointMm, snapped: true }) : snapped;
};

export interface PathsInput {
  readonly kind: LineKind;
  readonly verdict: GeometryVerdict['kind'];
  /** Values are Hounsfield units. */
  readonly isHu: boolean;
  /** Ends of each piece, and its number along the line from 1. */
  readonly links: readonly { readonly from: PatientPoint; readonly to: PatientPoint; readonly n: number }[];
}

/** Pieces in the order of their links, and the first reason why one of them is not clearly lumen. */
export interface PathsFound {
  readonly pieces: readonly LinePiece[];
  readonly problem: Problem | null;
}

const paths: Operation<PathsInput, PathsFound> = (field, { kind, verdict, isHu, links }, progress) => {
  const pieces: LinePiece[] = [];
  let doubt: Problem | null = null;
  for (const [k, { from, to, n }] of links.entries()) {
    const tell = (done: number): boolean => progress((k + done) / links.length);
    const found = findPath(field, from, to, { kind, verdict, isHu, n, progress: tell });
    if (!found.ok) return found;
    pieces.push(found.value.piece);
    doubt ??= found.value.problem;
  }
  return ok({ pieces, problem: doubt });
};

export interface MeasureInput {
  readonly line: SampledLine;
  readonly stepMm: number;
  readonly sectionMm: number;
  /** The line runs in air: its lumen is darker than its wall. */
  readonly isDark: boolean;
  /** Values are no HU, or the lumen has no wall of its own. */
  readonly hasNoWall: boolean;
}

export interface LineNumbers {
  readonly contours: readonly LumenContour[];
  readonly stations: readonly StationMeasure[];
  readonly stenoses: readonly Stenosis[];
  /** No contrast medium in the artery: its numbers are not to be relied on. */
  readonly isUnopacified: boolean;
}

/** Contours and numbers of a line, none of them touched by a hand. */
const measure: Operation<MeasureInput, LineNumbers> = (field, input, progress) => {
  const { line, stepMm, sectionMm, isDark, hasNoWall } = input;
  const measured = measureLine(field, line, {
    stepMm,
    sectionMm,
    dark: isDark,
    progress,
    ...(hasNoWall && { wallHu: null }),
  });
  if (!measured) return fail(problem('LINE_TOO_SHORT'));
  const { contours, stations, stenoses, unopacified } = measured;
  return ok({ contours, stations, stenoses, isUnopacified: unopacified === true });
};

export interface GrowInput {
  readonly from: PatientPoint;
  readonly kind: LineKind;
  readonly verdict: GeometryVerdict['kind'];
}

/** A lumen is followed this far each way. */
const grownMostMm = 600;

/** The course of a lumen both ways from one place. */
const growLine: Operation<GrowInput, Pick<Centreline, 'controls' | 'pieces'>> = (
  field,
  { from, kind, verdict },
  progress,
) => {
  const grown = growPath(field, from, {
    kind,
    verdict,
    mostMm: grownMostMm,
    progress: (doneMm) => progress(Math.min(0.99, doneMm / (2 * grownMostMm))),
  });
  if (!grown.ok) return grown;
  const { controls, pieces } = grown.value;
  return ok({ controls, pieces });
};

/** What the page's analysis worker can do, by name. */
export const operations = {
  snap,
  paths,
  growLine,
  measure,
  ...maskOperations,
  ...boneOperations,
} as const satisfies OperationTable;
