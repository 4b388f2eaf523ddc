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

/**
 * How far a volume's millimetres can be trusted. Whatever measures or exports carries it along.
 * - exact: one orientation, even spacing, no shear.
 * - resampled: right after resampling on a regular grid (uneven spacing, gantry tilt, missing slices).
 * - approximate: spacing guessed from SpacingBetweenSlices or SliceThickness, or repeated positions.
 * - none: no volume; shown as a stack with the reason.
 */
export interface GeometryVerdict {
  readonly kind: 'exact' | 'resampled' | 'approximate' | 'none';
  readonly spacingSource: 'ImagePositionPatient' | 'SpacingBetweenSlices' | 'SliceThickness' | 'none';
  readonly tiltDeg: number;
  readonly medianGapMm: number;
  readonly worstGapMm: number;
  readonly interpolatedSlices: number;
  readonly residualMm: number;
  readonly reasons: readonly Problem[];
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
