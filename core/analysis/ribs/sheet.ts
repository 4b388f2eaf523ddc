import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { cross, dot, length, normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector } from '../../geometry/types.ts';
import type { CurvedScene } from '../../scene/types.ts';
import { type CprLook, cprPicture, cprScene } from '../cpr/picture.ts';
import { patientFromPicture } from '../cpr/picture-rows.ts';
import { placesFromPatient } from '../cpr/places.ts';
import type { CprPicture, PicturePoint } from '../cpr/types.ts';
import { nearestPlace } from '../curve/line-places.ts';
import { sampleLine, samplePoints, stationPoint } from '../curve/sample-line.ts';
import { smoothPinned } from '../curve/smooth.ts';
import type { SampledLine } from '../types.ts';
import { ribMark } from './bone-names.ts';
import type { LabelledBones, LabelledRib } from './labels.ts';
import type { Side } from './types.ts';

/**
 * The rib sheet: every rib straightened and laid beside the spine's place, right ribs on the picture's left, the
 * first on top. A strip is a curved picture (a row for each step along the rib, seen from outside, the feet's side
 * below) that lies on its side: its rows run away from the middle of the sheet.
 */
export interface RibStrip {
  readonly ribId: string;
  /** L8, R8; ? without a number. */
  readonly mark: string;
  readonly number: number | null;
  readonly side: Side;
  /** Rows along the rib from its head, columns from its upper to its lower edge: rows, spacing, width, height. */
  readonly picture: CprPicture;
  /** Top left pixel of the strip's box on the sheet; the box is `picture.height` wide and `picture.width` high. */
  readonly at: { readonly x: number; readonly y: number };
  /** Stretches of the rib that are not clearly bone, in columns of the sheet, first and last. */
  readonly weak: readonly { readonly from: number; readonly to: number }[];
}

export interface RibSheet {
  readonly strips: readonly RibStrip[];
  readonly width: number;
  readonly height: number;
  readonly spacingMm: number;
  /** Between the right and the left ribs, where the spine would be. */
  readonly middleX: number;
}

export interface RibSheetOptions {
  /** Of a pixel; 0.8 unless given. */
  readonly spacingMm?: number;
  /** Of a strip, across the rib; 26 unless given. */
  readonly widthMm?: number;
  /** Shown beyond both ends; 4 unless given. */
  readonly marginMm?: number;
  /** Between strips and between the sides; 2 unless given. */
  readonly gapMm?: number;
}

const stepMm = 1;
/** Of the sheet's own line: wide enough for a fracture's step to become a bend. */
const smoothMm = 6;
const shiftMostMm = 3;
const weakest = 2;

/** The part of `v` across the unit vector `t`. */
const across = (v: PatientVector, t: PatientVector): PatientVector => {
  const along = dot(v, t);
  return patientVector(v[0] - along * t[0], v[1] - along * t[1], v[2] - along * t[2]);
};

/** Sets the frames so that `right` is the rib's way down: the strip shows the rib from outside, without twist. */
function uprightLine(line: SampledLine): SampledLine {
  const rights = new Float64Array(3 * line.count);
  const downs = new Float64Array(3 * line.count);
  let before = patientVector(0, 0, -1);
  for (let n = 0; n < line.count; n++) {
    const t = patientVector(line.tangents[3 * n]!, line.tangents[3 * n + 1]!, line.tangents[3 * n + 2]!);
    const feet = across(patientVector(0, 0, -1), t);
    // A rib that runs straight down has no lower edge: there the last one is carried on.
    const right = normalise(length(feet) > 0.35 ? feet : across(before, t));
    rights.set(right, 3 * n);
    downs.set(cross(t, right), 3 * n);
    before = right;
  }
  return { ...line, rights, downs };
}

/**
 * The rib at even steps with upright frames. It runs smoothly past a fracture's step: the fragments then show where
 * they are, and the picture does not fold.
 */
export function ribLine({ pieces }: Pick<LabelledRib, 'pieces'>): SampledLine {
  const raw = sampleLine(pieces, stepMm);
  const points = Array.from({ length: raw.count }, (_, n) => stationPoint(raw, n));
  const smooth = samplePoints(smoothPinned(points, raw.stepMm, smoothMm, shiftMostMm), stepMm);
  const states = Uint8Array.from({ length: smooth.count }, (_, n) => {
    const at = smooth.count > 1 ? (n * (raw.count - 1)) / (smooth.count - 1) : 0;
    return raw.states[Math.round(at)] ?? 0;
  });
  return uprightLine({ ...smooth, states });
}

/** Ribs of one level share a row of the sheet: by number, else by vertebra, else below all others. */
function rowsOf(bones: LabelledBones): {
  readonly rows: ReadonlyMap<string, number>;
  readonly count: number;
} {
  const levels = new Map(bones.vertebrae.map(({ id }, n) => [id, n]));
  const numbered = bones.ribs.find(
    ({ number, vertebraId }) => number !== null && levels.has(vertebraId ?? ''),
  );
  const base = numbered ? levels.get(numbered.vertebraId!)! - numbered.number! : 0;
  const levelOf = ({ number, vertebraId }: LabelledRib): number =>
    number !== null ? base + number : (levels.get(vertebraId ?? '') ?? Number.POSITIVE_INFINITY);
  const taken = new Map<string, string>();
  const wanted = bones.ribs.map((rib) => ({ rib, level: levelOf(rib) }));
  let beyond = bones.vertebrae.length + 20;
  const placed = wanted.map(({ rib, level }) => {
    let row = level;
    if (!Number.isFinite(row) || taken.has(`${rib.side} ${row}`)) row = beyond++;
    taken.set(`${rib.side} ${row}`, rib.id);
    return { id: rib.id, row };
  });
  const used = [...new Set(placed.map(({ row }) => row))].sort((a, b) => a - b);
  return { rows: new Map(placed.map(({ id, row }) => [id, used.indexOf(row)])), count: used.length };
}

/** Columns of the sheet over which a rib is weak. */
function weakColumns(line: SampledLine, x: number, strip: CprPicture, isLeft: boolean, marginMm: number) {
  const out: { from: number; to: number }[] = [];
  const columnOf = (n: number): number => {
    const row = (marginMm + n * line.stepMm) / strip.spacingMm;
    return x + (isLeft ? row : strip.height - 1 - row);
  };
  let from = -1;
  for (let n = 0; n <= line.count; n++) {
    const isWeak = n < line.count && line.states[n]! >= weakest;
    if (isWeak && from < 0) from = n;
    if (isWeak || from < 0) continue;
    const ends = [columnOf(from), columnOf(n - 1)].sort((a, b) => a - b);
    out.push({ from: Math.floor(ends[0]!), to: Math.ceil(ends[1]!) });
    from = -1;
  }
  return out;
}

/** Problems: BONE_NOT_THERE without ribs; INPUT_INVALID for a spacing or width that makes no picture. */
export function ribSheet(bones: LabelledBones, options: RibSheetOptions = {}): Result<RibSheet> {
  const { spacingMm = 0.8, widthMm = 26, marginMm = 4, gapMm = 2 } = options;
  if (bones.ribs.length === 0) return fail(problem('BONE_NOT_THERE'));
  const { rows, count } = rowsOf(bones);
  const made: { rib: LabelledRib; picture: CprPicture; line: SampledLine }[] = [];
  for (const rib of bones.ribs) {
    const line = ribLine(rib);
    const picture = cprPicture(line, 'straightened', { spacingMm, widthMm, marginMm });
    if (!picture.ok) return picture;
    made.push({ rib, picture: picture.value, line });
  }
  const gap = Math.max(1, Math.round(gapMm / spacingMm));
  const longest = (side: Side): number =>
    Math.max(0, ...made.filter(({ rib }) => rib.side === side).map(({ picture }) => picture.height));
  const [right, left] = [longest('right'), longest('left')];
  const stripHeight = made[0]!.picture.width;
  const before = Math.ceil(marginMm / spacingMm - 1e-9) * spacingMm;
  const strips = made.map(({ rib, picture, line }): RibStrip => {
    const isLeft = rib.side === 'left';
    const x = isLeft ? right + 2 * gap : right - picture.height;
    const at = { x, y: rows.get(rib.id)! * (stripHeight + gap) };
    const { id: ribId, number, side } = rib;
    const weak = weakColumns(line, x, picture, isLeft, before);
    return { ribId, mark: ribMark(side, number), number, side, picture, at, weak };
  });
  return ok({
    strips,
    width: right + 2 * gap + left,
    height: count * stripHeight + (count - 1) * gap,
    spacingMm,
    middleX: right + gap - 0.5,
  });
}

/** A point of the sheet, in pixels with fractions; pixel centres are whole. */
export interface SheetPoint {
  readonly x: number;
  readonly y: number;
}

const toPicture = ({ side, picture, at }: RibStrip, { x, y }: SheetPoint): PicturePoint => ({
  column: y - at.y,
  row: side === 'left' ? x - at.x : picture.height - 1 - (x - at.x),
});

const toSheet = ({ side, picture, at }: RibStrip, { column, row }: PicturePoint): SheetPoint => ({
  x: at.x + (side === 'left' ? row : picture.height - 1 - row),
  y: at.y + column,
});

/** The strip under a point of the sheet and the patient's point there; undefined between strips. */
export function fromSheet(
  sheet: RibSheet,
  point: SheetPoint,
): { readonly strip: RibStrip; readonly pointMm: PatientPoint } | undefined {
  for (const strip of sheet.strips) {
    const pointMm = patientFromPicture(strip.picture, toPicture(strip, point));
    if (pointMm) return { strip, pointMm };
  }
  return undefined;
}

/** Where a patient's point is on the sheet: on the rib that it is nearest to; undefined beside all ribs. */
export function ontoSheet(
  sheet: RibSheet,
  pointMm: PatientPoint,
  nearMm = 15,
): { readonly strip: RibStrip; readonly point: SheetPoint; readonly distanceMm: number } | undefined {
  let best: { strip: RibStrip; point: SheetPoint; distanceMm: number } | undefined;
  for (const strip of sheet.strips) {
    // Most ribs are far away: no row of theirs is searched.
    const least = nearestPlace(strip.picture.line, pointMm)?.distanceMm;
    if (least === undefined || least > Math.min(nearMm, best?.distanceMm ?? nearMm)) continue;
    const place = placesFromPatient(strip.picture, pointMm).toSorted(
      (a, b) => a.distanceMm - b.distanceMm,
    )[0];
    if (!place || place.distanceMm > nearMm || (best && best.distanceMm <= place.distanceMm)) continue;
    best = { strip, point: toSheet(strip, place), distanceMm: place.distanceMm };
  }
  return best;
}

/** Each strip's scene, to be drawn as any curved picture and laid onto the sheet by `layStrip`. */
export const stripScene = (strip: RibStrip, look: CprLook): CurvedScene => cprScene(strip.picture, look);

/** Lays a drawn strip (one number a pixel, e.g. RGBA as 32 bits) onto the sheet's pixels. */
export function layStrip<T extends Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array | Float32Array>(
  sheet: RibSheet,
  strip: RibStrip,
  drawn: T,
  onto: T,
): void {
  const { width, height } = strip.picture;
  for (let row = 0; row < height; row++) {
    const x = strip.at.x + (strip.side === 'left' ? row : height - 1 - row);
    for (let column = 0; column < width; column++)
      onto[x + sheet.width * (strip.at.y + column)] = drawn[row * width + column]!;
  }
}
