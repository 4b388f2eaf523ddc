import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { cross, moved, normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientPoint, patientVector } from '../../geometry/types.ts';
import { distanceMm, isFinitePoint } from '../curve/polyline.ts';
import { type FieldSampler, fieldSampler } from '../lumen/field-sampler.ts';
import type { LineKind, ScalarField } from '../types.ts';
import { bandOf, guessLumen, isBone, type LumenGuess } from './lumen-guess.ts';
import { SectionReader } from './section-centre.ts';

/** A click as a place in a lumen. */
export interface SnappedPoint {
  readonly pointMm: PatientPoint;
  readonly radiusMm: number;
  /** Unit, along the lumen; which way round is not known. */
  readonly along: PatientVector;
  readonly movedMm: number;
}

/** Values below this are air or lung in HU; other modalities have none so low. */
const airHu = -300;
/** How far beside the lumen a click may be. */
const searchMm = 3;

/** Place and lumen there, or why there is none. `n` counts the points for the sentence, from 1. */
export interface PlacedPoint {
  readonly pointMm: PatientPoint;
  readonly guess: LumenGuess;
}

export function placePoint(
  sampler: FieldSampler,
  at: PatientPoint,
  kind: LineKind,
  n: number,
): Result<PlacedPoint> {
  if (!isFinitePoint(at)) return fail(problem('PATH_POINT_OUTSIDE', { n }));
  const guess = guessLumen(sampler, at, kind);
  if (!guess) return fail(problem('PATH_POINT_OUTSIDE', { n }));
  if (kind !== 'airway' && guess.value < airHu) return fail(problem('PATH_POINT_IN_AIR', { n }));
  if (!Number.isFinite(guess.around)) return fail(problem('PATH_NO_LUMEN', { n }));
  return ok({ pointMm: at, guess });
}

/** The nearest place around a click that is clearly brighter than the click itself, for clicks on a wall. */
function brighterNearby(sampler: FieldSampler, at: PatientPoint, guess: LumenGuess): PatientPoint {
  const stepMm = 0.5;
  const reach = Math.round(searchMm / stepMm);
  const row = new Float64Array(2 * reach + 1);
  let best = at;
  let bestScore = guess.value + 2 * guess.noise;
  for (let k = -reach; k <= reach; k++)
    for (let j = -reach; j <= reach; j++) {
      const start = moved(at, [-searchMm, j * stepMm, k * stepMm]);
      sampler.ray(row, 0, row.length, start, [stepMm, 0, 0]);
      for (let i = 1; i < row.length - 1; i++) {
        const awayMm = Math.hypot(i - reach, j, k) * stepMm;
        if (awayMm > searchMm) continue;
        const value = (guess.sign * (row[i - 1]! + row[i]! + row[i + 1]!)) / 3;
        const score = value - (awayMm / searchMm) * 0.3 * (guess.value - guess.around);
        if (score > bestScore) {
          bestScore = score;
          best = patientPoint(start[0] + i * stepMm, start[1], start[2]);
        }
      }
    }
  return best;
}

/** A value in the click that is less than half-way to what lies around it: beside the lumen, on its wall. */
const isOnWall = (guess: LumenGuess, kind: LineKind, spacing: number): boolean =>
  !isBone(kind) && guess.radiusMm < 1.2 * spacing;

/**
 * Moves a click to the middle of the lumen it is in (or on the wall of): the centre of the section across the
 * direction in which the lumen goes on, four times. PATH_POINT_OUTSIDE, PATH_POINT_IN_AIR, PATH_NO_LUMEN.
 */
export function snapPoint(
  field: ScalarField,
  at: PatientPoint,
  options: { readonly kind: LineKind; readonly n?: number },
): Result<SnappedPoint> {
  const { kind, n = 1 } = options;
  const sampler = fieldSampler(field);
  if (!sampler) return fail(problem('PATH_GEOMETRY_UNSAFE'));
  let placed = placePoint(sampler, at, kind, n);
  if (!placed.ok) return placed;
  if (isOnWall(placed.value.guess, kind, Math.max(...sampler.spacingMm))) {
    const better = placePoint(sampler, brighterNearby(sampler, at, placed.value.guess), kind, n);
    if (better.ok && better.value.guess.openShare < 0.5) placed = better;
  }
  let { pointMm, guess } = placed.value;
  for (let round = 0; round < 4; round++) {
    const next = centred(sampler, pointMm, guess, kind);
    const again = next && guessLumen(sampler, next, kind);
    if (!next || !again || !Number.isFinite(again.around)) break;
    const stepMm = distanceMm(next, pointMm);
    [pointMm, guess] = [next, again];
    if (stepMm < 0.02) break;
  }
  return ok({
    pointMm,
    radiusMm: guess.radiusMm,
    along: patientVector(...guess.along),
    movedMm: distanceMm(at, pointMm),
  });
}

/** The section's centre across the guess' direction; null where it has no wall around it. */
function centred(
  sampler: FieldSampler,
  at: PatientPoint,
  guess: LumenGuess,
  kind: LineKind,
): PatientPoint | null {
  const along = patientVector(...guess.along);
  const helper = Math.abs(along[0]) < 0.7 ? patientVector(1, 0, 0) : patientVector(0, 1, 0);
  const right = normalise(cross(along, helper));
  const down = cross(along, right);
  const reader = new SectionReader(
    sampler,
    { sign: guess.sign, ...bandOf(guess, kind) },
    2.5 * guess.radiusMm + 3,
  );
  const centre = reader.centre(at, right, down);
  if (!centre || centre.closedShare < 0.6) return null;
  return moved(moved(at, right, centre.rightMm), down, centre.downMm);
}
