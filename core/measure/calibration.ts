import type { Attributes, FrameAttributes, UltrasoundRegion } from '../dicom/types.ts';
import type { Calibration, ImagePoint } from './types.ts';

export const uncalibrated: Calibration = { source: 'none', rowMm: 1, columnMm: 1 };

const projectionModalities = new Set(['CR', 'DX', 'MG', 'IO', 'PX', 'XA', 'RF', 'RG']);
/** PS3.3 C.8.5.5.1.15: physical unit 3 is cm. */
const centimetres = 3;

/** Two positive finite spacings, [between rows, between columns] as DICOM orders them. */
export function spacingPair(
  spacing: readonly number[] | undefined,
): { readonly rowMm: number; readonly columnMm: number } | undefined {
  const rowMm = spacing?.[0];
  const columnMm = spacing?.[1];
  if (rowMm === undefined || columnMm === undefined) return undefined;
  const usable = Number.isFinite(rowMm) && Number.isFinite(columnMm) && rowMm > 0 && columnMm > 0;
  return usable ? { rowMm, columnMm } : undefined;
}

/** Larger ones are distances in other units. */
const magnificationMost = 3;

/**
 * Magnification of what lies at the isocentre: as the file says, else source to detector over source to isocentre, which is what it
 * means in XA and RF (PS3.3 C.8.7.5); in radiographs the distance of the patient is another one (C.8.11.5).
 */
function magnificationOf(attributes: Attributes & FrameAttributes): number | undefined {
  const stated = attributes.EstimatedRadiographicMagnificationFactor;
  if (stated !== undefined && stated > 0) return stated;
  const { Modality, DistanceSourceToDetector: detector = Number.NaN } = attributes;
  const { DistanceSourceToIsocenter, DistanceSourceToPatient } = attributes;
  const factor = detector / (DistanceSourceToIsocenter ?? DistanceSourceToPatient ?? Number.NaN);
  const isPlausible = factor >= 1 && factor <= magnificationMost;
  return (Modality === 'XA' || Modality === 'RF') && isPlausible ? factor : undefined;
}

function projectionCalibration(attributes: Attributes & FrameAttributes): Calibration {
  const body = spacingPair(attributes.PixelSpacing);
  const detector = spacingPair(attributes.ImagerPixelSpacing);
  const same = body && detector && near(body.rowMm, detector.rowMm) && near(body.columnMm, detector.columnMm);
  if (body && (attributes.PixelSpacingCalibrationType || !detector || !same)) {
    return { source: attributes.PixelSpacingCalibrationType ? 'calibrated' : 'PixelSpacing', ...body };
  }
  // Where the beam's centre meets the patient, by the height of the table (PS3.3 C.8.19.6.9).
  const object = spacingPair(attributes.ObjectPixelSpacingInCenterOfBeam);
  if (object) return { source: 'magnification', ...object };
  if (!detector) return uncalibrated;
  const factor = magnificationOf(attributes);
  if (factor !== undefined) {
    return { source: 'magnification', rowMm: detector.rowMm / factor, columnMm: detector.columnMm / factor };
  }
  return { source: 'ImagerPixelSpacing', ...detector };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(a, b);

/** PS3.3 C.8.5.5: the one region that holds all points, when its axes are both lengths of one unit. */
function regionCalibration(regions: readonly UltrasoundRegion[], points: readonly ImagePoint[]): Calibration {
  const inside = (r: UltrasoundRegion, p: ImagePoint): boolean =>
    p.column >= r.x0 && p.column <= r.x1 && p.row >= r.y0 && p.row <= r.y1;
  const region = regions.find((r) => points.every((p) => inside(r, p)));
  if (!region) return uncalibrated;
  const lengths = region.physicalUnitsX === centimetres && region.physicalUnitsY === centimetres;
  const columnMm = Math.abs(region.physicalDeltaX) * 10;
  const rowMm = Math.abs(region.physicalDeltaY) * 10;
  return lengths && columnMm > 0 && rowMm > 0 ? { source: 'region', rowMm, columnMm } : uncalibrated;
}

/**
 * What a pixel of a frame is in the body, and on whose word (PS3.3 10.7, C.8.5.5).
 * A detector's spacing is never taken for body millimetres: its source says so.
 * @param points the points of one measurement; an ultrasound region counts only when it holds them all
 */
export function calibrationOf(
  attributes: Attributes & FrameAttributes,
  regions: readonly UltrasoundRegion[] = [],
  points: readonly ImagePoint[] = [],
): Calibration {
  if (regions.length > 0) return regionCalibration(regions, points);
  if (projectionModalities.has(attributes.Modality ?? '')) return projectionCalibration(attributes);
  const body = spacingPair(attributes.PixelSpacing);
  // Secondary captures and makers' own modalities: the same spacing in both is the detector's (PS3.3 10.7.1.3).
  const isFlat =
    attributes.ImageOrientationPatient === undefined && attributes.ImagerPixelSpacing !== undefined;
  if (body && isFlat) return projectionCalibration(attributes);
  return body ? { source: 'PixelSpacing', ...body } : uncalibrated;
}
