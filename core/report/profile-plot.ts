import { doubtSpans, isSure } from '../analysis/lumen/touching.ts';
import type { Stenosis } from '../analysis/types.ts';
import { escaped } from './markup.ts';
import type { ReportStation } from './types.ts';

/** The plot's own units; it is as wide as the page lets it be. */
export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Free beside the plot for the numbers of its axes; the straightened picture above keeps the same. */
export const plotMargin = { left: 28, right: 8, top: 10, bottom: 18 } as const;

/** A round step that divides `span` into about `parts`. */
export function roundStep(span: number, parts: number): number {
  const rough = Math.max(span, 1e-9) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((n) => n * power >= rough * (1 - 1e-9)) ?? 10);
}

const steps = (most: number, step: number): number[] =>
  Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, n) => n * step);

/** Stretches without a gap: a missing section ends one. */
export function stretches(stations: readonly ReportStation[]): readonly (readonly ReportStation[])[] {
  const gaps = stations.slice(1).map(({ s }, n) => s - stations[n]!.s);
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
  const found: ReportStation[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const station of stations) {
    if (station.s - before > 1.6 * usual + 1e-6) found.push([]);
    found[found.length - 1]!.push(station);
    before = station.s;
  }
  return found;
}

/** Stretches without a gap and without a section in doubt. */
const sureStretches = (stations: readonly ReportStation[]): readonly (readonly ReportStation[])[] =>
  stretches(stations).flatMap((stretch) => {
    const found: ReportStation[][] = [[]];
    for (const station of stretch) {
      if (isSure(station)) found[found.length - 1]!.push(station);
      else if (found[found.length - 1]!.length > 0) found.push([]);
    }
    return found.filter((part) => part.length > 0);
  });

/** Diameters along the line as SVG: x is arc length as in the picture above, y starts at zero: a loss looks as large as it is. */
export function profilePlot(
  stations: readonly ReportStation[],
  stenoses: readonly Stenosis[],
  lengthMm: number,
  size: PlotSize,
  beyondMm = 0,
): string {
  const { left, right, top, bottom } = plotMargin;
  const wide = size.width - left - right;
  const high = size.height - top - bottom;
  const sure = stations.some(isSure) ? stations.filter(isSure) : stations;
  const most = Math.max(1, ...sure.map(({ maxDiameterMm }) => maxDiameterMm));
  const yStep = roundStep(most * 1.08, 4);
  const yMost = Math.ceil((most * 1.08) / yStep) * yStep;
  const span = Math.max(lengthMm + 2 * beyondMm, 1e-6);
  const x = (s: number): string => (left + ((s + beyondMm) / span) * wide).toFixed(1);
  const y = (mm: number): string => (top + (1 - Math.min(mm, yMost) / yMost) * high).toFixed(1);
  const base = (top + high).toFixed(1);
  const xStep = roundStep(lengthMm, 8);
  const axis = [
    ...steps(yMost, yStep).map(
      (mm) =>
        `<path class="grid" d="M${left} ${y(mm)}H${left + wide}"/><text class="num" x="${left - 4}" y="${y(mm)}" dy="3" text-anchor="end">${round(mm)}</text>`,
    ),
    ...steps(lengthMm, xStep).map(
      (s) =>
        `<path class="tick" d="M${x(s)} ${base}v3"/><text class="num" x="${x(s)}" y="${top + high + 12}" text-anchor="middle">${round(s)}</text>`,
    ),
  ];
  const lesions = stenoses.map(
    (one) =>
      `<path class="lesion" d="M${x(one.fromS)} ${top}H${x(one.toS)}V${base}H${x(one.fromS)}Z"/>` +
      `<path class="ref" d="M${x(one.fromS)} ${y(one.referenceMm)}H${x(one.toS)}"/>` +
      `<text class="pct" x="${x(one.s)}" y="${top + 9}" text-anchor="middle">${escaped(`${Math.round(one.percentDiameter)} %`)}</text>`,
  );
  const doubts = doubtSpans(stations).map(({ fromS, toS }) => {
    const own = stations.filter(({ s }) => s >= fromS && s <= toS);
    const middle = own.map((one) => `${x(one.s)} ${y(one.equivalentDiameterMm)}`);
    const zone = `M${x(fromS - 0.5)} ${top}H${x(toS + 0.5)}V${base}H${x(fromS - 0.5)}Z`;
    return `<path class="doubt-zone" d="${zone}"/><path class="doubt" d="M${middle.join('L')}"/>`;
  });
  const courses = sureStretches(stations).map((stretch) => {
    const upper = stretch.map((one) => `${x(one.s)} ${y(one.maxDiameterMm)}`);
    const lower = stretch.toReversed().map((one) => `${x(one.s)} ${y(one.minDiameterMm)}`);
    const middle = stretch.map((one) => `${x(one.s)} ${y(one.equivalentDiameterMm)}`);
    return `<path class="band" d="M${[...upper, ...lower].join('L')}Z"/><path class="course" d="M${middle.join('L')}"/>`;
  });
  return `<svg class="plot" viewBox="0 0 ${size.width} ${size.height}">${[...doubts, ...lesions, ...axis, ...courses].join('')}</svg>`;
}

const round = (value: number): string => String(Number(value.toFixed(2)));
