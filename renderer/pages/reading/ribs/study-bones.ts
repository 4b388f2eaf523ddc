import { samplePoints, stationPoint } from '../../../../core/analysis/curve/sample-line.ts';
import type { LabelledBones } from '../../../../core/analysis/ribs/labels.ts';
import type { FoundBones } from '../../../../core/analysis/ribs/types.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { type PatientPoint, patientVector } from '../../../../core/geometry/types.ts';
import { roundPiece, roundPoint } from '../cpr/vessel-state.ts';

/** Spine and ribs of one volume as a reader has named and mended them: undone, kept. */
export interface StudyBones {
  readonly seriesKey: string;
  readonly group: number;
  /** What the spine's line is made from. */
  readonly spineMm: readonly PatientPoint[];
  readonly bones: LabelledBones;
}

const spineStepMm = 1;

/** The spine at even steps, `right` to the patient's left. */
export const spineOf = (points: readonly PatientPoint[]): SampledLine =>
  samplePoints(points.length > 1 ? points : [], spineStepMm, {
    right: patientVector(1, 0, 0),
    state: 'found',
  });

/** Points to 0.001 mm: what is shown now is what is shown after a restart. Pieces that are round stay the same objects. */
export const roundBones = (bones: LabelledBones): LabelledBones => ({
  ...bones,
  canalMm: bones.canalMm.map(roundPoint),
  vertebrae: bones.vertebrae.map((vertebra) => ({ ...vertebra, centreMm: roundPoint(vertebra.centreMm) })),
  ribs: bones.ribs.map((rib) => ({ ...rib, pieces: rib.pieces.map(roundPiece) })),
});

/** Bones as they were found: nobody has named one yet. */
export function unnamedBones(seriesKey: string, group: number, found: FoundBones): StudyBones {
  const spineMm = Array.from({ length: found.spine.count }, (_, n) =>
    roundPoint(stationPoint(found.spine, n)),
  );
  const bones: LabelledBones = {
    ...found,
    spine: spineOf(spineMm),
    vertebrae: found.vertebrae.map((vertebra) => ({ ...vertebra, label: null })),
    ribs: found.ribs.map((rib) => ({ ...rib, number: null, isFixed: false })),
  };
  return { seriesKey, group, spineMm, bones: roundBones(bones) };
}

/** True once a reader has named a bone. */
export const isNamed = ({ vertebrae, ribs }: LabelledBones): boolean =>
  vertebrae.some(({ label }) => label !== null) || ribs.some(({ number }) => number !== null);
