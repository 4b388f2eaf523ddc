import type { AortaRow } from '../analysis/lumen/aorta.ts';
import { cadRadsOf } from '../analysis/lumen/cad-rads.ts';
import { fixed } from '../measure/format.ts';
import { lumenTerms } from '../terms/lumen.ts';
import { reportTerms } from '../terms/report.ts';
import { type Language, say } from '../terms/term.ts';
import { vesselName } from '../terms/vessel.ts';
import type { ReportVessel } from './types.ts';
import { narrowestStation, reportVesselName, throatMm, worstStenosis } from './vessels.ts';

/**
 * What was measured, in whole sentences: one a vessel, the tightest stenosis first, then an aneurysm, then the others.
 * No sentence says more than the numbers.
 */
export function reportSentences(
  language: Language,
  vessels: readonly ReportVessel[],
  aorta: readonly AortaRow[],
): readonly string[] {
  const byLoss = vessels.toSorted((a, b) => lossOf(b) - lossOf(a));
  const sac = aorta.find(({ id }) => id === 'aneurysmDiameter');
  const said = byLoss.map((vessel) => sentenceOf(language, vessel));
  const aneurysm = sac ? [say(language, reportTerms['report.aneurysm'], { most: fixed(sac.value, 1) })] : [];
  // A page has room for two at least: neither of them is left out.
  const first = byLoss[0] && worstStenosis(byLoss[0]) ? 1 : 0;
  return [...said.slice(0, first), ...aneurysm, ...said.slice(first)];
}

const lossOf = (vessel: ReportVessel): number => worstStenosis(vessel)?.percentDiameter ?? -1;

function sentenceOf(language: Language, vessel: ReportVessel): string {
  const name = reportVesselName(language, vessel);
  const doubt = vessel.isDoubtful ? [say(language, reportTerms['report.doubtful'])] : [];
  const join = (parts: readonly string[]): string => parts.join(language === 'zh-CN' ? '' : ' ');
  const worst = worstStenosis(vessel);
  if (worst) {
    const text = say(language, reportTerms['report.stenosis'], {
      name,
      s: fixed(worst.s, 1),
      throat: fixed(throatMm(worst), 1),
      percent: fixed(worst.percentDiameter, 0),
      unsure: fixed(worst.uncertaintyPercent, 0),
      area: fixed(worst.percentArea, 0),
      reference: fixed(worst.referenceMm, 1),
    });
    const isCoronary = vesselName(vessel.nameId)?.group === 'coronary';
    const category = lumenTerms[`cadRads.${cadRadsOf(worst.percentDiameter)}`];
    return join([
      text,
      ...(worst.limit ? [say(language, reportTerms['report.limit'])] : []),
      ...(isCoronary ? [`${say(language, category)} (${say(language, lumenTerms['cadRads.aid'])})`] : []),
      ...doubt,
    ]);
  }
  const least = narrowestStation(vessel);
  if (!least)
    return join([
      say(language, reportTerms[vessel.isUnopacified ? 'report.noContrastAtAll' : 'report.noLumen'], {
        name,
        length: fixed(vessel.lengthMm, 1),
      }),
      ...doubt,
    ]);
  const key = vessel.isUnopacified ? 'report.noContrast' : 'report.noStenosis';
  return join([
    say(language, reportTerms[key], {
      name,
      least: fixed(least.equivalentDiameterMm, 1),
      unsure: fixed(least.uncertaintyMm, 1),
      s: fixed(least.s, 1),
    }),
    ...(least.limit ? [say(language, reportTerms['report.limit'])] : []),
    ...doubt,
  ]);
}
