import type { PatientPoint } from '../../geometry/types.ts';
import type { LumenContour, ReferenceRule } from '../types.ts';
import type { LineMeasures } from './measure-line.ts';
import { pointInSection } from './section.ts';
import { measureContour } from './station.ts';
import { proposeStenoses } from './stenosis.ts';

/** The contour's corners in the patient, as many as it has radii; the last joins the first. */
export const contourPoints = (contour: LumenContour): readonly PatientPoint[] =>
  Array.from(contour.radiiMm, (radius, n) => {
    const angle = (2 * Math.PI * n) / contour.radiiMm.length;
    return pointInSection(contour, radius * Math.cos(angle), radius * Math.sin(angle));
  });

/** Where a point lies in the contour's section: angle from `right` towards `down`, distance from the centre. */
export function polarPlace(
  contour: Omit<LumenContour, 'radiiMm' | 'edited' | 'sMm'>,
  point: PatientPoint,
): { readonly angleRad: number; readonly radiusMm: number } {
  const { centreMm, right, down } = contour;
  let [x, y] = [0, 0];
  for (let c = 0; c < 3; c++) {
    const by = point[c]! - centreMm[c]!;
    x += by * right[c]!;
    y += by * down[c]!;
  }
  const angle = Math.atan2(y, x);
  return { angleRad: angle < 0 ? angle + 2 * Math.PI : angle, radiusMm: Math.hypot(x, y) };
}

/** The contour's radius at any angle, between its corners. */
export function radiusAt({ radiiMm }: Pick<LumenContour, 'radiiMm'>, angleRad: number): number {
  const n = radiiMm.length;
  const at = (((angleRad / (2 * Math.PI)) * n) % n) + n;
  const low = Math.floor(at);
  const share = at - low;
  return radiiMm[low % n]! * (1 - share) + radiiMm[(low + 1) % n]! * share;
}

export interface DragOptions {
  /** Standard deviation of the falloff to both sides. Default 0.35 rad, 20°. */
  readonly spreadRad?: number;
  readonly leastMm?: number;
  readonly mostMm?: number;
}

/**
 * The contour with its edge at `angleRad` moved to where `toMm` lies along that direction; its neighbours follow with a smooth
 * falloff. Points that are no number leave it as it is. `edited` afterwards: it is not made anew without asking.
 */
export function dragContour(
  contour: LumenContour,
  angleRad: number,
  toMm: PatientPoint,
  { spreadRad = 0.35, leastMm = 0.1, mostMm = 60 }: DragOptions = {},
): LumenContour {
  const place = polarPlace(contour, toMm);
  const along = place.radiusMm * Math.cos(place.angleRad - angleRad);
  const by = Math.max(leastMm, Math.min(mostMm, along)) - radiusAt(contour, angleRad);
  if (!Number.isFinite(by)) return contour;
  const n = contour.radiiMm.length;
  const radiiMm = contour.radiiMm.map((radius, ray) => {
    const turn = (2 * Math.PI * ray) / n - angleRad;
    const away = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
    const weight = Math.exp(-0.5 * (away / spreadRad) ** 2);
    return Math.max(leastMm, Math.min(mostMm, radius + by * weight));
  });
  return { ...contour, radiiMm, edited: true };
}

/** A round contour to begin with where none was found. */
export const roundContour = (contour: LumenContour, radiusMm: number): LumenContour => ({
  ...contour,
  radiiMm: new Float64Array(contour.radiiMm.length).fill(Math.max(0.1, radiusMm)),
  edited: true,
});

/**
 * The line's measures with one contour replaced: its station and the proposed stenoses follow. `handMm`: how exactly a hand
 * sets an edge, about a voxel.
 */
export function withContour(
  measures: LineMeasures,
  index: number,
  contour: LumenContour,
  handMm: number,
  rule: ReferenceRule = 'mean',
): LineMeasures {
  if (!measures.contours[index]) return measures;
  const station = measureContour(contour, handMm);
  const stations = measures.stations.with(index, station);
  return {
    ...measures,
    contours: measures.contours.with(index, contour),
    stations,
    stenoses: proposeStenoses(stations, rule),
  };
}
