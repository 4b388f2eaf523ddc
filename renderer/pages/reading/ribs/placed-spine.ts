import { pictureFromArc } from '../../../../core/analysis/cpr/arcs.ts';
import { cprPicture, cprScene } from '../../../../core/analysis/cpr/picture.ts';
import { patientFromPicture } from '../../../../core/analysis/cpr/picture-rows.ts';
import { placesFromPatient } from '../../../../core/analysis/cpr/places.ts';
import type { CprPicture } from '../../../../core/analysis/cpr/types.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { CurvedScene } from '../../../../core/scene/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { type WindowState, windowSetting } from '../../../viewport/windowing.ts';

/** Shown beyond the first and the last vertebra. */
const marginMm = 20;
/** The picture is at least this wide: body, canal and processes. */
const leastWidthMm = 90;
/** Free for the texts at the top, and below. */
export const topPx = 52;
export const bottomPx = 8;

/** The straightened spine as it lies in a viewport. */
export interface PlacedSpine {
  readonly picture: CprPicture;
  /** Of its top left corner, in the viewport's own pixels. */
  readonly left: number;
  readonly top: number;
  patientAt(x: number, y: number): PatientPoint | null;
  spotOf(p: PatientPoint): Spot | null;
  yOf(atMm: number): number;
}

/** As high as the viewport, in its own pixels. */
export function placeSpine(spine: SampledLine, turnDeg: number, size: CanvasSize): PlacedSpine | null {
  if (size.width === 0) return null;
  const { ratio } = size;
  const roomPx = size.height - Math.round((topPx + bottomPx) * ratio);
  if (roomPx < 40) return null;
  const spacingMm = Math.max((spine.lengthMm + 2 * marginMm) / (roomPx - 1), leastWidthMm / size.width);
  const made = cprPicture(spine, 'straightened', {
    spacingMm,
    widthMm: (size.width - 1) * spacingMm,
    marginMm: Math.max(marginMm, ((roomPx - 2) * spacingMm - spine.lengthMm) / 2 - spacingMm),
    angleRad: (turnDeg * Math.PI) / 180,
  });
  if (!made.ok) return null;
  const picture = made.value;
  const left = (size.width - picture.width) / 2;
  const top = Math.round(topPx * ratio);
  const spotAt = (column: number, row: number): Spot => ({
    x: (left + column + 0.5) / ratio,
    y: (top + row + 0.5) / ratio,
  });
  return {
    ...{ picture, left, top },
    patientAt: (x, y) =>
      patientFromPicture(picture, { column: x * ratio - 0.5 - left, row: y * ratio - 0.5 - top }) ?? null,
    spotOf(p) {
      const [place] = placesFromPatient(picture, p);
      return place ? spotAt(place.column, place.row) : null;
    },
    yOf: (atMm) => spotAt(0, pictureFromArc(picture, atMm).row).y,
  };
}

/** A little of its depth: bodies and processes are seen whole. */
export const spineScene = ({ picture }: PlacedSpine, window: WindowState): CurvedScene =>
  cprScene(picture, {
    ...{ slabMm: 2, projection: 'mean', interpolation: 'linear' },
    ...{ window: windowSetting(window, false), background: [0, 0, 0] },
  });
