import { between, length } from '../geometry/matrices.ts';
import type { PatientPoint } from '../geometry/types.ts';
import type { Calibration, ImagePoint } from './types.ts';

/** Distance in mm (px without calibration) on one frame; rows and columns each by their own spacing. */
export const imageLength = (a: ImagePoint, b: ImagePoint, calibration: Calibration): number =>
  Math.hypot((b.column - a.column) * calibration.columnMm, (b.row - a.row) * calibration.rowMm);

/** Distance in mm in the patient. */
export const patientLengthMm = (a: PatientPoint, b: PatientPoint): number => length(between(a, b));
