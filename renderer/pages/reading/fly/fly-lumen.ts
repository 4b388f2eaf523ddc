import { fieldSampler } from '../../../../core/analysis/lumen/field-sampler.ts';
import type { LineKind, SampledLine, ScalarField } from '../../../../core/analysis/types.ts';

/** What a lumen looks like from inside. */
export interface FlyLumen {
  readonly kind: 'dark' | 'bright';
  /** Where its wall begins, modality units. */
  readonly threshold: number;
  /** Lumen and wall look alike: what one sees is not to be trusted. */
  readonly isFaint: boolean;
}

/** Between gas and wall. */
const gasWallHu = -500;
const gasMostHu = -300;
/** What surrounds a vessel: muscle and fat; its wall is at half of the height above it (Hoffmann 2005, half maximum). */
const besideHu = 50;
const contrastLeastHu = 70;

/** The median along the line; NaN where the line runs outside the volume. */
function lumenValue(field: ScalarField, line: SampledLine): number {
  const sampler = fieldSampler(field);
  if (!sampler) return Number.NaN;
  const out = new Float64Array(1);
  const values: number[] = [];
  for (let n = 0; n < line.count; n += 1) {
    const [x = 0, y = 0, z = 0] = line.points.subarray(3 * n, 3 * n + 3);
    sampler.ray(out, 0, 1, [x, y, z], [0, 0, 0]);
    if (Number.isFinite(out[0])) values.push(out[0]!);
  }
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}

/**
 * Wall and kind of the lumen that a line runs in. `beside` is a value of what lies around it where values are no HU
 * (the volume's median); null for HU.
 */
export function flyLumen(
  field: ScalarField,
  line: SampledLine,
  kind: LineKind,
  beside: number | null,
): FlyLumen {
  const value = lumenValue(field, line);
  if (beside === null && (kind === 'airway' || value < gasMostHu)) {
    return { kind: 'dark', threshold: gasWallHu, isFaint: !(value < gasMostHu) };
  }
  const around = beside ?? besideHu;
  const least = beside === null ? contrastLeastHu : Math.abs(around) * 0.3;
  const height = value - around;
  if (!(height > least)) {
    // A wall is needed to see anything at all.
    return { kind: 'bright', threshold: around + Math.max(least, 1) / 2, isFaint: true };
  }
  return { kind: 'bright', threshold: Math.round(around + height / 2), isFaint: false };
}
