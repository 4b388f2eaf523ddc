/** What is varied, one thing at a time, and what came out of the draws of noise. */
import { measureLine } from '../../core/analysis/lumen/measure-line.ts';
import { baseCase, noisyField, paintVessel, radiusMm, type VesselCase } from './painted-vessel.ts';

export interface CaseGroup {
  readonly title: string;
  readonly cases: readonly VesselCase[];
}

const varied = <T>(
  title: string,
  values: readonly T[],
  name: (value: T) => string,
  change: (value: T) => Partial<VesselCase>,
): CaseGroup => ({
  title,
  cases: values.map((value) => ({ ...baseCase, ...change(value), name: name(value) })),
});

export const groups: readonly CaseGroup[] = [
  varied(
    'As described',
    [0],
    () => '50 % of 4 mm',
    () => ({}),
  ),
  varied(
    'Noise',
    [0, 10, 30, 40],
    (hu) => `${hu} HU`,
    (noiseHu) => ({ noiseHu }),
  ),
  varied(
    'Contrast',
    [150, 250, 500],
    (hu) => `${hu} HU`,
    (contrastHu) => ({ contrastHu }),
  ),
  varied(
    'Slices, vessel oblique',
    [0.5, 1, 1.5, 2, 3],
    (mm) => `${mm} mm`,
    (mm) => ({ voxelMm: [0.5, mm] }),
  ),
  varied(
    'Slices, vessel nearly along z',
    [1, 2, 3],
    (mm) => `${mm} mm`,
    (mm) => ({
      voxelMm: [0.5, mm],
      axis: [0.1, 0.1, 1],
    }),
  ),
  varied(
    'Blur (FWHM)',
    [0.4, 1, 1.3, 1.6],
    (mm) => `${mm} mm`,
    (blurMm) => ({ blurMm }),
  ),
  varied(
    'Bone bar, off the wall',
    [0, 0.5, 1, 2],
    (mm) => `${mm} mm`,
    (boneAtMm) => ({ boneAtMm }),
  ),
  varied(
    'Calcium on the wall',
    ['throat', 'open'] as const,
    (at) => `at the ${at === 'open' ? 'open lumen' : at}`,
    (calcium) => ({ calcium }),
  ),
  varied(
    'Line off the middle',
    [0.5, 1],
    (mm) => `${mm} mm`,
    (offLineMm) => ({ offLineMm }),
  ),
  {
    title: 'Other vessels',
    cases: [
      { ...baseCase, name: '50 % of 6 mm', openMm: 6 },
      { ...baseCase, name: '75 % of 8 mm', openMm: 8, lostShare: 0.75 },
      { ...baseCase, name: '70 % of 3 mm', openMm: 3, lostShare: 0.7 },
      { ...baseCase, name: '50 % of 3 mm', openMm: 3 },
    ],
  },
  {
    title: 'Everything worse at once',
    cases: [
      { ...baseCase, name: '150 HU, noise 40 HU', contrastHu: 150, noiseHu: 40 },
      {
        ...baseCase,
        name: '250 HU, noise 30 HU, 1.3 mm blur, 1 mm slices',
        contrastHu: 250,
        noiseHu: 30,
        blurMm: 1.3,
        voxelMm: [0.6, 1],
      },
    ],
  },
];

export const manyDraws: readonly VesselCase[] = [
  { ...baseCase, name: '50 % of 4 mm' },
  { ...baseCase, name: '75 % of 8 mm', openMm: 8, lostShare: 0.75 },
  { ...baseCase, name: '50 % of 4 mm, 250 HU, noise 30 HU', contrastHu: 250, noiseHu: 30 },
];

export interface CaseResult {
  readonly open: Spread;
  readonly throat: Spread;
  readonly percent: Spread;
  readonly uncertaintyPercent: number;
  /** Shares 0…1 of stenoses and of sections whose uncertainty covers the truth. */
  readonly coveredStenoses: number;
  readonly coveredSections: number;
  readonly limited: number;
  readonly draws: number;
  readonly missed: number;
}

export interface Spread {
  readonly mean: number;
  readonly sd: number;
}

function spread(values: readonly number[]): Spread {
  const known = values.filter(Number.isFinite);
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  return { mean, sd: Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length) };
}

/** Sections this near the middle are the throat's, this far off the open vessel's; between them the lumen widens. */
const throatMm = 1.2;
const openMm = 6.5;

export function runCase(vessel: VesselCase, draws: number): CaseResult {
  const painted = paintVessel(vessel);
  const [open, throat, percent]: [number[], number[], number[]] = [[], [], []];
  let [uncertainty, stenoses, coveredStenoses, sections, coveredSections, limited] = [0, 0, 0, 0, 0, 0];
  for (let draw = 1; draw <= draws; draw++) {
    const field = noisyField(painted, vessel.noiseHu, draw * 7919);
    const measured = measureLine(field, painted.line, { stepMm: 1, sectionMm: 20 });
    for (const station of measured?.stations ?? []) {
      const along = station.s - painted.halfLineMm;
      if (Math.abs(along) > throatMm && Math.abs(along) < openMm) continue;
      const error = station.equivalentDiameterMm - 2 * radiusMm(vessel, along);
      (Math.abs(along) > openMm ? open : throat).push(error);
      sections += 1;
      if (Math.abs(error) <= station.uncertaintyMm) coveredSections += 1;
    }
    const found = measured?.stenoses.find((one) => Math.abs(one.s - painted.halfLineMm) < 3);
    if (!found) continue;
    const error = found.percentDiameter - 100 * vessel.lostShare;
    percent.push(error);
    stenoses += 1;
    uncertainty += found.uncertaintyPercent;
    if (Math.abs(error) <= found.uncertaintyPercent) coveredStenoses += 1;
    if (found.limit) limited += 1;
  }
  return {
    open: spread(open),
    throat: spread(throat),
    percent: spread(percent),
    uncertaintyPercent: uncertainty / stenoses,
    coveredStenoses: coveredStenoses / draws,
    coveredSections: coveredSections / sections,
    limited: limited / draws,
    draws,
    missed: draws - stenoses,
  };
}
