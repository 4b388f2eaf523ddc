import type { MeasuredSection, MeasuredVessel } from '../dicom/derive/structured-report.ts';
import { vesselSite } from '../dicom/derive/vessel-codes.ts';
import type { Vec3 } from '../geometry/types.ts';
import { reportTerms } from '../terms/report.ts';
import { type Language, say } from '../terms/term.ts';
import type { ReportStation, ReportVessel } from './types.ts';
import { narrowestStation, reportVesselName, sureStations, throatMm } from './vessels.ts';

/** The place on a line at an arc length: its points lie at even steps. */
export function pointAtMm({ pointsMm, lengthMm }: ReportVessel, sMm: number): Vec3 {
  const last = pointsMm.length - 1;
  const at = Math.max(0, Math.min(last, (sMm / Math.max(lengthMm, 1e-9)) * last));
  const low = Math.min(Math.floor(at), Math.max(0, last - 1));
  const share = at - low;
  const [from, to] = [pointsMm[low]!, pointsMm[Math.min(low + 1, last)]!];
  return [0, 1, 2].map((axis) => from[axis]! + (to[axis]! - from[axis]!) * share) as unknown as Vec3;
}

const sectionOf = (vessel: ReportVessel, station: ReportStation): MeasuredSection => ({
  pointMm: pointAtMm(vessel, station.s),
  diameterMm: station.equivalentDiameterMm,
  uncertaintyMm: station.uncertaintyMm,
  areaMm2: station.areaMm2,
  isAtLimit: station.limit !== undefined,
  isUnopacified: vessel.isUnopacified,
});

const widestStation = (vessel: ReportVessel): ReportStation | undefined =>
  sureStations(vessel).toSorted((a, b) => b.equivalentDiameterMm - a.equivalentDiameterMm)[0];

/** A report's vessels as the structured report takes them; a stenosis of 0 % or less is none. */
export function measuredVessels(
  language: Language,
  vessels: readonly ReportVessel[],
  newUid: () => string,
): readonly MeasuredVessel[] {
  return vessels.map((vessel) => {
    const label = reportVesselName(language, vessel);
    const [least, most] = [narrowestStation(vessel), widestStation(vessel)];
    return {
      label,
      trackingUID: newUid(),
      site: vesselSite(vessel.nameId, vessel.kind),
      pointsMm: vessel.pointsMm,
      lengthMm: vessel.lengthMm,
      ...(vessel.tortuosity !== null && { tortuosity: vessel.tortuosity }),
      isByHand: vessel.isByHand,
      ...(least && { narrowest: sectionOf(vessel, least) }),
      ...(most && { widest: sectionOf(vessel, most) }),
      stenoses: vessel.stenoses.map((one, n) => ({
        label: say(language, reportTerms['report.stenosisLabel'], { name: label, n: n + 1 }),
        trackingUID: newUid(),
        pointMm: pointAtMm(vessel, one.s),
        fromStartMm: one.s,
        percentDiameter: one.percentDiameter,
        uncertaintyPercent: one.uncertaintyPercent,
        percentArea: one.percentArea,
        throatMm: throatMm(one),
        referenceMm: one.referenceMm,
        rule: one.rule,
        isAtLimit: one.limit !== undefined,
      })),
    };
  });
}
