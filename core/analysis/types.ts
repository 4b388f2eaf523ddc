import type { PatientPoint, PatientVector, Vec3, VolumeGeometry } from '../geometry/types.ts';
import type { GeometryVerdict } from '../volume/types.ts';

/**
 * What the analyses share: voxels to read, lines through the patient, their contours and masks. All of it
 * is plain data (structured clone, JSON after `Float64Array` → array); points are patient LPS millimetres.
 */

/** Voxels of a regular volume, i fastest. modality = slope · stored + intercept. */
export interface ScalarField {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array | Uint16Array | Float32Array;
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Stored value that means "no data" (padding). */
  readonly noData?: number;
}

export type LineKind = 'vessel' | 'airway' | 'rib' | 'spine' | 'dental';

/** A point that somebody set. `snapped`: it was moved to the lumen's centre. */
export interface ControlPoint {
  readonly pointMm: PatientPoint;
  readonly snapped: boolean;
}

/**
 * How the line came from one control point to the next.
 * - found: along the lumen. - drawn: a spline through points set by hand.
 * - straight: nothing found, a mere link. - weak: found, but its worst link is not vessel-like.
 * - outOfRange: leaves the volume or the range of values. The last three are drawn red, never as vessel.
 */
export type PieceState = 'found' | 'drawn' | 'straight' | 'weak' | 'outOfRange';

export interface LinePiece {
  /** From one control point to the next, both included. */
  readonly pointsMm: readonly PatientPoint[];
  readonly state: PieceState;
}

/** A centreline: control points and the pieces between them (one fewer). */
export interface Centreline {
  readonly id: string;
  readonly kind: LineKind;
  /** Of the table of vessel names; null where `customName` says it. */
  readonly nameId: string | null;
  readonly customName: string;
  readonly seriesKey: string;
  readonly groupId: string;
  readonly frameOfReferenceUID: string;
  /** Printed with every number. */
  readonly verdict: GeometryVerdict['kind'];
  readonly controls: readonly ControlPoint[];
  readonly pieces: readonly LinePiece[];
  /** Where a branch leaves its parent. */
  readonly parent?: { readonly lineId: string; readonly atMm: number };
}

/**
 * A line at even steps of arc length, with frames that do not twist (double reflection, Wang 2008) or stand upright.
 * Vectors are three numbers a station; tangent = right × down points onwards.
 */
export interface SampledLine {
  readonly count: number;
  /** The last step ends exactly at `lengthMm`: stepMm = lengthMm / (count − 1). */
  readonly stepMm: number;
  readonly lengthMm: number;
  readonly points: Float64Array;
  readonly tangents: Float64Array;
  readonly rights: Float64Array;
  readonly downs: Float64Array;
  readonly curvaturePerMm: Float64Array;
  /** `right` is down on screen all along (a dental arch): pictures are not turned to suit the line. */
  readonly isUpright?: true;
  /** Index into `pieceStates`. */
  readonly states: Uint8Array;
}

export const pieceStates: readonly PieceState[] = ['found', 'drawn', 'straight', 'weak', 'outOfRange'];

/** A closed contour in the section at `sMm`: radii from the centre at equal angles, from `right` towards `down`. */
export interface LumenContour {
  readonly sMm: number;
  readonly centreMm: PatientPoint;
  readonly right: PatientVector;
  readonly down: PatientVector;
  readonly radiiMm: Float64Array;
  /** Changed by hand: never made anew without asking. */
  readonly edited: boolean;
}

/** Numbers of one section. */
export interface StationMeasure {
  readonly s: number;
  readonly areaMm2: number;
  readonly minDiameterMm: number;
  readonly maxDiameterMm: number;
  readonly meanDiameterMm: number;
  /** 2√(A/π). */
  readonly equivalentDiameterMm: number;
  /** Half-width of the 95 % interval of the equivalent diameter. */
  readonly uncertaintyMm: number;
  /** Below three voxels across: the diameter is a densitometric estimate. */
  readonly limit?: 'resolution';
  /** A touching vessel of the same brightness, a branch or a chamber is in the contour; see `touching.ts`. */
  readonly doubt?: 'touching';
  /** No lumen was found here: the numbers are NaN. */
  readonly open?: true;
}

/** NASCET: distal normal; ECST: estimated local lumen; mean: of proximal and distal normal. */
export type ReferenceRule = 'mean' | 'NASCET' | 'ECST';

export interface Stenosis {
  /** Of the narrowest section; the lesion reaches from `fromS` to `toS`. */
  readonly s: number;
  readonly fromS: number;
  readonly toS: number;
  readonly percentDiameter: number;
  readonly percentArea: number;
  /** Half-width of the 95 % interval of `percentDiameter`, in points. */
  readonly uncertaintyPercent: number;
  readonly referenceMm: number;
  readonly rule: ReferenceRule;
  readonly limit?: 'resolution';
  /** Of the narrowest section. */
  readonly doubt?: 'touching';
}

/** One bit a voxel: voxel n = i + nx·(j + ny·k) is `bits[n >> 3] >> (n & 7) & 1` (as binary SEG frames are packed). */
export interface VoxelMask {
  readonly size: Vec3;
  readonly bits: Uint8Array;
}

/** `removed` voxels are not shown in 3D; a `shown` layer is tinted in planes and 3D. */
export type MaskRole = 'removed' | 'shown';

/** A mask as a named layer. Its voxels are kept apart, by id. */
export interface MaskLayer {
  readonly id: string;
  /** Of the table of mask names; null where `customName` says it. */
  readonly nameId: string | null;
  readonly customName: string;
  readonly seriesKey: string;
  readonly groupId: string;
  readonly role: MaskRole;
  /** r, g, b each 0…255. */
  readonly colour: Vec3;
  /** 0…1. */
  readonly opacity: number;
  readonly visible: boolean;
}
