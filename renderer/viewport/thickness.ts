import { shortStep } from '../../core/measure/format.ts';

/** Slice thickness with its unit, the same in every place. Empty where there is none; none is 0 mm thick. */
export const formatThickness = (mm: number | null | undefined): string =>
  mm === null || mm === undefined || !(mm > 0) ? '' : `${shortStep(mm)} mm`;
