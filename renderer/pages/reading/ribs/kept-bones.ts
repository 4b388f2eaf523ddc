import { isVertebraLabel, ribNumberMost } from '../../../../core/analysis/ribs/bone-names.ts';
import type { LabelledRib, LabelledVertebra } from '../../../../core/analysis/ribs/labels.ts';
import type { LinePiece } from '../../../../core/analysis/types.ts';
import { type PatientPoint, patientVector } from '../../../../core/geometry/types.ts';
import { packPoints, unpackPoints } from '../cpr/kept-vessel.ts';
import { roundPoint } from '../cpr/vessel-state.ts';
import {
  countOf,
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
import { type StudyBones, spineOf } from './study-bones.ts';

/** Bones as they are kept: points as the steps between them, pieces of ribs apart, so that steps of undo share them. */

const packVertebra = ({ centreMm, isCut, ...rest }: LabelledVertebra) => ({
  ...rest,
  at: packPoints([centreMm]),
  cut: isCut,
});

/** `placeOf` names the place of a piece among those kept. */
export const packBones = (
  { seriesKey, group, spineMm, bones }: StudyBones,
  placeOf: (piece: LinePiece) => number,
) => ({
  seriesKey,
  group,
  spine: packPoints(spineMm),
  canal: packPoints(bones.canalMm),
  vertebrae: bones.vertebrae.map(packVertebra),
  ribs: bones.ribs.map(({ pieces, ...rest }) => ({ ...rest, pieces: pieces.map(placeOf) })),
});

function vertebraOf(x: unknown): LabelledVertebra {
  const v = fieldsOf(x);
  const [centreMm] = unpackPoints(v['at']);
  const [a, b, c] = numbersOf(v['down'], 3);
  const label = orNull(v['label'], (name) => textOf(name));
  if (!centreMm || (label !== null && !isVertebraLabel(label))) throw new NotKept('vertebra');
  return {
    id: textOf(v['id']),
    centreMm,
    down: patientVector(a!, b!, c!),
    heightMm: positiveOf(v['heightMm']),
    atMm: numberOf(v['atMm']),
    isCut: flagOf(v['cut']),
    label,
  };
}

function ribOf(x: unknown, pieces: readonly (LinePiece | null)[]): LabelledRib {
  const r = fieldsOf(x);
  const own = listOf(r['pieces'], (n) => {
    const piece = pieces[countOf(n)];
    if (!piece) throw new NotKept('piece');
    return piece;
  });
  const number = orNull(r['number'], countOf);
  const isNumber = number === null || (number >= 1 && number <= ribNumberMost);
  if (own.length === 0 || !isNumber) throw new NotKept('rib');
  return {
    id: textOf(r['id']),
    side: oneOf(r['side'], ['left', 'right']),
    vertebraId: orNull(r['vertebraId'], (id) => textOf(id)),
    pieces: own,
    lengthMm: positiveOf(r['lengthMm']),
    isCut: flagOf(r['isCut']),
    number,
    isFixed: flagOf(r['isFixed']),
  };
}

const points = (x: unknown): readonly PatientPoint[] => unpackPoints(x).map(roundPoint);

/** @throws NotKept where they are no bones */
export function bonesOf(x: unknown, pieces: readonly (LinePiece | null)[]): StudyBones {
  const b = fieldsOf(x);
  const spineMm = points(b['spine']);
  return {
    seriesKey: textOf(b['seriesKey']),
    group: countOf(b['group']),
    spineMm,
    bones: {
      canalMm: points(b['canal']),
      spine: spineOf(spineMm),
      vertebrae: listOf(b['vertebrae'], vertebraOf, 60),
      ribs: listOf(b['ribs'], (rib) => ribOf(rib, pieces), 100),
    },
  };
}
