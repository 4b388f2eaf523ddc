import { cross, dot, normalise } from '../../geometry/matrices.ts';
import {
  type PatientPoint,
  type PatientVector,
  patientPoint,
  patientVector,
  type Vec3,
} from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';

/**
 * A rib cut across: a shell of compact bone with softer bone or marrow inside, some millimetres thick and a
 * centimetre tall. Rays from a guess outwards find where the shell ends; the middle of that outline is the rib's.
 */
export interface RibSection {
  readonly centreMm: PatientPoint;
  /** Share of the rays that pass through bone and out of it; leaks are cut short and count. */
  readonly closedShare: number;
  /** Share of the rays along which bone does not end. */
  readonly openShare: number;
  /** Share of the rays that went on into a neighbouring bone and were cut short. */
  readonly leakShare: number;
  readonly areaMm2: number;
}

export const boneHu = 160;
const rays = 32;
const stepMm = 0.5;
/** Taller ribs do not exist; a sheet (shoulder blade, hip bone) goes on. */
const mostMm = 11;
const steps = Math.round(mostMm / stepMm) + 2;
/** Marrow between the guess and the shell, or outside the rib where the guess missed it. */
const marrowMm = 8.5;
/** Air of the lung ends a ray. */
const lungHu = -300;
/** Gaps in the shell's wall and trabecular texture. */
const textureMm = 1.5;

/** Two unit vectors across a direction. */
export function acrossOf(direction: Vec3): readonly [PatientVector, PatientVector] {
  const d = normalise(patientVector(direction[0], direction[1], direction[2]));
  const aside = Math.abs(d[2]) < 0.9 ? patientVector(0, 0, 1) : patientVector(1, 0, 0);
  const along = dot(aside, d);
  const u = normalise(
    patientVector(aside[0] - along * d[0], aside[1] - along * d[1], aside[2] - along * d[2]),
  );
  return [u, cross(d, u)];
}

/** Where values fall below bone's between sample `s` and the next. */
function edgeAfter(values: Float64Array, offset: number, s: number): number {
  const [inside, outside] = [values[offset + s]!, values[offset + s + 1]!];
  const share = outside < inside ? (inside - boneHu) / (inside - outside) : 0;
  return Math.min(mostMm, (s + Math.max(0, Math.min(1, share))) * stepMm);
}

/**
 * Where bone ends along a ray: −1 without bone, `mostMm` where it does not end. Marrow is passed only where the rib is
 * known to reach as far as `usualMm` (0: nothing is known): bone behind wider soft tissue may be another one.
 */
function outerEdge(values: Float64Array, offset: number, usualMm: number): number {
  let last = -1;
  let near = -1;
  for (let s = 0; s < steps; s++) {
    const value = values[offset + s]!;
    if (value >= boneHu) {
      // The first edge stands unless the shell behind the marrow ends where it should.
      if (last >= 0 && near < 0 && (s - last) * stepMm > textureMm + stepMm)
        near = edgeAfter(values, offset, last);
      last = s;
      continue;
    }
    if (!(value > lungHu)) break;
    const gapMm = last < 0 ? s * stepMm : (s - last) * stepMm;
    const mayPass = last < 0 || (usualMm > 0 && near < 0 && s * stepMm <= usualMm);
    if (gapMm > (mayPass ? marrowMm : textureMm)) break;
  }
  if (last < 0) return -1;
  const far = last >= steps - 2 ? mostMm : edgeAfter(values, offset, last);
  return near >= 0 && far > usualMm ? near : far;
}

/** How much further than before a ray may go before it is taken for a leak. */
const leakFactor = 1.3;
const leakMm = 1;
/** Of its usual length that a ray has where the rib lies in its place. */
const oppositeShare = 0.6;
/** How fast the rib's usual outline follows it. */
const learnShare = 0.12;

/** Of three neighbouring rays the middle one: a single ray that leaks counts for nothing. */
const middleOf = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

/** The usual outline of the rib being followed, ray by ray. */
export class UsualOutline {
  readonly radii = new Float64Array(rays);
  private isKnown = false;

  /** Longest way of a ray; `mostMm` while nothing is known. */
  limit(n: number): number {
    return this.isKnown ? Math.min(mostMm, leakFactor * this.radii[n]! + leakMm) : mostMm;
  }

  /**
   * Cuts leaking rays short, and counts them. Where the ray opposite is as long as ever the rib lies where it is
   * expected and touches another bone; where that is short, the rib itself has stepped aside.
   */
  cutShort(radii: Float64Array): number {
    let leaks = 0;
    if (!this.isKnown) return leaks;
    for (let n = 0; n < rays; n++) {
      const limit = this.limit(n);
      if (radii[n]! <= limit && radii[n]! < mostMm) continue;
      const opposite = (n + rays / 2) % rays;
      const isTouching = radii[opposite]! >= oppositeShare * this.radii[opposite]!;
      radii[n] = isTouching ? this.radii[n]! : Math.min(limit, mostMm - stepMm);
      leaks += 1;
    }
    return leaks;
  }

  /** How far the rib may reach along a ray; 0 while nothing is known. */
  reach(n: number): number {
    return this.isKnown ? this.limit(n) : 0;
  }

  learn(radii: Float64Array): void {
    const share = this.isKnown ? learnShare : 1;
    for (let n = 0; n < rays; n++) {
      const smooth = middleOf(radii[(n + rays - 1) % rays]!, radii[n]!, radii[(n + 1) % rays]!);
      const now = Math.min(Math.max(0, smooth), this.limit(n));
      this.radii[n] = this.radii[n]! + share * (now - this.radii[n]!);
    }
    this.isKnown = true;
  }
}

/** Sections of one field. */
export class RibCutter {
  private readonly sampler: FieldSampler;
  private readonly values = new Float64Array(rays * steps);
  /** Of the last section, as cut. */
  readonly radii = new Float64Array(rays);

  constructor(sampler: FieldSampler) {
    this.sampler = sampler;
  }

  /** The section across `direction` around a guess; its centre is that of the outline seen from the guess. */
  private once(guess: Vec3, [u, v]: readonly [Vec3, Vec3], usual: UsualOutline | undefined): RibSection {
    const { values, radii, sampler } = this;
    for (let n = 0; n < rays; n++) {
      const angle = (2 * Math.PI * n) / rays;
      const [c, s] = [stepMm * Math.cos(angle), stepMm * Math.sin(angle)];
      const step: Vec3 = [c * u[0] + s * v[0], c * u[1] + s * v[1], c * u[2] + s * v[2]];
      sampler.ray(values, n * steps, steps, guess, step);
      radii[n] = outerEdge(values, n * steps, usual?.reach(n) ?? 0);
    }
    const leaks = usual ? usual.cutShort(radii) : 0;
    let closed = 0;
    let open = 0;
    for (let n = 0; n < rays; n++) {
      if (radii[n]! >= mostMm) open += 1;
      else if (radii[n]! >= 0) closed += 1;
    }
    const shares = { closedShare: closed / rays, openShare: open / rays, leakShare: leaks / rays };
    return outlineOf(radii, guess, u, v, shares);
  }

  /** Moved into the middle of the section; the direction is kept. */
  centred(guess: Vec3, direction: Vec3, rounds = 2, usual?: UsualOutline): RibSection {
    const axes = acrossOf(direction);
    let section = this.once(guess, axes, usual);
    for (let n = 1; n < rounds; n++) section = this.once(section.centreMm, axes, usual);
    return section;
  }
}

function outlineOf(
  radii: Float64Array,
  guess: Vec3,
  u: Vec3,
  v: Vec3,
  shares: Omit<RibSection, 'centreMm' | 'areaMm2'>,
): RibSection {
  let [area, x, y] = [0, 0, 0];
  const at = (n: number): number => {
    const m = (n + rays) % rays;
    return Math.max(0, middleOf(radii[(m + rays - 1) % rays]!, radii[m]!, radii[(m + 1) % rays]!));
  };
  const turn = (2 * Math.PI) / rays;
  for (let n = 0; n < rays; n++) {
    const [a, b] = [at(n), at(n + 1)];
    const [ax, ay] = [a * Math.cos(n * turn), a * Math.sin(n * turn)];
    const [bx, by] = [b * Math.cos((n + 1) * turn), b * Math.sin((n + 1) * turn)];
    const twice = ax * by - ay * bx;
    area += twice / 2;
    x += (twice * (ax + bx)) / 6;
    y += (twice * (ay + by)) / 6;
  }
  const [cx, cy] = area > 0.5 ? [x / area, y / area] : [0, 0];
  return {
    centreMm: patientPoint(
      guess[0] + cx * u[0] + cy * v[0],
      guess[1] + cx * u[1] + cy * v[1],
      guess[2] + cx * u[2] + cy * v[2],
    ),
    ...shares,
    areaMm2: area,
  };
}
