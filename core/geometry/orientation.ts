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

export interface NamedPlane {
  readonly name: PlaneName;
  /** Of the plane off the anatomical one. */
  readonly angleRad: number;
}

/** How far a plane is turned off each anatomical one. */
function planeAngles(normal: PatientVector): readonly [NamedPlane, NamedPlane, NamedPlane] {
  const [x, y, z] = normalise(normal);
  const angle = (name: PlaneName, share: number): NamedPlane => ({
    name,
    angleRad: Math.acos(Math.min(1, Math.abs(share))),
  });
  return [angle('sagittal', x), angle('coronal', y), angle('axial', z)];
}

/** The anatomical plane nearest to a normal, and how far from it in radians. */
export const nearestPlane = (normal: PatientVector): NamedPlane =>
  planeAngles(normal).reduce((a, b) => (b.angleRad < a.angleRad ? b : a));

/** Half-way between two anatomical planes a plane keeps the name that it had, and its angle is that to the plane of this name. */
const nearerRad = (0.5 * Math.PI) / 180;

/** What a plane that began as `first` is called now, however it was turned since: the anatomical plane nearest to it. */
export function namedPlane(normal: PatientVector, first: PlaneName): NamedPlane {
  const nearest = nearestPlane(normal);
  const own = planeAngles(normal).find(({ name }) => name === first) ?? nearest;
  return own.angleRad - nearest.angleRad > nearerRad ? nearest : own;
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
