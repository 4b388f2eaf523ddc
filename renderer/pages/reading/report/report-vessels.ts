import { tortuosity } from '../../../../core/analysis/curve/line-places.ts';
import { measureStenosis, referencesBeside } from '../../../../core/analysis/lumen/stenosis.ts';
import { pieceStates, type SampledLine, type Stenosis } from '../../../../core/analysis/types.ts';
import type { Vec3 } from '../../../../core/geometry/types.ts';
import type { ReportVessel } from '../../../../core/report/types.ts';
import { reportStations } from '../../../../core/report/vessels.ts';
import { measuredNow, shownLesion } from '../cpr/lesions.ts';
import { isBadPiece } from '../cpr/line-drawing.ts';
import { isDrawable, sampledOf } from '../cpr/sampled.ts';
import type { VesselLine } from '../cpr/vessel-state.ts';
import type { MeasuredLine } from '../cpr/vessel-work.ts';

/** Points of a line: half a millimetre apart on coronary arteries, about 1 mm on the longest. */
const pointsMost = 400;

const thousandth = (value: number): number => Math.round(value * 1000) / 1000 + 0;

/** Points at even steps of arc length, no more than a report takes. */
function pointsOf(line: SampledLine): readonly Vec3[] {
  const count = Math.min(line.count, pointsMost);
  return Array.from({ length: count }, (_, n) => {
    const at = count === line.count ? n : Math.round((n * (line.count - 1)) / (count - 1));
    return [0, 1, 2].map((axis) => thousandth(line.points[3 * at + axis]!)) as unknown as Vec3;
  });
}

/** The lesion on screen as its reader left it, and the proposals beside it, all by the line's own rule. */
export function reportedStenoses(line: VesselLine, measured: MeasuredLine | undefined): readonly Stenosis[] {
  const now = measuredNow(line, measured);
  if (!now || line.line.kind !== 'vessel') return [];
  const lesion = shownLesion(line, measured)?.stenosis;
  const others = now.stenoses
    .filter(({ fromS, toS }) => !lesion || fromS > lesion.toS || toS < lesion.fromS)
    .flatMap((one) => {
      const references = referencesBeside(one);
      const again = measureStenosis(now.stations, one, references, line.rule);
      return again ? [again] : [];
    });
  return [...(lesion ? [lesion] : []), ...others].filter(isWhole).toSorted((a, b) => a.s - b.s);
}

const isWhole = (one: Stenosis): boolean =>
  Number.isFinite(one.percentDiameter + one.percentArea + one.uncertaintyPercent + one.referenceMm);

/** A line with its numbers as a report takes it. */
export function reportVessel(line: VesselLine, measured: MeasuredLine | undefined): ReportVessel {
  const { id, nameId, customName, kind, verdict, pieces, parent } = line.line;
  const sampled = sampledOf(line.line);
  const bend = tortuosity(sampled);
  const now = measuredNow(line, measured);
  return {
    lineId: id,
    nameId,
    customName,
    kind,
    verdict,
    isByHand: pieces.some(({ state }) => state === 'drawn'),
    isDoubtful: sampled.states.some((state) => isBadPiece(pieceStates[state] ?? 'drawn')),
    isUnopacified: now?.isUnopacified ?? false,
    lengthMm: thousandth(sampled.lengthMm),
    tortuosity: Number.isFinite(bend) ? thousandth(bend) : null,
    pointsMm: pointsOf(sampled),
    ...(parent && { parent: { lineId: parent.lineId, atMm: Math.max(0, thousandth(parent.atMm)) } }),
    stations: reportStations(now?.stations ?? []).map((station) => ({
      ...station,
      s: thousandth(station.s),
      areaMm2: thousandth(station.areaMm2),
      minDiameterMm: thousandth(station.minDiameterMm),
      maxDiameterMm: thousandth(station.maxDiameterMm),
      equivalentDiameterMm: thousandth(station.equivalentDiameterMm),
      uncertaintyMm: thousandth(station.uncertaintyMm),
    })),
    stenoses: reportedStenoses(line, measured),
  };
}

/** Lines of one series that have a course, the active one first. */
export function reportedLines(
  lines: readonly VesselLine[],
  activeId: string,
  seriesKey: string,
): readonly VesselLine[] {
  return lines
    .filter(({ line }) => line.seriesKey === seriesKey && isDrawable(line))
    .toSorted((a, b) => Number(b.line.id === activeId) - Number(a.line.id === activeId));
}

/** As many vessels as a call carries beside its pictures, the first always. */
export function vesselsWithin(vessels: readonly ReportVessel[], mostBytes: number): readonly ReportVessel[] {
  let bytes = 0;
  const end = vessels.findIndex((vessel) => {
    bytes += JSON.stringify(vessel).length;
    return bytes > mostBytes;
  });
  return end === -1 ? vessels : vessels.slice(0, Math.max(1, end));
}
