import { type EdgeLetters, edgeLetters } from '../../core/geometry/orientation.ts';
import { type PatientVector, patientVector } from '../../core/geometry/types.ts';
import type { FullAttributes } from './corner-texts.ts';
import type { Turn } from './view-transform.ts';

/** Row and column cosines of a frame; undefined where the file gives none that can be used. */
export function imageAxes(
  cosines: readonly number[] | undefined,
): { readonly right: PatientVector; readonly down: PatientVector } | undefined {
  if (cosines?.length !== 6 || !cosines.every(Number.isFinite)) return undefined;
  const [a, b, c, d, e, f] = cosines as [number, number, number, number, number, number];
  if (Math.hypot(a, b, c) < 0.5 || Math.hypot(d, e, f) < 0.5) return undefined;
  return { right: patientVector(a, b, c), down: patientVector(d, e, f) };
}

const combined = (v: PatientVector, x: number, w: PatientVector, y: number): PatientVector =>
  patientVector(v[0] * x + w[0] * y, v[1] * x + w[1] * y, v[2] * x + w[2] * y);

const opposite: Readonly<Record<string, string>> = { A: 'P', P: 'A', L: 'R', R: 'L', H: 'F', F: 'H' };
const opposed = (letters: string): string => [...letters].map((letter) => opposite[letter] ?? '').join('');
const isLetters = (text: string): boolean => /^[APLRHF]{1,3}$/.test(text);

/**
 * Letters of the four screen edges after rotation and flip: from Image Orientation (Patient), else from Patient
 * Orientation (PS3.3 C.7.6.1.1.1). Null when neither is known: never guessed.
 */
export function stackLetters(attributes: FullAttributes, turn: Turn): EdgeLetters | null {
  const axes = imageAxes(attributes.ImageOrientationPatient);
  if (axes) {
    // The screen's right in image axes is the first row of the turn, its down the second.
    return edgeLetters(
      combined(axes.right, turn[0], axes.down, turn[1]),
      combined(axes.right, turn[2], axes.down, turn[3]),
    );
  }
  const [right = '', down = ''] = attributes.PatientOrientation ?? [];
  if (!isLetters(right) || !isLetters(down)) return null;
  const along = (onRight: number, onDown: number): string => {
    if (onRight !== 0) return onRight > 0 ? right : opposed(right);
    return onDown > 0 ? down : opposed(down);
  };
  const screenRight = along(turn[0], turn[1]).slice(0, 2);
  const screenDown = along(turn[2], turn[3]).slice(0, 2);
  return { left: opposed(screenRight), right: screenRight, top: opposed(screenDown), bottom: screenDown };
}
