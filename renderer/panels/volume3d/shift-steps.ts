import { niceStep } from '../../ui/nice-step.ts';

/** How far a preset moves along the values, either way, and in which steps. */
export interface ShiftSteps {
  readonly most: number;
  readonly step: number;
  /** By which a drag moves it for each pixel. */
  readonly perPx: number;
  /** Decimals that a shift is kept and told with. */
  readonly digits: number;
}

const ofHu: ShiftSteps = { most: 500, step: 5, perPx: 2, digits: 0 };

/** Presets of HU are made for HU; those of other values are placed by what the series holds, so that half of that is far enough. */
export function shiftSteps(
  unit: string,
  range: { readonly min: number; readonly max: number } | null | undefined,
): ShiftSteps {
  const span = range ? range.max - range.min : 0;
  if (unit === 'HU' || !(span > 0)) return ofHu;
  const most = niceStep(span / 2, 1);
  const perPx = most * (ofHu.perPx / ofHu.most);
  const digits = Math.max(0, Math.ceil(-Math.log10(perPx) - 1e-9));
  return { most, step: most * (ofHu.step / ofHu.most), perPx, digits };
}

/** A shift with the decimals that its series has. */
export const roundedShift = (shift: number, { digits }: ShiftSteps): number => Number(shift.toFixed(digits));
