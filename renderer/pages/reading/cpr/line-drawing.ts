import { type PieceState, pieceStates, type SampledLine } from '../../../../core/analysis/types.ts';
import { type PatientPoint, patientPoint } from '../../../../core/geometry/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';

/** A picture that points of the patient can be found on. */
export interface LinePicture {
  spotOf(p: PatientPoint): Spot;
  /** How far off the picture's plane, mm; 0 where the picture has none. */
  depthOf(p: PatientPoint): number;
  /** Within this a point counts as on the picture. */
  readonly nearMm: number;
}

/** Links that were not found along a lumen. */
export const isBadPiece = (state: PieceState): boolean =>
  state === 'straight' || state === 'weak' || state === 'outOfRange';

/** SVG paths of a line: on the picture or off it, followed along a lumen or not. */
export interface LinePaths {
  readonly near: string;
  readonly far: string;
  readonly nearBad: string;
  readonly farBad: string;
}

/** More points than this are not seen. */
const drawnMost = 1200;

export function linePaths(line: SampledLine, picture: LinePicture): LinePaths {
  const paths = { near: '', far: '', nearBad: '', farBad: '' };
  const step = Math.max(1, Math.ceil(line.count / drawnMost));
  let last: keyof LinePaths | null = null;
  let from = '';
  for (let n = 0; n < line.count; n += step) {
    const o = 3 * n;
    const p = patientPoint(line.points[o]!, line.points[o + 1]!, line.points[o + 2]!);
    const { x, y } = picture.spotOf(p);
    const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
    const isNear = Math.abs(picture.depthOf(p)) <= picture.nearMm;
    const isBad = isBadPiece(pieceStates[line.states[n] ?? 0] ?? 'drawn');
    const kind = isNear ? (isBad ? 'nearBad' : 'near') : isBad ? 'farBad' : 'far';
    if (from !== '') paths[kind] += kind === last ? `L${at}` : `M${from}L${at}`;
    last = from === '' ? null : kind;
    from = at;
  }
  return paths;
}
