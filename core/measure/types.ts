import type { PatientPoint, Plane } from '../geometry/types.ts';

/** A place on one frame: (0, 0) is the centre of the top left pixel (SCOORD has it at the pixel's corner). */
export interface ImagePoint {
  readonly column: number;
  readonly row: number;
}

export type MeasurementKind = 'length' | 'ellipse' | 'rectangle';

/** Where a mark lies in the patient: what other pictures need to know of it to show it. */
export interface InPatient {
  /** Empty where the files name none: then only pictures of the same series can show it. */
  readonly frameOfReferenceUID: string;
  /** The plane that it was drawn on; a region's box lies along its axes. */
  readonly plane: Plane;
  readonly points: readonly [PatientPoint, PatientPoint];
}

/** Drawn on an acquired frame; found again by SOP instance and frame. */
export interface ImageAnchor {
  readonly kind: 'image';
  readonly sopInstanceUID: string;
  /** Frame number within the instance, from 0. */
  readonly frame: number;
  /** Length: the ends. Ellipse and rectangle: two opposite corners of the box. */
  readonly points: readonly [ImagePoint, ImagePoint];
  /** Absent where the file does not say where the frame lies, or where millimetres on it are none of the body. */
  readonly inPatient?: InPatient;
}

/** Drawn on a reconstructed plane; lives in the patient. */
export interface PlaneAnchor extends InPatient {
  readonly kind: 'plane';
  /** Total thickness looked at when it was drawn; 0 = the plane only. */
  readonly slabMm: number;
  /** Group of the series whose voxels were counted, from 0; absent where the series has only one. */
  readonly group?: number;
}

/** Drawn on a picture along a centreline: seen again where the same line is shown the same way. */
export interface CurveAnchor {
  readonly kind: 'curve';
  readonly frameOfReferenceUID: string;
  readonly lineId: string;
  readonly picture: 'straightened' | 'stretched' | 'projected';
  /** How the picture was turned about the line. */
  readonly turnDeg: number;
  readonly points: readonly [PatientPoint, PatientPoint];
}

/** Where a millimetre comes from; printed with the number. */
export type CalibrationSource =
  | 'PixelSpacing'
  | 'calibrated'
  | 'ImagerPixelSpacing'
  | 'magnification'
  | 'region'
  | 'volume'
  /** A volume whose pixels were averaged to fit into memory. */
  | 'reducedVolume'
  | 'none';

export interface Calibration {
  readonly source: CalibrationSource;
  /** Distance between neighbouring rows (down) in mm; 1 when the source is `none` (unit px). */
  readonly rowMm: number;
  /** Distance between neighbouring columns (across) in mm; 1 when the source is `none`. */
  readonly columnMm: number;
}

/** Statistics over the acquired voxels whose centre lies inside the contour. */
export interface RoiStatistics {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN below two voxels. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

export interface MeasurementValue {
  readonly calibration: Calibration;
  /** mm, or px without calibration. Length only. */
  readonly length?: number;
  /** mm², or px² without calibration. ROI only. */
  readonly area?: number;
  /** Absent until the pixels are there, and for colour pictures. */
  readonly statistics?: RoiStatistics;
  /** Unit of the voxel values: `HU` on CT only, else the file's own; empty when it has none. */
  readonly valueUnit: string;
}

export interface Measurement {
  readonly id: string;
  readonly kind: MeasurementKind;
  readonly seriesKey: string;
  readonly seriesNumber: number | null;
  /** 1-based position in the stack when drawn on a frame. */
  readonly imageNumber: number | null;
  readonly anchor: ImageAnchor | PlaneAnchor | CurveAnchor;
  readonly value: MeasurementValue;
  /** Geometry verdict to print with the number; `exact` needs no words. */
  readonly verdict: 'exact' | 'resampled' | 'approximate' | 'none';
}
