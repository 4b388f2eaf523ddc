import { between, cross, dot, moved } from '../../core/geometry/matrices.ts';
import type { PatientPoint, PatientVector } from '../../core/geometry/types.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { spacingPair } from '../../core/measure/calibration.ts';
import type { ImagePoint } from '../../core/measure/types.ts';
import type { FrameInfo } from '../volumes/frame-attributes.ts';
import { imageAxes } from './stack-letters.ts';

/** An acquired frame as a rectangle in the patient. */
export interface FramePlane {
  /** Empty where the file names none. */
  readonly frameOfReferenceUID: string;
  /** Centre of the first pixel. */
  readonly origin: PatientPoint;
  readonly right: PatientVector;
  readonly down: PatientVector;
  readonly columnMm: number;
  readonly rowMm: number;
  readonly columns: number;
  readonly rows: number;
}

/** Undefined where the file does not say where the frame lies, and among what (PS3.3 C.7.6.2, C.7.4.1). */
export function framePlane(info: FrameInfo | undefined): FramePlane | undefined {
  const frame = placedFrame(info);
  return frame?.frameOfReferenceUID === '' ? undefined : frame;
}

/** Undefined where the file does not say where the frame lies (PS3.3 C.7.6.2). */
export function placedFrame(info: FrameInfo | undefined): FramePlane | undefined {
  const { attributes: a, instance } = info ?? {};
  const axes = imageAxes(a?.ImageOrientationPatient);
  const spacing = spacingPair(a?.PixelSpacing);
  const { ImagePositionPatient: p, FrameOfReferenceUID: frameOfReferenceUID = '' } = a ?? {};
  if (!axes || !spacing || p?.length !== 3 || !instance?.format) return undefined;
  const { columns, rows } = info?.frame.tile ?? instance.format;
  return {
    frameOfReferenceUID,
    origin: patientPoint(p[0]!, p[1]!, p[2]!),
    ...axes,
    columnMm: spacing.columnMm,
    rowMm: spacing.rowMm,
    columns,
    rows,
  };
}

export const frameNormal = ({ right, down }: FramePlane): PatientVector => cross(right, down);

/** The place in the patient of a place on a frame. */
export const patientOnFrame = (frame: FramePlane, { column, row }: ImagePoint): PatientPoint =>
  moved(moved(frame.origin, frame.right, column * frame.columnMm), frame.down, row * frame.rowMm);

/** Where a point of the patient falls on a frame, along the frame's normal. */
export function onFrame(frame: FramePlane, p: PatientPoint): ImagePoint {
  const v = between(frame.origin, p);
  return { column: dot(v, frame.right) / frame.columnMm, row: dot(v, frame.down) / frame.rowMm };
}

/** Planes closer than this in direction have no line that says anything. */
const leastAngleRad = Math.PI / 36;

export const angleBetween = (a: FramePlane, b: FramePlane): number =>
  Math.acos(Math.min(1, Math.abs(dot(frameNormal(a), frameNormal(b)))));

/**
 * The stretch where `other`'s rectangle cuts the plane of `shown`, on `shown`. Null within another frame of
 * reference, for nearly parallel planes, and where they do not meet.
 */
export function referenceLine(
  shown: FramePlane,
  other: FramePlane,
): readonly [ImagePoint, ImagePoint] | null {
  if (shown.frameOfReferenceUID !== other.frameOfReferenceUID) return null;
  if (angleBetween(shown, other) < leastAngleRad) return null;
  const normal = frameNormal(shown);
  const [right, bottom] = [other.columns - 0.5, other.rows - 0.5];
  const corners = [
    { column: -0.5, row: -0.5 },
    { column: right, row: -0.5 },
    { column: right, row: bottom },
    { column: -0.5, row: bottom },
  ].map((corner) => patientOnFrame(other, corner));
  const depths = corners.map((corner) => dot(between(shown.origin, corner), normal));
  const ends = corners.flatMap((corner, n) => {
    const [from, to] = [depths[n]!, depths[(n + 1) % 4]!];
    if (from < 0 === to < 0) return [];
    const next = corners[(n + 1) % 4]!;
    const share = from / (from - to);
    return [onFrame(shown, patientPoint(...between3(corner, next, share)))];
  });
  return ends.length === 2 ? [ends[0]!, ends[1]!] : null;
}

const between3 = (a: PatientPoint, b: PatientPoint, share: number): [number, number, number] => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];
