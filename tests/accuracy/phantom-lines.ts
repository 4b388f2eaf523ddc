/** Diameters of the phantom's arteries along their known lines, where nothing else is part of the section. */
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { measureLine } from '../../core/analysis/lumen/measure-line.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { lumenRadiusMm, type Vessel } from '../../core/phantom/anatomy/vessel.ts';
import { vessels } from '../../core/phantom/anatomy/vessels.ts';
import { bodyParts } from '../../core/phantom/body.ts';
import { Painter } from '../../core/phantom/paint.ts';
import { pathAt, pathLengthMm, tube } from '../../core/phantom/tube.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';

export interface LineResult {
  readonly id: string;
  readonly sections: number;
  readonly meanMm: number;
  readonly medianMm: number;
  readonly mostMm: number;
  readonly coveredShare: number;
  /** Sections that show the lumen alone and are marked as touched all the same. */
  readonly falseAlarms: number;
  /** Sections of other kinds that are wrong by more than 0.35 mm, and how many of them are marked. */
  readonly wrong: number;
  readonly marked: number;
}

const wrongFromMm = 0.35;

const lumens = vessels.map((vessel) => ({
  vessel,
  shape: tube(vessel.path, (s) => lumenRadiusMm(vessel, s)),
}));

const painter = new Painter(
  bodyParts().filter((part) => part.kind !== 'calcification'),
  'ct',
);

/** The round lumen alone: no other vessel within its wall of 1 mm, away from the ends and the shoulders of a stenosis. */
function isAlone(vessel: Vessel, arcMm: number): boolean {
  const radius = lumenRadiusMm(vessel, arcMm);
  const end = pathLengthMm(vessel.path);
  if (arcMm < 5 || arcMm > end - 5) return false;
  const lesion = vessel.stenosis;
  if (lesion && Math.abs(arcMm - lesion.atMm) < lesion.halfLengthMm + 1)
    if (Math.abs(arcMm - lesion.atMm) > lesion.halfThroatMm - 0.3) return false;
  const [x, y, z] = pathAt(vessel.path, arcMm).point;
  if (!lumens.every((other) => other.vessel === vessel || other.shape.sdf(x, y, z) - radius > 1))
    return false;
  // Pulmonary veins are no named vessels, but as bright.
  const { rights, downs } = samplePoints(
    [arcMm - 0.2, arcMm + 0.2].map((arc) => patientPoint(...pathAt(vessel.path, arc).point)),
    0.4,
  );
  return Array.from({ length: 12 }, (_, n) => (2 * Math.PI * n) / 12).every((angle) => {
    const away = radius + 1;
    const along = (c: 0 | 1 | 2): number =>
      away * (Math.cos(angle) * rights[c]! + Math.sin(angle) * downs[c]!);
    return painter.valueAt([x + along(0), y + along(1), z + along(2)]) < 250;
  });
}

export function runLine(
  id: string,
  spacingMm: readonly [number, number],
  noiseHu: number,
  [from, to]: readonly [number, number] = [0, 1e9],
): LineResult {
  const vessel = vessels.find((one) => one.id === id)!;
  const end = Math.min(to, pathLengthMm(vessel.path));
  const count = Math.round((end - from) / 0.5);
  const points = Array.from({ length: count + 1 }, (_, n) =>
    patientPoint(...pathAt(vessel.path, from + ((end - from) * n) / count).point),
  );
  const wide = lumenRadiusMm(vessel, from) > 6;
  const field = phantomCrop(points, { spacingMm, marginMm: wide ? 32 : 14, noiseHu });
  const line = samplePoints(points, 0.5);
  const { stations } = measureLine(field, line, { stepMm: 1, sectionMm: wide ? 60 : 24 })!;
  const alone = stations.filter((station) => isAlone(vessel, from + station.s));
  const shoulderMm = vessel.stenosis ? vessel.stenosis.halfLengthMm + 1 : 0;
  const wrong = stations.filter((s) => {
    const arcMm = from + s.s;
    const isLesion = vessel.stenosis && Math.abs(arcMm - vessel.stenosis.atMm) < shoulderMm;
    const errorMm = s.equivalentDiameterMm - 2 * lumenRadiusMm(vessel, arcMm);
    return !s.open && !isLesion && !isAlone(vessel, arcMm) && Math.abs(errorMm) > wrongFromMm;
  });
  const errors = alone.map((s) => s.equivalentDiameterMm - 2 * lumenRadiusMm(vessel, from + s.s));
  const sizes = errors.map((error) => (Number.isFinite(error) ? Math.abs(error) : 9)).sort((a, b) => a - b);
  return {
    id,
    sections: alone.length,
    meanMm: errors.reduce((a, b) => a + b, 0) / errors.length,
    medianMm: sizes[sizes.length >> 1]!,
    mostMm: sizes[sizes.length - 1]!,
    falseAlarms: alone.filter((s) => s.doubt).length,
    wrong: wrong.length,
    marked: wrong.filter((s) => s.doubt).length,
    coveredShare: alone.filter((s, n) => Math.abs(errors[n]!) <= s.uncertaintyMm).length / alone.length,
  };
}
