import { applyDirection, dot, normalise } from './matrices.ts';
import type { Mat4, PatientVector, Vec3 } from './types.ts';

/** Edge letters and the anatomical naming of axes, for LPS patient space (PS3.3 C.7.6.2.1.1). */
export type AnatomicalLetter = 'A' | 'P' | 'L' | 'R' | 'H' | 'F';

const letterPairs: readonly (readonly [AnatomicalLetter, AnatomicalLetter])[] = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
];

/** Below this share of the vector (sin 15°) a second direction is not worth a letter. */
const secondLetterLeast = Math.sin((15 * Math.PI) / 180);

/** Where `v` points, strongest first, at most two letters (`L`, `LP`). Empty for a zero vector. */
export function orientationLetters(v: PatientVector): string {
  const unit = normalise(v);
  return [0, 1, 2]
    .map((axis) => ({ axis, share: Math.abs(unit[axis]!) }))
    .filter(({ share }) => share >= secondLetterLeast)
    .sort((a, b) => b.share - a.share || a.axis - b.axis)
    .slice(0, 2)
    .map(({ axis }) => letterPairs[axis]![unit[axis]! > 0 ? 0 : 1])
    .join('');
}

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** The letters of the four edges of a picture whose columns run along `right` and rows along `down`. */
export function edgeLetters(right: PatientVector, down: PatientVector): EdgeLetters {
  const back = (v: PatientVector): PatientVector => [-v[0], -v[1], -v[2]] as unknown as PatientVector;
  return {
    left: orientationLetters(back(right)),
    right: orientationLetters(right),
    top: orientationLetters(back(down)),
    bottom: orientationLetters(down),
  };
}

export type PlaneName = 'axial' | 'sagittal' | 'coronal';

/** The anatomical plane nearest to a normal, and how far from it in radians. */
export function nearestPlane(normal: PatientVector): { readonly name: PlaneName; readonly angleRad: number } {
  const unit = normalise(normal);
  const shares: readonly (readonly [PlaneName, number])[] = [
    ['sagittal', Math.abs(unit[0])],
    ['coronal', Math.abs(unit[1])],
    ['axial', Math.abs(unit[2])],
  ];
  const best = shares.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { name: best[0], angleRad: Math.acos(Math.min(1, best[1])) };
}

const permutations: readonly Vec3[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * For patient axes x, y, z the index axis (0, 1, 2) that carries each: the best of the six
 * permutations as a whole, so that two patient axes never name the same index axis.
 */
export function indexAxisOfPatientAxis(patientFromIndex: Mat4): Vec3 {
  const axes = [0, 1, 2].map((axis) =>
    normalise(applyDirection(patientFromIndex, [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0])),
  );
  const unit: readonly Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const score = (p: Vec3): number => unit.reduce((sum, u, i) => sum + Math.abs(dot(axes[p[i]!]!, u)), 0);
  return permutations.reduce((best, p) => (score(p) > score(best) + 1e-12 ? p : best));
}
