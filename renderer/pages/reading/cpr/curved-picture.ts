import { pictureFromArc } from '../../../../core/analysis/cpr/arcs.ts';
import { lengthInPicture } from '../../../../core/analysis/cpr/lengths.ts';
import { patientFromPicture } from '../../../../core/analysis/cpr/picture-rows.ts';
import { placesFromPatient } from '../../../../core/analysis/cpr/places.ts';
import { areaInPicture } from '../../../../core/analysis/cpr/region-area.ts';
import type { PicturePoint, CprPicture as Sheet } from '../../../../core/analysis/cpr/types.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { CurvedScene } from '../../../../core/scene/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';

/** The way between places of a viewport and the patient. */
export interface PictureWays {
  /** The patient under a place; null beyond the picture. */
  patientAt(x: number, y: number): PatientPoint | null;
  /** Where a point of the patient is, and how far off the picture. */
  placeOf(p: PatientPoint): { readonly spot: Spot; readonly depthMm: number } | null;
  /** Arc length of the place of the line nearest to a spot. */
  sOf(x: number, y: number): number;
  spotOfS(sMm: number): Spot;
  /** True length between two spots; null where the picture is not to scale. */
  lengthMm(a: Spot, b: Spot): number | null;
  /** True area between two corners; null where there is none: a picture that is not to scale, a fold. */
  areaMm2(shape: 'ellipse' | 'rectangle', a: Spot, b: Spot): number | null;
}

/** A curved picture as it lies in its viewport. */
export interface CurvedPicture extends PictureWays {
  readonly kind: Sheet['mode'];
  readonly scene: CurvedScene;
  /** Rows of the scene are columns on screen. */
  readonly isTransposed: boolean;
  readonly mmPerPx: number;
  /** Where the picture folds, as an SVG path to hatch. */
  readonly folds: string;
}

/** `sheet` holds the viewport's own pixels; `ratio` of them are one CSS pixel. */
export function pictureWays(sheet: Sheet, ratio: number, isTransposed: boolean): PictureWays {
  const pixelAt = (x: number, y: number): PicturePoint => {
    const [a, b] = [x * ratio - 0.5, y * ratio - 0.5];
    return isTransposed ? { column: b, row: a } : { column: a, row: b };
  };
  const spotAt = ({ column, row }: PicturePoint): Spot => {
    const [a, b] = [(column + 0.5) / ratio, (row + 0.5) / ratio];
    return isTransposed ? { x: b, y: a } : { x: a, y: b };
  };
  return {
    patientAt: (x, y) => patientFromPicture(sheet, pixelAt(x, y)) ?? null,
    placeOf(p) {
      const [place] = placesFromPatient(sheet, p);
      return place ? { spot: spotAt(place), depthMm: place.offMm } : null;
    },
    sOf: (x, y) => nearestStation(sheet, pixelAt(x, y)) * sheet.line.stepMm,
    spotOfS: (sMm) => spotAt(pictureFromArc(sheet, sMm)),
    lengthMm(a, b) {
      const length = lengthInPicture(sheet, pixelAt(a.x, a.y), pixelAt(b.x, b.y));
      return length.ok ? length.value : null;
    },
    areaMm2(shape, a, b) {
      const area = areaInPicture(sheet, shape, pixelAt(a.x, a.y), pixelAt(b.x, b.y));
      return area.ok ? area.value : null;
    },
  };
}

function nearestStation({ trace }: Sheet, { column, row }: PicturePoint): number {
  let [best, at] = [Number.POSITIVE_INFINITY, 0];
  for (let n = 0; n < trace.length / 2; n += 1) {
    const away = (trace[2 * n]! - column) ** 2 + (trace[2 * n + 1]! - row) ** 2;
    if (away < best) [best, at] = [away, n];
  }
  return at;
}
