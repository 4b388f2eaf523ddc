import { sampleLine } from '../analysis/curve/sample-line.ts';
import { type AortaRow, type AortaTree, aortaTable, type MeasuredLine } from '../analysis/lumen/aorta.ts';
import { isSure } from '../analysis/lumen/touching.ts';
import type { StationMeasure, Stenosis } from '../analysis/types.ts';
import { patientPoint } from '../geometry/types.ts';
import { reportTerms } from '../terms/report.ts';
import { type Language, say } from '../terms/term.ts';
import { vesselName } from '../terms/vessel.ts';
import type { ReportStation, ReportVessel } from './types.ts';

/** Sections of a lumen as a report takes them. */
export const reportStations = (stations: readonly StationMeasure[]): ReportStation[] =>
  stations.flatMap(({ open, meanDiameterMm, ...rest }) =>
    open || !Number.isFinite(meanDiameterMm + rest.areaMm2 + rest.uncertaintyMm) ? [] : [rest],
  );

/** The name in a language; "unnamed" for a line without one. */
export function reportVesselName(
  language: Language,
  { nameId, customName }: Pick<ReportVessel, 'nameId' | 'customName'>,
): string {
  const name = vesselName(nameId);
  if (name) return language === 'zh-CN' ? name.zh : name.en;
  return customName.trim() || say(language, reportTerms['report.unnamed']);
}

/** The tightest, by diameter. */
export const worstStenosis = ({ stenoses }: ReportVessel): Stenosis | undefined =>
  stenoses.reduce<Stenosis | undefined>(
    (worst, one) => (worst && worst.percentDiameter >= one.percentDiameter ? worst : one),
    undefined,
  );

/** The sections that are in no doubt; all of them where none is. */
export const sureStations = ({ stations }: ReportVessel): readonly ReportStation[] =>
  stations.some(isSure) ? stations.filter(isSure) : stations;

/** The narrowest section; none where nothing was measured. */
export const narrowestStation = (vessel: ReportVessel): ReportStation | undefined =>
  sureStations(vessel).reduce<ReportStation | undefined>(
    (least, one) => (least && least.equivalentDiameterMm <= one.equivalentDiameterMm ? least : one),
    undefined,
  );

/** The lumen's diameter in the throat of a stenosis. */
export const throatMm = ({ referenceMm, percentDiameter }: Stenosis): number =>
  referenceMm * (1 - percentDiameter / 100);

const needsBifurcation: ReadonlySet<AortaRow['id']> = new Set([
  'bifurcationDiameter',
  'renalToBifurcation',
  'aortaTortuosity',
  'renalToInternalIliac',
]);

const aortaIds = ['abdominal-aorta', 'thoracic-aorta', 'aorta'];

function measured({ pointsMm, stations }: ReportVessel): MeasuredLine {
  const points = pointsMm.map((p) => patientPoint(...p));
  return {
    line: sampleLine([{ pointsMm: points, state: 'found' }], 0.5),
    stations: stations.map((station) => ({ ...station, meanDiameterMm: station.equivalentDiameterMm })),
  };
}

/** Table for EVAR and TEVAR, with the places where named branches leave the aorta as its marks; empty without an aorta. */
export function reportAorta(vessels: readonly ReportVessel[]): readonly AortaRow[] {
  const named = (id: string): ReportVessel | undefined => vessels.find(({ nameId }) => nameId === id);
  const aorta = aortaIds.map(named).find((found) => found !== undefined && found.stations.length > 2);
  if (!aorta) return [];
  const leaves = (id: string, of: ReportVessel): number | undefined => {
    const parent = named(id)?.parent;
    return parent?.lineId === of.lineId ? parent.atMm : undefined;
  };
  const present = (values: readonly (number | undefined)[]): number[] =>
    values.filter((value) => value !== undefined);
  const renals = present([leaves('left-renal', aorta), leaves('right-renal', aorta)]);
  const forks = present([leaves('left-common-iliac', aorta), leaves('right-common-iliac', aorta)]);
  const subclavian = leaves('left-subclavian', aorta);
  const iliac = (side: 'left' | 'right'): AortaTree['leftIliac'] => {
    const found = named(`${side}-common-iliac`);
    if (!found || found.stations.length < 3) return undefined;
    const internalIliacS = leaves(`${side}-internal-iliac`, found);
    return { ...measured(found), ...(internalIliacS !== undefined && { marks: { internalIliacS } }) };
  };
  const [left, right] = [iliac('left'), iliac('right')];
  const rows = aortaTable({
    aorta: measured(aorta),
    marks: {
      ...(subclavian !== undefined && { leftSubclavianS: subclavian }),
      ...(renals.length > 0 && { lowestRenalS: Math.max(...renals) }),
      ...(forks.length > 0 && { bifurcationS: Math.min(...forks) }),
    },
    ...(left && { leftIliac: left }),
    ...(right && { rightIliac: right }),
  });
  // The end of a line is no bifurcation unless an iliac artery leaves there.
  const isKnown = ({ id }: AortaRow): boolean => forks.length > 0 || !needsBifurcation.has(id);
  return rows.filter((row) => Number.isFinite(row.value) && isKnown(row));
}
