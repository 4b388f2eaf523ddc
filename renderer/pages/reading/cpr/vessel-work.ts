import type { LinePiece, LumenContour, StationMeasure, Stenosis } from '../../../../core/analysis/types.ts';
import type { Problem } from '../../../../core/base/problem.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { VesselLine } from './vessel-state.ts';

/** Numbers of a line, worked out from the voxels and touched by no hand: the same again after a restart. */
export interface MeasuredLine {
  /** The course they belong to: another object = they are old. */
  readonly of: readonly LinePiece[];
  readonly sectionMm: number;
  /** Of the series: phases of one set have numbers of their own. */
  readonly group: number;
  readonly contours: readonly LumenContour[];
  readonly stations: readonly StationMeasure[];
  readonly stenoses: readonly Stenosis[];
  /** No contrast medium in the artery: its numbers are not to be relied on. */
  readonly isUnopacified: boolean;
}

/** What goes on with the lines just now; neither undone nor kept. */
export interface VesselWork {
  /** The next click goes on from the active line; else it begins a new one. */
  readonly isDrawing: boolean;
  /** Points are joined by a spline as they are set; no path is sought. */
  readonly isByHand: boolean;
  /** What the next new line is called: its kind decides what is followed, so it is asked before the first click. */
  readonly nextNameId: string | null;
  /** Control point that Delete takes away. */
  readonly selected: number | null;
  /** A line under the hand: shown in the place of the kept one until the hand lets go. */
  readonly draft: VesselLine | null;
  /** Clicked, while its path is sought. */
  readonly pending: PatientPoint | null;
  readonly busy: { readonly what: 'path' | 'measure'; readonly done: number } | null;
  /** Why the last click made no line. */
  readonly problem: Problem | null;
  readonly measured: Readonly<Record<string, MeasuredLine>>;
}

export const noVesselWork: VesselWork = {
  isDrawing: false,
  isByHand: false,
  nextNameId: null,
  selected: null,
  draft: null,
  pending: null,
  busy: null,
  problem: null,
  measured: {},
};
