import type { SampledLine, StationMeasure, Stenosis } from '../types.ts';

/** What the plot under the picture draws; one number a station, NaN where no lumen was found. */
export interface LineProfile {
  readonly s: Float64Array;
  /** Area-equivalent. */
  readonly diameterMm: Float64Array;
  /** The band: least and largest width. */
  readonly minMm: Float64Array;
  readonly maxMm: Float64Array;
  readonly uncertaintyMm: Float64Array;
  readonly areaMm2: Float64Array;
  /** 1 = at the limit of resolution. */
  readonly limit: Uint8Array;
  /** 1 = something touches: not this lumen alone. */
  readonly doubt: Uint8Array;
  /** Largest finite values, for the axes; 0 without any. */
  readonly mostDiameterMm: number;
  readonly mostAreaMm2: number;
}

export function lineProfile(stations: readonly StationMeasure[]): LineProfile {
  const column = (value: (station: StationMeasure) => number): Float64Array =>
    Float64Array.from(stations, value);
  const maxMm = column((station) => station.maxDiameterMm);
  const areaMm2 = column((station) => station.areaMm2);
  const most = (values: Float64Array): number =>
    values.reduce((best, value) => (value > best ? value : best), 0);
  return {
    s: column((station) => station.s),
    diameterMm: column((station) => station.equivalentDiameterMm),
    minMm: column((station) => station.minDiameterMm),
    maxMm,
    uncertaintyMm: column((station) => station.uncertaintyMm),
    areaMm2,
    limit: Uint8Array.from(stations, (station) => (station.limit === 'resolution' ? 1 : 0)),
    doubt: Uint8Array.from(stations, (station) => (station.doubt ? 1 : 0)),
    mostDiameterMm: most(maxMm),
    mostAreaMm2: most(areaMm2),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const cell = (value: number): string => (Number.isFinite(value) ? String(rounded(value)) : '');

const columns = [
  's_mm',
  'area_mm2',
  'min_diameter_mm',
  'max_diameter_mm',
  'mean_diameter_mm',
  'equivalent_diameter_mm',
  'uncertainty_mm',
  'state',
] as const;

/** One row a station, comma-separated, decimal points, CRLF (RFC 4180); numbers that are not known stay empty. */
export function profileCsv(stations: readonly StationMeasure[]): string {
  const rows = stations.map((station) =>
    [
      cell(station.s),
      cell(station.areaMm2),
      cell(station.minDiameterMm),
      cell(station.maxDiameterMm),
      cell(station.meanDiameterMm),
      cell(station.equivalentDiameterMm),
      cell(station.uncertaintyMm),
      stateOf(station),
    ].join(','),
  );
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/** A number in doubt says so before all else. */
const stateOf = ({ open, doubt, limit }: StationMeasure): string => {
  if (open) return 'open';
  return doubt ?? (limit ? 'limit' : 'measured');
};

const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? rounded(value) : null);

/** As `candela vessel --json` gives it: numbers to 0.001, null where a lumen was not found. */
export function profileJson(
  line: SampledLine,
  stations: readonly StationMeasure[],
  stenoses: readonly Stenosis[],
) {
  return {
    lengthMm: rounded(line.lengthMm),
    points: Array.from({ length: line.count }, (_, n) =>
      Array.from(line.points.subarray(3 * n, 3 * n + 3), rounded),
    ),
    stations: stations.map(stationJson),
    stenoses: stenoses.map(stenosisJson),
  };
}

export const stationJson = (station: StationMeasure) => ({
  s: rounded(station.s),
  areaMm2: numberOrNull(station.areaMm2),
  minDiameterMm: numberOrNull(station.minDiameterMm),
  maxDiameterMm: numberOrNull(station.maxDiameterMm),
  meanDiameterMm: numberOrNull(station.meanDiameterMm),
  equivalentDiameterMm: numberOrNull(station.equivalentDiameterMm),
  uncertaintyMm: numberOrNull(station.uncertaintyMm),
  ...(station.limit && { limit: station.limit }),
  ...(station.doubt && { doubt: station.doubt }),
  ...(station.open && { open: station.open }),
});

export const stenosisJson = (stenosis: Stenosis) => ({
  s: rounded(stenosis.s),
  fromS: rounded(stenosis.fromS),
  toS: rounded(stenosis.toS),
  percentDiameter: rounded(stenosis.percentDiameter),
  percentArea: rounded(stenosis.percentArea),
  uncertaintyPercent: rounded(stenosis.uncertaintyPercent),
  referenceMm: rounded(stenosis.referenceMm),
  rule: stenosis.rule,
  ...(stenosis.limit && { limit: stenosis.limit }),
  ...(stenosis.doubt && { doubt: stenosis.doubt }),
});
