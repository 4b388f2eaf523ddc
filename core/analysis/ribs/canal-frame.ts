import { cross, dot, normalise } from '../../geometry/matrices.ts';
import {
  type PatientPoint,
  type PatientVector,
  patientPoint,
  patientVector,
  type Vec3,
} from '../../geometry/types.ts';
import { resampleEvenly } from '../curve/polyline.ts';
import { smoothPinned } from '../curve/smooth.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';

/** The canal with axes at each station, and how far its front wall is. */
export interface CanalStation {
  readonly centreMm: PatientPoint;
  /** Unit vectors: towards the feet, to the patient's left, to the front. */
  readonly down: PatientVector;
  readonly left: PatientVector;
  readonly front: PatientVector;
  /** From the centre to the back of the vertebral bodies. */
  readonly wallMm: number;
}

/** From station to station. */
export const canalStepMm = 1;
const wallHu = 190;
const wallMostMm = 20;
const rayStepMm = 0.5;
const raySteps = Math.round(wallMostMm / rayStepMm) + 1;
/** Over this much of the canal distances are put together: a vertebra has walls all round, a disc has not. */
const reachMm = 14;

export const along = (p: Vec3, v: Vec3, mm: number): PatientPoint =>
  patientPoint(p[0] + v[0] * mm, p[1] + v[1] * mm, p[2] + v[2] * mm);

function axesAt(points: readonly PatientPoint[], n: number): Omit<CanalStation, 'centreMm' | 'wallMm'> {
  const reach = 6;
  const a = points[Math.max(0, n - reach)]!;
  const b = points[Math.min(points.length - 1, n + reach)]!;
  const down = normalise(patientVector(b[0] - a[0], b[1] - a[1], b[2] - a[2]));
  const x = patientVector(1, 0, 0);
  const aside = dot(x, down);
  const left = normalise(
    patientVector(x[0] - aside * down[0], x[1] - aside * down[1], x[2] - aside * down[2]),
  );
  return { down, left, front: cross(down, left) };
}

/** Distance to bone; NaN without. */
function wallAt(sampler: FieldSampler, from: Vec3, direction: Vec3, buffer: Float64Array): number {
  const step: Vec3 = [direction[0] * rayStepMm, direction[1] * rayStepMm, direction[2] * rayStepMm];
  sampler.ray(buffer, 0, raySteps, from, step);
  for (let s = 2; s < raySteps; s++) if (buffer[s]! >= wallHu) return s * rayStepMm;
  return Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians over a window of stations; where there is nothing, the nearest that has something. */
function runningMedian(values: readonly number[], reach: number, instead: number): number[] {
  const out = values.map((_, n) => median(values.slice(Math.max(0, n - reach), n + reach + 1)));
  const known = out.findIndex(Number.isFinite);
  let last = known >= 0 ? out[known]! : instead;
  return out.map((value) => {
    if (Number.isFinite(value)) last = value;
    return last;
  });
}

interface Walls {
  readonly asideMm: readonly number[];
  readonly frontMm: readonly number[];
  readonly backMm: readonly number[];
}

function wallsOf(sampler: FieldSampler, points: readonly PatientPoint[]): Walls {
  const buffer = new Float64Array(raySteps);
  const asideMm: number[] = [];
  const frontMm: number[] = [];
  const backMm: number[] = [];
  points.forEach((p, n) => {
    const { left, front } = axesAt(points, n);
    const l = wallAt(sampler, p, left, buffer);
    const r = wallAt(sampler, p, [-left[0], -left[1], -left[2]], buffer);
    asideMm.push((l - r) / 2);
    const fronts = [-4, 0, 4].map((mm) => wallAt(sampler, along(p, left, mm), front, buffer));
    frontMm.push(median(fronts));
    backMm.push(wallAt(sampler, p, [-front[0], -front[1], -front[2]], buffer));
  });
  return { asideMm, frontMm, backMm };
}

/** Moves the rough canal into its middle, station by station. */
export function canalStations(sampler: FieldSampler, rough: readonly PatientPoint[]): CanalStation[] {
  const reach = Math.round(reachMm / canalStepMm);
  let points = resampleEvenly(rough, canalStepMm);
  points = smoothPinned(points, canalStepMm, 10, 5);
  for (let round = 0; round < 2; round++) {
    const { asideMm, frontMm, backMm } = wallsOf(sampler, points);
    const aside = runningMedian(asideMm, reach, 0);
    const forwards = runningMedian(
      frontMm.map((mm, n) => (mm - backMm[n]!) / 2),
      reach,
      0,
    );
    const now = points;
    const shifted = now.map((p, n) => {
      const { left, front } = axesAt(now, n);
      return along(along(p, left, aside[n]!), front, forwards[n]!);
    });
    points = resampleEvenly(smoothPinned(shifted, canalStepMm, 10, 5), canalStepMm);
  }
  const { frontMm } = wallsOf(sampler, points);
  const walls = runningMedian(frontMm, reach, 9);
  // The canal is about as deep everywhere: what is nearer or farther is another bone.
  const usual = median(walls);
  const wallMm = walls.map((mm) => Math.max(usual - 1.5, Math.min(usual + 3, mm)));
  return points.map((centreMm, n) => ({ centreMm, ...axesAt(points, n), wallMm: wallMm[n]! }));
}
