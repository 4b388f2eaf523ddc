import { gapToleranceMm, median } from './order.ts';
import type { Located } from './ranked.ts';

export function gapsOf(sorted: readonly Located[]): number[] {
  return sorted.slice(1).map(({ heightMm }, at) => heightMm - sorted[at]!.heightMm);
}

export const byHeight = (located: readonly Located[]): Located[] =>
  [...located].sort((a, b) => a.heightMm - b.heightMm);

export const positionsOf = (located: readonly Located[]): number =>
  new Set(located.map((l) => l.position)).size;
export const hasRepeats = (located: readonly Located[]): boolean => positionsOf(located) < located.length;

/** Gaps of a scan by itself may differ by this part of their median. */
const nearlyEven = 0.1;

export function isEven(located: readonly Located[], part = 0): boolean {
  const gaps = gapsOf(byHeight(located));
  const medianMm = median(gaps);
  const toleranceMm = Math.max(gapToleranceMm(medianMm), part * medianMm);
  return gaps.every((gap) => Math.abs(gap - medianMm) <= toleranceMm);
}

export const isNearlyEven = (located: readonly Located[]): boolean => isEven(located, nearlyEven);

/** The same for a scan that may lack slices: most gaps are one spacing, the rest whole multiples of it. */
export function isEvenButMissing(located: readonly Located[]): boolean {
  const gaps = gapsOf(byHeight(located));
  const medianMm = median(gaps);
  const toleranceMm = Math.max(gapToleranceMm(medianMm), nearlyEven * medianMm);
  return gaps.every((gap) => {
    const times = Math.max(1, Math.round(gap / medianMm));
    return Math.abs(gap - times * medianMm) <= toleranceMm;
  });
}

/** More beds and stations than this are no whole body. */
export const mostStations = 16;

/**
 * Scans of parts of the patient that overlap, by times or by order: each even by itself, each with places that no other
 * has. What times tell may be cut short: one then has no place of its own.
 */
export function areStations(parts: readonly (readonly Located[])[], areTold: boolean): boolean {
  if (parts.length < 2 || parts.length > mostStations) return false;
  const times = new Map<number, number>();
  for (const { position } of parts.flat()) times.set(position, (times.get(position) ?? 0) + 1);
  const isWhole = (own: readonly Located[]): boolean =>
    own.length > 2 && isEvenButMissing(own) && own.some(({ position }) => times.get(position) === 1);
  const whole = parts.filter(isWhole).length;
  if (parts.some(hasRepeats)) return false;
  return areTold ? whole > 1 && parts.length - whole <= 1 : whole === parts.length;
}

export function doOverlap(parts: readonly (readonly Located[])[]): boolean {
  const ranges = parts
    .map((own) => own.map((l) => l.heightMm))
    .map((heights) => [Math.min(...heights), Math.max(...heights)] as const)
    .sort((a, b) => a[0] - b[0]);
  return ranges.some(([low], at) => at > 0 && low < ranges[at - 1]![1]);
}
