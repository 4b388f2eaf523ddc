import type { CprPlace } from './vessel-state.ts';

/** Arc length along a straightened picture that runs from left to right; the profile under it has the same. */
export interface StripMap {
  readonly mmPerPx: number;
  /** Arc length at x = 0. */
  readonly startMm: number;
}

/** Free at both ends for the profile's numbers. */
export const stripMarginPx = 56;

/** The whole line between the margins, or as zoomed and moved. */
export function stripMap(place: CprPlace, lengthMm: number, cssWidth: number): StripMap {
  const room = Math.max(40, cssWidth - 2 * stripMarginPx);
  const mmPerPx = place.mmPerPx ?? Math.max(1e-3, lengthMm / room);
  // The line's middle stays in the middle; panning moves the picture.
  return { mmPerPx, startMm: lengthMm / 2 - place.panXMm - (cssWidth / 2) * mmPerPx };
}

export const xOfMm = ({ mmPerPx, startMm }: StripMap, sMm: number): number => (sMm - startMm) / mmPerPx;
export const mmOfX = ({ mmPerPx, startMm }: StripMap, x: number): number => startMm + x * mmPerPx;

/** Zoomed by `factor` so that what lies at (x, y) px from the middle stays there. */
export function zoomedPlace(
  place: CprPlace,
  mmPerPx: number,
  factor: number,
  x: number,
  y: number,
): CprPlace {
  const next = Math.min(20, Math.max(0.01, mmPerPx / factor));
  return {
    mmPerPx: next,
    panXMm: place.panXMm + x * (next - mmPerPx),
    panYMm: place.panYMm + y * (next - mmPerPx),
  };
}
