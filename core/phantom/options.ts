/** What a phantom series can be asked for, and the geometry that follows. */

import type { WriteSyntax } from '../dicom/write/transfer-syntax.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { Contrast } from './tissue.ts';
import { add, cross, scale, unit } from './vector.ts';

export type Orientation =
  | 'axial'
  | 'sagittal'
  | 'coronal'
  | 'oblique'
  | { readonly row: Vec3; readonly column: Vec3 };

export interface PhantomPatient {
  /** Person Name with its component groups, e.g. `DEMO^PHANTOM=演示^体模`. */
  readonly name: string;
  readonly id: string;
  readonly birthDate?: string;
  readonly sex?: 'M' | 'F' | 'O';
}

/** One frame in, one encapsulated frame's fragments out. */
export type FrameEncoder = (
  frame: Uint16Array | Int16Array,
  columns: number,
  rows: number,
) => readonly Uint8Array[];

export interface PhantomOptions {
  /** Columns and rows. */
  readonly size?: readonly [number, number];
  readonly slices?: number;
  /** Between rows, between columns (as Pixel Spacing). */
  readonly spacingMm?: readonly [number, number];
  /** Distance between neighbouring slices along the table, or one for each of the `slices - 1` gaps. */
  readonly sliceGapsMm?: number | readonly number[];
  /** Slice Thickness; the (least) gap when left out. Voxels are averaged over it. */
  readonly thicknessMm?: number;
  /** Planes averaged over the thickness; 1 samples the middle of the slice only. */
  readonly subSlices?: number;
  readonly orientation?: Orientation;
  /** LPS mm of the middle of the scanned block. */
  readonly centreMm?: Vec3;
  /** Tilts the slices about their row axis while the table still moves along the untilted normal. */
  readonly gantryTiltDeg?: number;
  /** The first image lies at the far end of the normal (head first for axial). */
  readonly reversed?: boolean;
  readonly contrast?: Contrast;
  readonly noiseHu?: number;
  readonly seed?: number;
  readonly beads?: boolean;
  /** One of `count` phases of a heartbeat, from 0: a series of its own instances with the same series UID. */
  readonly phase?: { readonly index: number; readonly count: number };
  readonly table?: boolean;
  /** Signed 16-bit HU without an offset instead of unsigned 12-bit with intercept −1024 (CT). */
  readonly signed?: boolean;
  readonly syntax?: WriteSyntax;
  /** Needed for encapsulated syntaxes other than RLE. */
  readonly encodeFrame?: FrameEncoder;
  readonly patient?: PhantomPatient;
  readonly characterSet?: string;
  readonly encodeText?: (text: string) => Uint8Array;
  readonly studyDescription?: string;
  readonly seriesDescription?: string;
  readonly seriesNumber?: number;
  /** Distinguishes series of one seed; part of every UID but the study's and frame of reference's. */
  readonly seriesKey?: string;
  readonly instanceCreationDate?: string;
}

/** One heartbeat. */
export const beatMs = 800;
/** How far the left ventricle's cavity moves in at most, in the middle of the beat. */
const squeezeMostMm = 7;

/** Percent of the beat, and the contraction there. */
export function phaseOf({ phase }: PhantomOptions): { readonly percent: number; readonly squeezeMm: number } {
  const share = phase ? phase.index / phase.count : 0;
  return { percent: 100 * share, squeezeMm: (squeezeMostMm * (1 - Math.cos(2 * Math.PI * share))) / 2 };
}

export interface PhantomGeometry {
  readonly size: readonly [number, number];
  readonly spacingMm: readonly [number, number];
  readonly row: Vec3;
  readonly column: Vec3;
  readonly normal: Vec3;
  /** Image Position (Patient) of each slice in the order of the instances. */
  readonly origins: readonly Vec3[];
  readonly gapsMm: readonly number[];
  readonly thicknessMm: number;
  readonly subSlices: number;
}

const rotatedAxes = (): readonly [Vec3, Vec3] => {
  // 30° about z, then 20° about the new row axis: no axis is parallel to the patient's.
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const [d, e] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
  return [
    [c, s, 0],
    [-s * d, c * d, e],
  ];
};

function axesOf(orientation: Orientation): readonly [Vec3, Vec3] {
  if (typeof orientation === 'object') return [unit(orientation.row), unit(orientation.column)];
  switch (orientation) {
    case 'axial':
      return [
        [1, 0, 0],
        [0, 1, 0],
      ];
    case 'sagittal':
      return [
        [0, 1, 0],
        [0, 0, -1],
      ];
    case 'coronal':
      return [
        [1, 0, 0],
        [0, 0, -1],
      ];
    case 'oblique':
      return rotatedAxes();
  }
}

/** Positions and directions of every slice (PS3.3 C.7.6.2.1.1). */
export function phantomGeometry(options: PhantomOptions): PhantomGeometry {
  const size = options.size ?? [128, 128];
  const spacingMm = options.spacingMm ?? [3, 3];
  const slices = options.slices ?? 16;
  const gaps = options.sliceGapsMm ?? 3;
  const gapsMm = typeof gaps === 'number' ? new Array<number>(slices - 1).fill(gaps) : gaps;
  const [row, flatColumn] = axesOf(options.orientation ?? 'axial');
  const travel = scale(cross(row, flatColumn), options.reversed ? -1 : 1);
  const tilt = ((options.gantryTiltDeg ?? 0) * Math.PI) / 180;
  const flatNormal = cross(row, flatColumn);
  const column = add(scale(flatColumn, Math.cos(tilt)), scale(flatNormal, Math.sin(tilt)));
  const normal = cross(row, column);
  const offsets = [0];
  for (const gap of gapsMm.slice(0, slices - 1)) offsets.push(offsets[offsets.length - 1]! + gap);
  const middle = offsets[offsets.length - 1]! / 2;
  const corner = add(
    add(options.centreMm ?? [0, 0, 60], scale(row, (-(size[0] - 1) * spacingMm[1]) / 2)),
    scale(column, (-(size[1] - 1) * spacingMm[0]) / 2),
  );
  const least = gapsMm.length > 0 ? Math.min(...gapsMm) : 3;
  const thicknessMm = options.thicknessMm ?? least;
  const inPlaneMm = Math.min(...spacingMm);
  return {
    size,
    spacingMm,
    row,
    column,
    normal,
    origins: offsets.map((along) => add(corner, scale(travel, along - middle))),
    gapsMm,
    thicknessMm,
    subSlices: options.subSlices ?? Math.max(1, Math.min(8, Math.round(thicknessMm / inPlaneMm / 1.6))),
  };
}
