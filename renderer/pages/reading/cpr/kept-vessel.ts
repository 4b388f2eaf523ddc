import type { Centreline, ControlPoint, LinePiece, LumenContour } from '../../../../core/analysis/types.ts';
import { pieceStates } from '../../../../core/analysis/types.ts';
import {
  type PatientPoint,
  type PatientVector,
  patientPoint,
  patientVector,
} from '../../../../core/geometry/types.ts';
import {
  fieldsOf,
  flagOf,
  listOf,
  NotKept,
  numberOf,
  numbersOf,
  oneOf,
  orNull,
  positiveOf,
  textOf,
} from '../keeping/kept-checks.ts';
import {
  type CprPlace,
  type CprView,
  cprPictures,
  type LesionMarks,
  roundLine,
  roundPiece,
  type VesselLine,
} from './vessel-state.ts';

/**
 * Lines as they are kept: points in whole micrometres, each as the step from the one before, so that a line of 250 mm
 * takes about 6 kB. Lines are round to 0.001 mm already (`roundLine`): nothing is lost.
 */

const perMm = 1000;
/** Points of one piece: more than any vessel has at 0.1 mm. */
const pointsMost = 50_000;

export function packPoints(points: readonly PatientPoint[]): readonly number[] {
  const out: number[] = [];
  let last = [0, 0, 0];
  for (const p of points) {
    const now = p.map((mm) => Math.round(mm * perMm));
    for (let axis = 0; axis < 3; axis += 1) out.push(now[axis]! - last[axis]!);
    last = now;
  }
  return out;
}

export function unpackPoints(x: unknown): readonly PatientPoint[] {
  const steps = listOf(x, numberOf, 3 * pointsMost);
  if (steps.length % 3 !== 0) throw new NotKept('points');
  const points: PatientPoint[] = [];
  const at = [0, 0, 0];
  for (let n = 0; n < steps.length; n += 3) {
    for (let axis = 0; axis < 3; axis += 1) at[axis] = at[axis]! + steps[n + axis]!;
    points.push(patientPoint(at[0]! / perMm, at[1]! / perMm, at[2]! / perMm));
  }
  return points;
}

const packContour = ({ sMm, centreMm, right, down, radiiMm }: LumenContour) => ({
  s: sMm,
  at: packPoints([centreMm]),
  right,
  down,
  r: Array.from(radiiMm, (mm) => Math.round(mm * perMm)),
});

const vectorOf = (x: unknown): PatientVector => {
  const [a, b, c] = numbersOf(x, 3);
  return patientVector(a!, b!, c!);
};

function contourOf(x: unknown): LumenContour {
  const { s, at, right, down, r } = fieldsOf(x);
  const [centreMm] = unpackPoints(at);
  const radii = listOf(r, numberOf, 1024);
  if (!centreMm || radii.length < 3) throw new NotKept('contour');
  return {
    sMm: numberOf(s),
    centreMm,
    right: vectorOf(right),
    down: vectorOf(down),
    radiiMm: Float64Array.from(radii, (n) => n / perMm),
    edited: true,
  };
}

function lesionOf(x: unknown): LesionMarks {
  const { fromMm, toMm, proximalMm, distalMm } = fieldsOf(x);
  return {
    fromMm: numberOf(fromMm),
    toMm: numberOf(toMm),
    proximalMm: orNull(proximalMm, numberOf),
    distalMm: orNull(distalMm, numberOf),
  };
}

/** A piece, kept apart: lines of several steps share those that did not change. */
export const packPiece = ({ pointsMm, state }: LinePiece) => ({
  state: pieceStates.indexOf(state),
  at: packPoints(pointsMm),
});

export function pieceOf(x: unknown): LinePiece {
  const { state, at } = fieldsOf(x);
  const name = pieceStates[numberOf(state)];
  if (!name) throw new NotKept('piece');
  return roundPiece({ pointsMm: unpackPoints(at), state: name });
}

/** `placeOf` names the place of a piece among those kept. */
export function packVesselLine(
  { line, sectionMm, edited, lesion, rule }: VesselLine,
  placeOf: (piece: LinePiece) => number,
) {
  const { controls, pieces, ...rest } = line;
  return {
    ...rest,
    controls: packPoints(controls.map(({ pointMm }) => pointMm)),
    snapped: controls.map(({ snapped }) => (snapped ? 1 : 0)),
    pieces: pieces.map(placeOf),
    sectionMm,
    edited: edited.map(packContour),
    lesion,
    rule,
  };
}

function controlsOf(x: unknown, snapped: unknown): readonly ControlPoint[] {
  const points = unpackPoints(x);
  const flags = listOf(snapped, numberOf);
  if (flags.length !== points.length) throw new NotKept('controls');
  return points.map((pointMm, n) => ({ pointMm, snapped: flags[n] === 1 }));
}

/** @throws NotKept where it is no line */
export function vesselLineOf(x: unknown, pieces: readonly (LinePiece | null)[]): VesselLine {
  const v = fieldsOf(x);
  const controls = controlsOf(v['controls'], v['snapped']);
  const own = listOf(v['pieces'], (n) => {
    const piece = pieces[numberOf(n)];
    if (!piece) throw new NotKept('piece');
    return piece;
  });
  if (own.length !== Math.max(0, controls.length - 1)) throw new NotKept('pieces');
  const parent = v['parent'] === undefined ? undefined : fieldsOf(v['parent']);
  const line: Centreline = {
    id: textOf(v['id']),
    kind: oneOf(v['kind'], ['vessel', 'airway', 'rib', 'spine', 'dental']),
    nameId: orNull(v['nameId'], (id) => textOf(id)),
    customName: textOf(v['customName']),
    seriesKey: textOf(v['seriesKey']),
    groupId: textOf(v['groupId']),
    frameOfReferenceUID: textOf(v['frameOfReferenceUID']),
    verdict: oneOf(v['verdict'], ['exact', 'resampled', 'approximate', 'none']),
    controls,
    pieces: own,
    ...(parent && { parent: { lineId: textOf(parent['lineId']), atMm: numberOf(parent['atMm']) } }),
  };
  return {
    line: roundLine(line),
    sectionMm: positiveOf(v['sectionMm']),
    edited: listOf(v['edited'], contourOf),
    lesion: orNull(v['lesion'], lesionOf),
    rule: oneOf(v['rule'], ['mean', 'NASCET', 'ECST']),
  };
}

function placeOf(x: unknown): CprPlace {
  const { mmPerPx, panXMm, panYMm } = fieldsOf(x);
  return { mmPerPx: orNull(mmPerPx, positiveOf), panXMm: numberOf(panXMm), panYMm: numberOf(panYMm) };
}

/** @throws NotKept where it is no view */
export function cprViewOf(x: unknown): CprView {
  const v = fieldsOf(x);
  const places = fieldsOf(v['places']);
  return {
    picture: oneOf(v['picture'], cprPictures),
    turnDeg: numberOf(v['turnDeg']),
    slabMm: Math.max(0, numberOf(v['slabMm'])),
    projection: oneOf(v['projection'], ['mip', 'mean']),
    isAlong: flagOf(v['isAlong'] ?? false),
    cursorMm: numberOf(v['cursorMm']),
    places: {
      curved: placeOf(places['curved']),
      straight: placeOf(places['straight']),
      section: placeOf(places['section']),
    },
  };
}
