import type { ReportStation, VesselReport } from './types.ts';

/** What one page holds: more of a list than this is told as "and n more", and the picture takes what is left. */
export interface PageRoom {
  readonly sentences: number;
  readonly rows: number;
  /** Of the profile, in its own units. */
  readonly plotHeight: number;
  /** Smaller sections, for the table of an aorta. */
  readonly isSmall: boolean;
}

export const mostAortaRows = 20;
const fewAortaRows = 4;
const plain: PageRoom = { sentences: 3, rows: 6, plotHeight: 100, isSmall: false };
const beside: PageRoom = { sentences: 2, rows: 4, plotHeight: 72, isSmall: true };

export const roomOf = ({ aorta }: Pick<VesselReport, 'aorta'>): PageRoom =>
  aorta.length > fewAortaRows ? beside : plain;

/** Heights of the parts as the style has them, in mm, each at its most; 278.5 mm lie between the margins. */
const pageMm = 278.5;
const fixedMm = 9.5 + 27 + 4.5 + 22 + 8 * 2.6;
const sentenceMm = 9;
const rowMm = 5.3;
const aortaRowMm = 4.4;
const plotMmPerUnit = 186 / 516;
const stripRangeMm = [18, 60] as const;

/** Height of the straightened picture: what the other parts leave. */
export function stripMm(report: Pick<VesselReport, 'aorta' | 'vessels'>): number {
  const { sentences, rows, plotHeight, isSmall } = roomOf(report);
  const { aorta, vessels } = report;
  const isAneurysm = aorta.some(({ id }) => id === 'aneurysmDiameter');
  const said = Math.min(sentences, vessels.length + Number(isAneurysm));
  const lines = Math.min(
    rows,
    vessels.reduce((sum, { stenoses }) => sum + Math.max(1, stenoses.length), 0),
  );
  const pairs = Math.ceil(Math.min(aorta.length, mostAortaRows) / 2);
  const parts = [
    fixedMm,
    12 + sentenceMm * said,
    plotHeight * plotMmPerUnit + 4.5,
    (isSmall ? 22 : 32) + 8,
    9 + rowMm * lines,
    pairs > 0 ? 7.6 + aortaRowMm * pairs : 0,
  ];
  const left = pageMm - parts.reduce((sum, part) => sum + part, 0);
  return Math.round(Math.min(stripRangeMm[1], Math.max(stripRangeMm[0], left)));
}

/** Pixels of the straightened picture: of its height the page shows the middle, at least `leastShownPx`. */
export const stripPixels = { width: 1384, height: 480 } as const;
const leastShownPx = 300;
/** So many times the widest lumen should be seen. */
const aroundLumen = 1.5;

export interface StripScale {
  readonly mmPerPx: number;
  /** Beyond each end of the line; there the picture is black. */
  readonly beyondMm: number;
}

/** The whole line over the whole width, or over less of it where a wide vessel would fill a short picture. */
export function stripScale(lengthMm: number, stations: readonly ReportStation[]): StripScale {
  const widest = Math.max(0, ...stations.map(({ maxDiameterMm }) => maxDiameterMm));
  const whole = Math.max(lengthMm / stripPixels.width, 1e-4);
  // Never less than half of the width.
  const mmPerPx = Math.min(2 * whole, Math.max(whole, (aroundLumen * widest) / leastShownPx));
  return { mmPerPx, beyondMm: Math.max(0, (mmPerPx * stripPixels.width - lengthMm) / 2) };
}
