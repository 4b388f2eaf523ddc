import type { ReferenceRule, StationMeasure, Stenosis } from '../types.ts';
import { isSure, undoubtedDiameters } from './touching.ts';

/** A stretch of the line, in mm of arc length. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** Normal segments on either side of a lesion; at least the one that the rule needs. */
export interface References {
  readonly proximal?: Span;
  readonly distal?: Span;
}

interface Reference {
  readonly diameterMm: number;
  readonly uncertaintyMm: number;
  readonly atS: number;
}

const within = ({ s }: StationMeasure, span: Span): boolean => s >= span.fromS - 1e-6 && s <= span.toS + 1e-6;

/** Median of a segment's diameters, of sections that are in no doubt; undefined without one. */
function referenceOf(stations: readonly StationMeasure[], span: Span | undefined): Reference | undefined {
  if (!span) return undefined;
  const inside = stations.filter((station) => within(station, span) && isSure(station));
  if (inside.length === 0) return undefined;
  const diameters = inside.map((station) => station.equivalentDiameterMm).sort((a, b) => a - b);
  const middle = diameters.length >> 1;
  const diameterMm =
    diameters.length % 2 === 1 ? diameters[middle]! : (diameters[middle - 1]! + diameters[middle]!) / 2;
  const uncertainty = inside.reduce((sum, station) => sum + station.uncertaintyMm, 0) / inside.length;
  return { diameterMm, uncertaintyMm: uncertainty, atS: (span.fromS + span.toS) / 2 };
}

/**
 * The reference by its rule: mean of both normals; NASCET: the distal one; ECST: the lumen that was once at the narrowest
 * section, between both normals by distance. Where one is missing the other stands for it, but never for NASCET's distal.
 */
function chosenReference(
  rule: ReferenceRule,
  proximal: Reference | undefined,
  distal: Reference | undefined,
  s: number,
): Reference | undefined {
  if (rule === 'NASCET') return distal;
  if (!proximal || !distal) return proximal ?? distal;
  const span = distal.atS - proximal.atS;
  const share = rule === 'mean' ? 0.5 : Math.max(0, Math.min(1, span > 0 ? (s - proximal.atS) / span : 0.5));
  return {
    diameterMm: proximal.diameterMm * (1 - share) + distal.diameterMm * share,
    uncertaintyMm: proximal.uncertaintyMm * (1 - share) + distal.uncertaintyMm * share,
    atS: s,
  };
}

/** The middle of what is closed, else the narrowest section. One open section alone may be a plaque's shadow: it does not count. */
function narrowestOf(inside: readonly StationMeasure[]): StationMeasure | undefined {
  const closed = inside.filter(
    (station, n) => station.open && (inside[n - 1]?.open === true || inside[n + 1]?.open === true),
  );
  if (closed.length > 0) return closed[closed.length >> 1];
  const measured = inside.filter((station) => !station.open);
  const sure = measured.filter(isSure);
  return measured.length === 0
    ? undefined
    : (sure.length > 0 ? sure : measured).reduce((a, b) =>
        b.equivalentDiameterMm < a.equivalentDiameterMm ? b : a,
      );
}

/**
 * A stenosis between set bounds against set references: %DS = 100·(1 − Dmin/Dref), %AS = 100·(1 − Amin/Aref) with
 * area-equivalent diameters and Aref = π/4·Dref². A closed lumen within is 100 %, at the limit of resolution.
 * undefined without a section in the lesion or in the reference that the rule needs.
 */
export function measureStenosis(
  stations: readonly StationMeasure[],
  lesion: Span,
  references: References,
  rule: ReferenceRule,
): Stenosis | undefined {
  const inside = stations.filter((station) => within(station, lesion));
  const narrowest = narrowestOf(inside);
  if (!narrowest) return undefined;
  const reference = chosenReference(
    rule,
    referenceOf(stations, references.proximal),
    referenceOf(stations, references.distal),
    narrowest.s,
  );
  if (!reference) return undefined;
  const open = narrowest.open === true;
  const least = open ? 0 : narrowest.equivalentDiameterMm;
  const share = least / reference.diameterMm;
  // What is too thin to be seen may still be open: as wide as the uncertainty of the thinnest sections that were.
  const leastUncertainty = open
    ? Math.max(
        ...inside.map((station) => (station.open ? 0 : station.uncertaintyMm)),
        reference.uncertaintyMm,
      )
    : narrowest.uncertaintyMm;
  const limit = open || narrowest.limit === 'resolution';
  return {
    s: narrowest.s,
    ...lesion,
    percentDiameter: 100 * (1 - share),
    percentArea: 100 * (1 - share * share),
    uncertaintyPercent:
      (100 * Math.hypot(leastUncertainty, share * reference.uncertaintyMm)) / reference.diameterMm,
    referenceMm: reference.diameterMm,
    rule,
    ...(limit && { limit: 'resolution' as const }),
    ...(narrowest.doubt && { doubt: narrowest.doubt }),
  };
}

/** Lesions up to twice this long are found by themselves. */
const halfLesionMm = 15;
/** Share of the diameter that must be lost for a proposal. */
const leastLoss = 0.25;
/** Where a lesion ends: this near the lumen as it would be. */
const recovered = 0.93;
const referenceMm = 5;
const gapMm = 1;
/** A closed stretch longer than this is the end of the vessel. */
const longestClosedMm = 30;

/**
 * Proposals, for a reader to confirm: places narrower than the lumen on both their sides within 15 mm. A vessel that merely
 * tapers, or begins wide at its mouth, has none. References are the 5 mm next to the lesion.
 */
export function proposeStenoses(
  stations: readonly StationMeasure[],
  rule: ReferenceRule = 'mean',
): readonly Stenosis[] {
  const lesions = findLesions(stations);
  return lesions.flatMap((lesion, n) => {
    const references = referencesBeside(lesion, lesions[n - 1], lesions[n + 1]);
    const found = measureStenosis(stations, lesion, references, rule);
    return found && found.percentDiameter >= 100 * leastLoss * 0.9 ? [found] : [];
  });
}

/** The normal segments next to a lesion, not reaching into its neighbours. */
export function referencesBeside(lesion: Span, before?: Span, after?: Span): References {
  const proximalFrom = Math.max(lesion.fromS - gapMm - referenceMm, before ? before.toS + gapMm : -1e9);
  const distalTo = Math.min(lesion.toS + gapMm + referenceMm, after ? after.fromS - gapMm : 1e9);
  return {
    proximal: { fromS: proximalFrom, toS: Math.max(proximalFrom, lesion.fromS - gapMm) },
    distal: { fromS: Math.min(distalTo, lesion.toS + gapMm), toS: distalTo },
  };
}

function findLesions(stations: readonly StationMeasure[]): readonly Span[] {
  const measured = trimmed(stations);
  if (measured.length < 5) return [];
  const stepMm = (measured[measured.length - 1]!.s - measured[0]!.s) / (measured.length - 1);
  const diameters = smoothed(measured);
  const reach = Math.max(2, Math.round(halfLesionMm / stepMm));
  const healthy = closing(diameters, reach);
  const lesions: Span[] = [];
  let n = 0;
  while (n < diameters.length) {
    if (diameters[n]! >= recovered * healthy[n]!) {
      n += 1;
      continue;
    }
    const from = n;
    let deepest = n;
    while (n < diameters.length && diameters[n]! < recovered * healthy[n]!) {
      if (diameters[n]! / healthy[n]! < diameters[deepest]! / healthy[deepest]!) deepest = n;
      n += 1;
    }
    const loss = 1 - diameters[deepest]! / healthy[deepest]!;
    const doubt = measured[deepest]!.open ? 0 : measured[deepest]!.uncertaintyMm / healthy[deepest]!;
    if (loss >= leastLoss && loss > 1.2 * doubt)
      lesions.push({
        fromS: measured[Math.max(0, from - 1)]!.s,
        toS: measured[Math.min(n, measured.length - 1)]!.s,
      });
  }
  return lesions;
}

/** Without the closed ends, and only up to a closed stretch that is too long for a lesion. */
function trimmed(stations: readonly StationMeasure[]): readonly StationMeasure[] {
  const first = stations.findIndex((station) => !station.open);
  if (first < 0) return [];
  let last = first;
  for (let n = first; n < stations.length; n++) {
    if (stations[n]!.open) continue;
    if (stations[n]!.s - stations[last]!.s > longestClosedMm) break;
    last = n;
  }
  return stations.slice(first, last + 1);
}

/** Median of three: a single bad section is no lesion. Closed sections are 0; those in doubt neither lesion nor shoulder. */
function smoothed(stations: readonly StationMeasure[]): Float64Array {
  const raw = undoubtedDiameters(stations);
  return raw.map((own, n) => {
    const [a, b] = [raw[n - 1] ?? own, raw[n + 1] ?? own];
    return Math.max(Math.min(a, own), Math.min(Math.max(a, own), b));
  });
}

/** Grey closing: fills what is narrower than twice `reach` up to the lower of its two shoulders. */
function closing(values: Float64Array, reach: number): Float64Array {
  const windowed = (from: Float64Array, pick: (a: number, b: number) => number): Float64Array =>
    from.map((own, n) => {
      let best = own;
      for (let m = Math.max(0, n - reach); m <= Math.min(from.length - 1, n + reach); m++)
        best = pick(best, from[m]!);
      return best;
    });
  // Beyond the ends it goes on as it ended: a vessel that tapers towards its end is not narrow there.
  const padded = new Float64Array(values.length + 2 * reach);
  padded.fill(values[0]!, 0, reach);
  padded.set(values, reach);
  padded.fill(values[values.length - 1]!, reach + values.length);
  return windowed(windowed(padded, Math.max), Math.min).slice(reach, reach + values.length);
}
