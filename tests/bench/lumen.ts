/** Path and lumen on the demo phantom: clicks 150 mm apart, then a hundred cross-sections with contours. */
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { measureLine } from '../../core/analysis/lumen/measure-line.ts';
import { findLine } from '../../core/analysis/path/find-line.ts';
import type { ScalarField } from '../../core/analysis/types.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { demoField } from './demo-field.ts';
import { type Figure, figure, median, timed } from './figure.ts';

const rounds = 3;
const sections = 100;
const apartMm = 150;

const known = knownAnswers();
const alongKnown = (id: string): readonly Vec3[] => known.vessels.find((one) => one.id === id)!.pointsMm;
const apart = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** A place in the vessel, and the last one of the aorta that is 150 mm away; each a click beside the middle. */
function clicks(id: string, endPoint: number): readonly [PatientPoint, PatientPoint] {
  const end = alongKnown(id).at(endPoint)!;
  const from = alongKnown('aorta').findLast((p) => apart(p, end) >= apartMm)!;
  return [
    patientPoint(from[0] + 0.8, from[1] - 0.6, from[2]),
    patientPoint(end[0] - 0.5, end[1], end[2] + 1),
  ];
}

let kept = 0;
/** The yardstick, the least that anything can do with the volume. */
function onePass({ voxels }: ScalarField): void {
  let sum = 0;
  for (let n = 0; n < voxels.length; n++) sum += voxels[n]!;
  kept += sum;
}

/** The slowest of three counts, the first included: a reader clicks once. */
async function measure(name: string, field: ScalarField, work: () => void, mostMs: number): Promise<Figure> {
  const took: number[] = [];
  const pass: number[] = [];
  for (let round = 0; round < rounds; round++) {
    pass.push(await timed(() => onePass(field)));
    took.push(await timed(work));
  }
  if (!Number.isFinite(kept)) throw new Error('not a sum');
  const goal = { valueAtMost: mostMs };
  return figure(name, 'ms', Math.max(...took), 'reading every voxel once', median(pass), goal);
}

function findBetween(field: ScalarField, id: string, endPoint: number): void {
  const found = findLine(field, clicks(id, endPoint), { kind: 'vessel' });
  // A quick link would be no path.
  if (!found.ok || found.value.pieces.some(({ state }) => state !== 'found'))
    throw new Error(`${id}: no path`);
}

function measureAlong(field: ScalarField, id: string, fromPoint: number, sectionMm: number): void {
  const points = alongKnown(id).slice(fromPoint, fromPoint + 140);
  const line = samplePoints(
    points.map((p) => patientPoint(p[0], p[1], p[2])),
    0.5,
  );
  const stepMm = line.lengthMm / (sections - 1);
  const measured = measureLine(field, line, { stepMm, sectionMm });
  if (measured?.stations.length !== sections) throw new Error(`${id}: not a hundred sections`);
}

export async function run(): Promise<Figure[]> {
  const field = demoField();
  const figures: Figure[] = [];
  for (const [id, endPoint] of [
    ['aorta', -6],
    ['right-iliac', 30],
  ] as const)
    figures.push(
      await measure(
        `cpr.path, clicks ${apartMm} mm apart, to ${id}`,
        field,
        () => findBetween(field, id, endPoint),
        1000,
      ),
    );
  for (const [id, from, widthMm] of [
    ['rca', 40, 25],
    ['aorta', 260, 80],
  ] as const)
    figures.push(
      await measure(
        `cpr.sections, ${sections} with contours, ${id}`,
        field,
        () => measureAlong(field, id, from, widthMm),
        2000,
      ),
    );
  return figures;
}
