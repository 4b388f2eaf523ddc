import { fixed } from '../../core/measure/format.ts';

/**
 * Slice thickness with its unit, the same in every place: 0.1 mm, 0.01 where that says more (0.63 mm), two figures
 * below 0.1 mm (0.0012 mm of a microscope). Empty where there is none; none is 0 mm thick.
 */
export function formatThickness(mm: number | null | undefined): string {
  if (mm === null || mm === undefined || !(mm > 0)) return '';
  if (mm < 0.1) return `${Number(mm.toPrecision(2))} mm`;
  const isTenth = Math.abs(mm * 10 - Math.round(mm * 10)) < 0.05;
  return `${fixed(mm, isTenth ? 1 : 2)} mm`;
}
