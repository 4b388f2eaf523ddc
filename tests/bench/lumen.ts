/** A hundred cross-sections with lumen contours, in the phantom's aorta and in its right coronary artery. */
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { measureLine } from '../../core/analysis/lumen/measure-line.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';
import { type Figure, figure, interleaved } from './figure.ts';

const rounds = 3;
const sections = 100;

/** Processor time of this process in ms. */
async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

/** The yardstick: every voxel around the vessel read once and summed. */
function sum(voxels: Int16Array | Uint16Array | Float32Array): number {
  let total = 0;
  for (let n = 0; n < voxels.length; n++) total += voxels[n]!;
  return total;
}

async function along(
  name: string,
  id: string,
  fromPoint: number,
  sectionMm: number,
  marginMm: number,
): Promise<Figure> {
  const vessel = knownAnswers().vessels.find((one) => one.id === id)!;
  const points = vessel.pointsMm
    .slice(fromPoint, fromPoint + 140)
    .map((point) => patientPoint(point[0], point[1], point[2]));
  const field = phantomCrop(points, { spacingMm: [0.7, 1], marginMm, noiseHu: 11 });
  const line = samplePoints(points, 0.5);
  const options = { stepMm: line.lengthMm / (sections - 1), sectionMm };
  const { ours, theirs } = await interleaved(
    rounds,
    () => processorMs(() => measureLine(field, line, options)),
    () => processorMs(() => sum(field.voxels)),
  );
  const goal = { valueAtMost: 2000 };
  return figure(name, 'ms', ours, 'each voxel of the box read once', theirs, goal);
}

export const run = async (): Promise<Figure[]> => [
  await along('cpr.sections', 'rca', 40, 25, 14),
  await along('cpr.sections.aorta', 'aorta', 260, 80, 42),
];
