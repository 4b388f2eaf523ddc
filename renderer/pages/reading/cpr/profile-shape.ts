import { isSure } from '../../../../core/analysis/lumen/touching.ts';
import type { StationMeasure } from '../../../../core/analysis/types.ts';
import { niceStep } from '../../../ui/nice-step.ts';
import { type StripMap, xOfMm } from './strip-map.ts';

/** The plot's room in CSS pixels; x follows the straightened picture above it. */
export interface ProfileShape {
  readonly strip: StripMap;
  readonly top: number;
  readonly bottom: number;
  /** Diameter axis. */
  readonly leastMm: number;
  readonly mostMm: number;
  readonly areaMostMm2: number;
  /** Nothing was measured: the axes have no numbers. */
  readonly isEmpty: boolean;
}

export function profileShape(
  stations: readonly StationMeasure[],
  strip: StripMap,
  heightPx: number,
): ProfileShape {
  const sure = stations.filter(isSure);
  // What touches may be a chamber: the plot is as high as the lumen asks for.
  const measured = sure.length > 0 ? sure : stations.filter(({ open }) => !open);
  const diameters = measured.flatMap(({ minDiameterMm, maxDiameterMm }) => [minDiameterMm, maxDiameterMm]);
  const most = Math.max(1, ...diameters);
  const least = diameters.length > 0 ? Math.min(...diameters) : 0;
  const step = niceStep(Math.max(most - least, most / 4), 4);
  // A plot from zero shows the whole loss; a wide vessel that hardly changes starts nearer.
  const leastMm = least > most / 2 ? Math.max(0, Math.floor(least / step - 0.5) * step) : 0;
  const mostMm = Math.ceil(most / step + 0.15) * step;
  const areas = measured.map(({ areaMm2 }) => areaMm2);
  const areaStep = niceStep(Math.max(1, ...areas), 4);
  return {
    strip,
    top: 28,
    bottom: Math.max(60, heightPx - 40),
    leastMm,
    mostMm,
    areaMostMm2: Math.ceil(Math.max(1, ...areas) / areaStep + 0.15) * areaStep,
    isEmpty: measured.length === 0,
  };
}

export const yOfMm = ({ top, bottom, leastMm, mostMm }: ProfileShape, mm: number): number =>
  bottom - ((mm - leastMm) / Math.max(1e-9, mostMm - leastMm)) * (bottom - top);
export const yOfArea = ({ top, bottom, areaMostMm2 }: ProfileShape, mm2: number): number =>
  bottom - (mm2 / areaMostMm2) * (bottom - top);

const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** A line through the stations that were measured, broken where none was and where one is in doubt. */
export function seriesPath(
  stations: readonly StationMeasure[],
  shape: ProfileShape,
  yOf: (station: StationMeasure) => number,
): string {
  let path = '';
  let isOn = false;
  for (const station of stations) {
    if (!isSure(station)) {
      isOn = false;
      continue;
    }
    path += `${isOn ? 'L' : 'M'}${point(xOfMm(shape.strip, station.s), yOf(station))}`;
    isOn = true;
  }
  return path;
}

/** The stretches in doubt, each joined to its neighbours; never above the plot. */
export function doubtPath(
  stations: readonly StationMeasure[],
  shape: ProfileShape,
  yOf: (station: StationMeasure) => number,
): string {
  const at = (station: StationMeasure): string =>
    point(xOfMm(shape.strip, station.s), Math.max(shape.top, yOf(station)));
  return stations
    .flatMap((station, n) => {
      const before = stations[n - 1];
      const isLink = before && !before.open && !station.open && (before.doubt || station.doubt);
      return isLink ? [`M${at(before)}L${at(station)}`] : [];
    })
    .join('');
}

/** From the least to the largest diameter, one closed shape for each unbroken stretch. */
export function bandPath(stations: readonly StationMeasure[], shape: ProfileShape): string {
  let path = '';
  let stretch: StationMeasure[] = [];
  const close = (): void => {
    if (stretch.length > 1) {
      const x = ({ s }: StationMeasure): number => xOfMm(shape.strip, s);
      const upper = stretch.map((station) => point(x(station), yOfMm(shape, station.maxDiameterMm)));
      const lower = stretch
        .toReversed()
        .map((station) => point(x(station), yOfMm(shape, station.minDiameterMm)));
      path += `M${[...upper, ...lower].join('L')}Z`;
    }
    stretch = [];
  };
  for (const station of stations) {
    if (!isSure(station)) close();
    else stretch.push(station);
  }
  close();
  return path;
}

/** Ticks from `from` to `to`, both included where they fall on the step. */
export function ticks(from: number, to: number, step: number): readonly number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, Math.min(200, last - first + 1)) }, (_, n) =>
    // Sums of a tenth are no tenths.
    Number(((first + n) * step).toPrecision(9)),
  );
}
