import type { PatientPoint, PatientVector, Vec3 } from '../../geometry/types.ts';
import { patientPoint, patientVector } from '../../geometry/types.ts';
import type { SampledLine } from '../types.ts';
import type { FieldSampler } from './field-sampler.ts';

/** Rays of a section, at equal angles from `right` towards `down`. */
export const rayCount = 64;
export const rayCosines = Float64Array.from({ length: rayCount }, (_, n) =>
  Math.cos((2 * Math.PI * n) / rayCount),
);
export const raySines = Float64Array.from({ length: rayCount }, (_, n) =>
  Math.sin((2 * Math.PI * n) / rayCount),
);

/** Where a section lies: perpendicular to the line at `sMm`. */
export interface SectionFrame {
  readonly sMm: number;
  readonly centreMm: PatientPoint;
  readonly right: PatientVector;
  readonly down: PatientVector;
}

/** The frame at an arc length, between the line's stations; ends are clamped. */
export function frameAt(line: SampledLine, sMm: number): SectionFrame {
  const at = line.stepMm > 0 ? Math.max(0, Math.min(line.count - 1, sMm / line.stepMm)) : 0;
  const n = Math.min(Math.floor(at), Math.max(0, line.count - 2));
  const t = at - n;
  const mixed = (values: Float64Array): Vec3 => {
    const o = 3 * n;
    const next = 3 * Math.min(n + 1, line.count - 1);
    const one = (c: number): number => values[o + c]! * (1 - t) + values[next + c]! * t;
    return [one(0), one(1), one(2)];
  };
  const right = unit(mixed(line.rights));
  const rough = mixed(line.downs);
  const along = rough[0] * right[0] + rough[1] * right[1] + rough[2] * right[2];
  const down = unit([rough[0] - along * right[0], rough[1] - along * right[1], rough[2] - along * right[2]]);
  return {
    sMm,
    centreMm: patientPoint(...mixed(line.points)),
    right: patientVector(...right),
    down: patientVector(...down),
  };
}

function unit(v: Vec3): Vec3 {
  const size = Math.hypot(...v) || 1;
  return [v[0] / size, v[1] / size, v[2] / size];
}

/** A section's point `x` mm along `right` and `y` mm along `down`. */
export const pointInSection = (frame: Omit<SectionFrame, 'sMm'>, x: number, y: number): PatientPoint => {
  const { centreMm: c, right: r, down: d } = frame;
  return patientPoint(c[0] + x * r[0] + y * d[0], c[1] + x * r[1] + y * d[1], c[2] + x * r[2] + y * d[2]);
};

export const rayDirection = (frame: SectionFrame, ray: number): Vec3 => {
  const { right: r, down: d } = frame;
  const [c, s] = [rayCosines[ray]!, raySines[ray]!];
  return [c * r[0] + s * d[0], c * r[1] + s * d[1], c * r[2] + s * d[2]];
};

/** A section read along rays: value n of ray t is `values[t · count + n]`, n·stepMm from the centre. One buffer for all sections. */
export class PolarSection {
  readonly stepMm: number;
  readonly count: number;
  readonly values: Float64Array;
  private readonly raw: Float64Array;

  constructor(sampler: FieldSampler, reachMm: number) {
    const least = Math.min(...sampler.spacingMm);
    this.stepMm = Math.max(0.35 * least, reachMm / 220);
    this.count = Math.max(8, Math.ceil(reachMm / this.stepMm) + 1);
    this.values = new Float64Array(rayCount * this.count);
    this.raw = new Float64Array(rayCount * this.count);
  }

  /** Reads the rays; `sign` −1 turns dark lumens into bright ones. Neighbouring rays are averaged (¼ ½ ¼). */
  read(sampler: FieldSampler, frame: SectionFrame, sign: number): void {
    const { count, stepMm, raw, values } = this;
    for (let ray = 0; ray < rayCount; ray++) {
      const [x, y, z] = rayDirection(frame, ray);
      sampler.ray(raw, ray * count, count, frame.centreMm, [x * stepMm, y * stepMm, z * stepMm]);
    }
    for (let ray = 0; ray < rayCount; ray++) {
      const o = ray * count;
      const before = ((ray + rayCount - 1) % rayCount) * count;
      const after = ((ray + 1) % rayCount) * count;
      for (let n = 0; n < count; n++) {
        const own = raw[o + n]!;
        const [a, b] = [raw[before + n]!, raw[after + n]!];
        // A neighbour without data is NaN, which is no number to average with.
        const mean = !Number.isNaN(a) && !Number.isNaN(b) ? 0.5 * own + 0.25 * (a + b) : own;
        values[o + n] = sign * mean;
      }
    }
  }

  /** Mean of what has data within `radiusMm`, each ring by its area; NaN without any. */
  meanWithin(radiusMm: number): number {
    let sum = 0;
    let weights = 0;
    const last = Math.min(this.count - 1, Math.floor(radiusMm / this.stepMm));
    for (let n = 0; n <= last; n++) {
      const weight = n === 0 ? 0.125 : n;
      for (let ray = 0; ray < rayCount; ray++) {
        const value = this.values[ray * this.count + n]!;
        if (Number.isNaN(value)) continue;
        sum += weight * value;
        weights += weight;
      }
    }
    return weights > 0 ? sum / weights : Number.NaN;
  }
}
