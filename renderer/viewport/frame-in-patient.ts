import { orthonormalPlane } from '../../core/geometry/planes.ts';
import type { PatientPoint } from '../../core/geometry/types.ts';
import { type FlatPicture, inPatientOf } from '../../core/measure/seen-on.ts';
import type {
  Calibration,
  ImageAnchor,
  ImagePoint,
  InPatient,
  Measurement,
} from '../../core/measure/types.ts';
import { frameOfReferenceOf } from '../volumes/frame-of-reference.ts';
import { imageNumber } from '../volumes/image-number.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { type FramePlane, onFrame, patientOnFrame, placedFrame } from './reference-line.ts';

/** An acquired frame among the pictures of the patient. */
export interface FrameInPatient {
  readonly picture: FlatPicture;
  /** Where two points of a mark on it lie; absent where millimetres on it are not those of the body. */
  anchor(points: readonly [ImagePoint, ImagePoint], calibration: Calibration): InPatient | undefined;
  /** Where a point of the patient is seen on it. */
  placeOf(p: PatientPoint): ImagePoint;
}

type Stack = Pick<OpenStack, 'plan' | 'group' | 'count' | 'info'>;

/** Frames nearer to each other than this show one place. */
const samePlaceMm = 1e-3;

/** What a frame stands for: the usual distance of the slices, less where the next one is nearer. */
function layerMm(stack: Stack, k: number): number {
  const { medianGapMm } = stack.group.verdict;
  const at = stack.info(k);
  const usualMm = medianGapMm > 0 ? medianGapMm : (at?.attributes.SliceThickness ?? 0);
  const here = at?.frame.locationMm;
  const gaps = [k - 1, k + 1].flatMap((n) => {
    const there = stack.info(n)?.frame.locationMm;
    const gapMm = here === undefined || there === undefined ? 0 : Math.abs(there - here);
    return gapMm > samePlaceMm ? [gapMm] : [];
  });
  return Math.min(usualMm, ...gaps);
}

/** A frame that sums up the body along its rays: it has no plane in it. */
const isProjection = (imageType: readonly string[] | undefined, modality: string | undefined): boolean =>
  modality === 'CT' && (imageType?.includes('LOCALIZER') ?? false);

/** Null where the file does not say where the frame lies, and for projections. */
export function frameInPatient(stack: Stack, k: number): FrameInPatient | null {
  const info = stack.info(k);
  const found = placedFrame(info);
  if (!info || !found || isProjection(info.attributes.ImageType, info.attributes.Modality)) return null;
  const plane = orthonormalPlane(found.origin, found.right, found.down);
  const frame: FramePlane = { ...found, ...plane };
  const frameOfReferenceUID = frameOfReferenceOf(stack);
  const layer = layerMm(stack, k);
  return {
    picture: {
      seriesKey: stack.plan.seriesKey,
      frameOfReferenceUID,
      plane,
      layerMm: layer,
      thicknessMm: layer,
    },
    anchor([a, b], calibration) {
      if (calibration.source !== 'PixelSpacing') return undefined;
      return {
        frameOfReferenceUID,
        plane,
        points: [patientOnFrame(frame, a), patientOnFrame(frame, b)],
      };
    },
    placeOf: (p) => onFrame(frame, p),
  };
}

const foundIn = new WeakMap<ImageAnchor, InPatient | null>();

/** Where a mark lies in the patient. Images of this stack are asked for marks that were kept before marks knew it. */
export function markInPatient(stack: Stack, measurement: Measurement): InPatient | undefined {
  const { anchor, seriesKey, value } = measurement;
  if (anchor.kind !== 'image' || anchor.inPatient || seriesKey !== stack.plan.seriesKey)
    return inPatientOf(measurement);
  const known = foundIn.get(anchor);
  if (known !== undefined) return known ?? undefined;
  for (let k = 0; k < stack.count; k += 1) {
    const info = stack.info(k);
    const isIt = info?.instance.sopInstanceUID === anchor.sopInstanceUID && info.frame.frame === anchor.frame;
    // All pictures of a mosaic are parts of one frame.
    if (!isIt || (info.frame.tile && imageNumber(stack, k) !== measurement.imageNumber)) continue;
    const found = frameInPatient(stack, k)?.anchor(anchor.points, value.calibration);
    foundIn.set(anchor, found ?? null);
    return found;
  }
  return undefined;
}
