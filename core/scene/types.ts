import type { PatientPoint, PatientVector, Plane, Vec3 } from '../geometry/types.ts';
import type { FusionLayer } from './fusion.ts';
import type { SceneLayer } from './layers.ts';

/**
 * What is on screen as plain, serialisable data: the same for the screen, bookmarks, exports and the
 * command line, and for both renderers. Values are modality values (HU, SUV …), lengths millimetres.
 */
export type Projection = 'none' | 'mip' | 'minip' | 'mean';
/** `cubic`: Catmull-Rom, exact at voxel centres; planes only, a ray caster takes it as `linear`. */
export type Interpolation = 'nearest' | 'linear' | 'cubic';

/** PS3.3 C.11.2.1.2 */
export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface WindowLevel {
  readonly kind: 'window';
  readonly function: VoiFunction;
  readonly centre: number;
  readonly width: number;
  /** Inverts once, after the window; values under the cursor never invert. */
  readonly invert: boolean;
}

/** A VOI LUT: grey levels 0…255 for modality values `first`, `first + 1`, …; clamped at both ends. */
export interface WindowTable {
  readonly kind: 'table';
  readonly first: number;
  readonly levels: Uint8Array;
  readonly invert: boolean;
}

export type WindowSetting = WindowLevel | WindowTable;

/** r, g, b each 0…255. */
export type Rgb = Vec3;

/** A plane through the volume: width × height pixels of `spacingMm` around `plane.origin`, the view's centre. */
export interface SliceScene {
  readonly kind: 'slice';
  readonly plane: Plane;
  readonly spacingMm: number;
  readonly width: number;
  readonly height: number;
  /** Total thickness, half on each side of the plane; 0 = one thin plane whatever the projection. */
  readonly slabMm: number;
  readonly projection: Projection;
  readonly interpolation: Interpolation;
  readonly window: WindowSetting;
  /** Shown where there is no data. */
  readonly background: Rgb;
  /** Masks: the picture comes with its labels. */
  readonly layers?: readonly SceneLayer[];
  /** A second series, cut by the same plane and slab. */
  readonly fusion?: FusionLayer;
}

/**
 * Rows of a curved plane: each row of the picture is a straight line through the patient. Three numbers a
 * row, LPS mm. A row whose centre is NaN shows the background.
 */
export interface CurvedRows {
  /** The row's middle, between columns (width − 1) / 2. */
  readonly centres: Float64Array;
  /** Unit, from column to column. */
  readonly across: Float64Array;
  /** Unit, the direction in which a slab is thick. */
  readonly through: Float64Array;
}

/** A picture along a line (CPR): `height` rows, `spacingMm` from column to column. */
export interface CurvedScene {
  readonly kind: 'curved';
  readonly rows: CurvedRows;
  readonly spacingMm: number;
  readonly width: number;
  readonly height: number;
  readonly slabMm: number;
  readonly projection: Projection;
  readonly interpolation: Interpolation;
  readonly window: WindowSetting;
  readonly background: Rgb;
  /** Masks: the picture comes with its labels. */
  readonly layers?: readonly SceneLayer[];
}

export interface Camera {
  readonly focalPoint: PatientPoint;
  readonly position: PatientPoint;
  /** Unit, perpendicular to the view direction. */
  readonly viewUp: PatientVector;
  readonly lens:
    | { readonly kind: 'orthographic' /** Half the picture's height. */; readonly parallelScaleMm: number }
    | { readonly kind: 'perspective' /** Full vertical angle. */; readonly viewAngleRad: number };
}

/** `value` is a modality value or a percentile (0…100) of the volume or of what is not air in it, by the function's unit. */
export interface OpacityPoint {
  readonly value: number;
  /** 0…1 per millimetre of depth. */
  readonly opacity: number;
}
export interface ColourPoint {
  readonly value: number;
  readonly colour: Rgb;
}
/** Factor 0…1 on the opacity for a gradient's length in modality units per millimetre. */
export interface GradientOpacityPoint {
  readonly gradientPerMm: number;
  readonly factor: number;
}
export interface TransferFunction {
  readonly unit: 'modality' | 'percentile' | 'bodyPercentile';
  /** Ascending values; linear between, constant beyond. */
  readonly opacity: readonly OpacityPoint[];
  readonly colour: readonly ColourPoint[];
  /** Absent: surfaces and insides alike. */
  readonly gradientOpacity?: readonly GradientOpacityPoint[];
}

/** Shows the half-space where `normal` · (point − `origin`) ≥ 0. A clip box is six of them. */
export interface ClipPlane {
  readonly origin: PatientPoint;
  /** Unit length, pointing into what stays. */
  readonly normal: PatientVector;
}

export interface Shading {
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  readonly power: number;
}

export type VolumeMode = 'composite' | 'mip' | 'minip' | 'mean';

export interface VolumeScene {
  readonly kind: 'volume';
  readonly camera: Camera;
  readonly mode: VolumeMode;
  /** Which preset it came from; the transfer function below is what counts. */
  readonly presetId: string;
  readonly transfer: TransferFunction;
  /** Moves the whole transfer function (or the window's centre) up by this many modality units. */
  readonly shiftHu: number;
  readonly shading: Shading | null;
  /** Share of the light that is lost from the near to the far side of the volume, 0 … 1; absent = none. */
  readonly depthCue?: number;
  /** For the projections. */
  readonly window: WindowSetting;
  /** Values are HU: a smallest value does not count the air around the body. */
  readonly isHu?: boolean;
  readonly background: Rgb;
  /** What all of them show is shown. */
  readonly clipPlanes?: readonly ClipPlane[];
  /** Distance of samples; absent = chosen from the voxel size. */
  readonly stepMm?: number;
  readonly interpolation?: Interpolation;
  /** Masks: removed voxels are left out, shown ones tinted. */
  readonly layers?: readonly SceneLayer[];
  /** A second series, laid over as a maximum intensity projection within the same clip planes. */
  readonly fusion?: FusionLayer;
}

export type Scene = SliceScene | CurvedScene | VolumeScene;
