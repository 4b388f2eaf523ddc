import type { Problem } from '../base/problem.ts';
import type {
  Attributes,
  FrameAttributes,
  LookupTable,
  Overlay,
  Palette,
  Shutter,
  UltrasoundRegion,
} from '../dicom/types.ts';
import type { VolumeGeometry } from '../geometry/types.ts';
import type { PixelFormat } from '../pixels/types.ts';
import type { Tile } from './tiles.ts';

/**
 * How far a volume's millimetres can be trusted. Whatever measures or exports carries it along.
 * - exact: one orientation, even spacing, no shear.
 * - resampled: right after resampling on a regular grid (uneven spacing, gantry tilt, missing slices).
 * - approximate: spacing guessed from SpacingBetweenSlices or SliceThickness, repeated positions, or more slices made up
 *   where images are missing than were acquired.
 * - none: no volume; shown as a stack with the reason.
 */
export interface GeometryVerdict {
  readonly kind: 'exact' | 'resampled' | 'approximate' | 'none';
  readonly spacingSource:
    | 'ImagePositionPatient'
    | 'SpacingBetweenSlices'
    | 'SliceThickness'
    | 'GridFrameOffsetVector'
    | 'none';
  /** Angle between the stack and its normal. */
  readonly tiltDeg: number;
  readonly medianGapMm: number;
  readonly worstGapMm: number;
  /** Slices of the regular grid that lie between acquired ones. */
  readonly interpolatedSlices: number;
  /** Farthest that an acquired slice lies from where the grid says. */
  readonly residualMm: number;
  /** Why it is not exact, and what else is worth knowing. */
  readonly reasons: readonly Problem[];
  /** Where images are missing; absent when none are. */
  readonly missing?: readonly MissingSlices[];
}

/** A gap of more than one and a half spacings. */
export interface MissingSlices {
  /** The image before the gap, counted from 1 along the group's frames; the next one ends it. */
  readonly after: number;
  readonly gapMm: number;
  /** First and last slice of the regular grid that is made up within the gap (from 0). */
  readonly fromK: number;
  readonly toK: number;
}

export type DimensionKind = 'phase' | 'temporal' | 'bvalue' | 'echo' | 'energy';

/** Place of a group among those that show the same grid again: they play as a 4D set. */
export interface GroupDimension {
  /** Groups with the same `set` belong together. */
  readonly set: string;
  readonly kind: DimensionKind;
  /** Null where only the order is known. */
  readonly value: number | null;
  readonly unit: 's/mm²' | 'ms' | '%' | 'keV' | 'kV' | '';
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** One instance of a plan: what the page needs to fetch and decode it. */
export interface PlanInstance {
  /** Opaque key for byte routes. */
  readonly instanceKey: string;
  readonly sopInstanceUID: string;
  readonly transferSyntaxUID: string;
  readonly deflated: boolean;
  /** Null when the object has no picture (SR, PR, video …). */
  readonly format: PixelFormat | null;
  /** Only what differs from the plan's `common`. */
  readonly attributes: Partial<Attributes>;
  readonly modalityLut?: LookupTable;
  readonly voiLuts?: readonly LookupTable[];
  readonly frameVoiLuts?: readonly (readonly LookupTable[])[];
  readonly palette?: Palette;
  readonly overlays?: readonly Overlay[];
  readonly shutter?: Shutter;
  readonly regions?: readonly UltrasoundRegion[];
  readonly flags: readonly Problem[];
  readonly sizeBytes: number;
}

/** One frame, in display order. */
export interface PlanFrame {
  /** Index into `instances`. */
  readonly instance: number;
  /** Frame number within the instance, from 0. */
  readonly frame: number;
  /** Encoded bytes of this frame (all fragments). */
  readonly sizeBytes: number;
  /** Merged per-frame → shared → top-level values that differ from `common`. */
  readonly attributes: FrameAttributes;
  /** Position along the stack normal in mm, where geometry is known. */
  readonly locationMm?: number;
  /** Part of the decoded frame that is this picture (mosaics); absent = all of it. `cutTile` gives it. */
  readonly tile?: Tile;
}

/** Frames that belong together as one stack, and as one volume where the verdict allows it. */
export interface VolumeGroup {
  readonly id: string;
  /** Readable name in both languages, e.g. "b 1000", "回波 2 / Echo 2"; empty for the only group. */
  readonly nameZh: string;
  readonly nameEn: string;
  /** Indices into `frames`, in spatial order where known, else by InstanceNumber and frame. */
  readonly frames: readonly number[];
  /** True when InstanceNumber falls along `frames`: a reader scrolls from the last to the first. */
  readonly displayReversed: boolean;
  readonly verdict: GeometryVerdict;
  /** Acquired grid: slice k = frames[k]; may be sheared (gantry tilt). Null when verdict is `none`. */
  readonly acquired: VolumeGeometry | null;
  /** Orthogonal regular grid to show and export; equals `acquired` when exact. Null when `none`. */
  readonly regular: VolumeGeometry | null;
  /** For each k of `regular`, where it lies among acquired slices (fractional k); absent when exact. */
  readonly resampleK?: readonly number[];
  /** In-plane shift per acquired slice in mm along row and column directions (tilt); absent when none. */
  readonly shearMm?: readonly (readonly [number, number])[];
  readonly scalarType: 'int16' | 'float32' | 'rgb8';
  /** Present when other groups of the plan show the same grid at another time, phase, echo, b-value or energy. */
  readonly dimension?: GroupDimension;
}

/** A series made ready to read: frames in spatial order, volume groups, geometry verdicts. */
export interface SeriesPlan {
  readonly planId: string;
  readonly seriesKey: string;
  readonly studyKey: string;
  readonly stored: boolean;
  readonly demo: boolean;
  readonly charsetGuess?: 'GB18030' | 'UTF-8';
  readonly common: Attributes;
  readonly instances: readonly PlanInstance[];
  readonly frames: readonly PlanFrame[];
  readonly groups: readonly VolumeGroup[];
  /** Instances put aside (other patient or study, no picture), with the reason. */
  readonly aside: readonly { readonly instance: number; readonly reason: Problem }[];
}
