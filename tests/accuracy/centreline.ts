/**
 * `node tests/accuracy/centreline.ts` follows the phantom's vessels from two clicks beside the axis under several
 * conditions and writes the table of docs/accuracy.md between its markers. It takes a minute and is no test;
 * tests/integration/centreline.test.ts holds the goals.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestPlace, pointAtMm } from '../../core/analysis/curve/line-places.ts';
import { sampleLine, samplePoints, stationPoint } from '../../core/analysis/curve/sample-line.ts';
import { findLine } from '../../core/analysis/path/find-line.ts';
import type { SampledLine, ScalarField } from '../../core/analysis/types.ts';
import { type PatientPoint, patientPoint } from '../../core/geometry/types.ts';
import { bodyParts } from '../../core/phantom/body.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { voxelNoise } from '../../core/phantom/random.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';

interface Condition {
  readonly name: string;
  readonly noiseHu: number;
  readonly contrastHu: number;
  readonly sliceMm: number;
}

const conditions: readonly Condition[] = [
  { name: '350 HU, noise 10, 1 mm', noiseHu: 10, contrastHu: 350, sliceMm: 1 },
  { name: '350 HU, noise 40, 1 mm', noiseHu: 40, contrastHu: 350, sliceMm: 1 },
  { name: '250 HU, noise 40, 1 mm', noiseHu: 40, contrastHu: 250, sliceMm: 1 },
  { name: '150 HU, noise 25, 1 mm', noiseHu: 25, contrastHu: 150, sliceMm: 1 },
  { name: '350 HU, noise 20, 2 mm', noiseHu: 20, contrastHu: 350, sliceMm: 2 },
  { name: '350 HU, noise 20, 3 mm', noiseHu: 20, contrastHu: 350, sliceMm: 3 },
];

/** Vessel, and the stretch of it that is followed: where it is a vessel of its own. */
const allLines: readonly (readonly [id: string, fromMm: number, toMm: number])[] = [
  ['aorta', 40, 190],
  ['aorta', 200, 340],
  ['left-iliac', 16, 110],
  ['right-iliac', 16, 150],
  ['left-renal', 16, 50],
  ['right-renal', 16, 60],
  ['sma', 16, 120],
  ['rca', 14, 170],
  ['lad', 14, 90],
  ['lcx', 5, 90],
  ['diagonal', 6, 40],
  ['obtuse-marginal', 6, 45],
];

/** Ids on the command line: only these, to stdout. */
const asked = process.argv.slice(2);
const lines = allLines.filter(([id]) => asked.length === 0 || asked.includes(id));

const known = knownAnswers();
const parts = bodyParts({ table: false });
const lumenHu = 350;

/** The lumens' contrast made less: values between muscle and lumen are scaled, bone and calcium stay. */
function faded(value: number, contrastHu: number): number {
  const muscle = 60;
  if (value <= muscle || value > 500) return value;
  if (value <= lumenHu + 10) return muscle + ((value - muscle) * (contrastHu - muscle)) / (lumenHu - muscle);
  return contrastHu + ((value - lumenHu - 10) * (500 - contrastHu)) / (490 - lumenHu);
}

function underCondition(field: ScalarField, { noiseHu, contrastHu }: Condition): ScalarField {
  const isFaded = contrastHu !== lumenHu;
  const voxels = Int16Array.from(field.voxels, (value, n) =>
    Math.round((isFaded ? faded(value, contrastHu) : value) + noiseHu * voxelNoise(77, n)),
  );
  return { ...field, voxels };
}

const beside = (p: PatientPoint, by: number): PatientPoint =>
  patientPoint(p[0] + 0.5 * by, p[1] - 0.4 * by, p[2] + 0.3 * by);

/** Mean and worst distance in mm, error of the length in percent, CPU seconds; or the code of what hindered it. */
function follow(field: ScalarField, truth: SampledLine, fromMm: number, toMm: number): string {
  const clicks = [beside(pointAtMm(truth, fromMm)!, 1), beside(pointAtMm(truth, toMm)!, -1)];
  const found = findLine(field, clicks, { kind: 'vessel' });
  if (!found.ok) return found.problem.code;
  const line = sampleLine(found.value.pieces, 0.5);
  const places = Array.from({ length: line.count }, (_, n) => nearestPlace(truth, stationPoint(line, n))!);
  const away = places.map((place) => place.distanceMm);
  const mean = away.reduce((sum, mm) => sum + mm, 0) / away.length;
  const trueMm = places[places.length - 1]!.atMm - places[0]!.atMm;
  const error = 100 * (line.lengthMm / trueMm - 1);
  const sign = error < -0.005 ? '−' : '+';
  const state = found.value.problems.length > 0 ? ` (${found.value.problems[0]!.code})` : '';
  return `${mean.toFixed(2)} / ${Math.max(...away).toFixed(2)} / ${sign}${Math.abs(error).toFixed(2)} %${state}`;
}

function table(): string {
  const rows = lines.map(([id, fromMm, toMm]) => {
    process.stderr.write(`${id}\n`);
    const truth = samplePoints(
      known.vessels.find((vessel) => vessel.id === id)!.pointsMm as readonly PatientPoint[],
      0.25,
    );
    const around = Array.from(
      { length: 60 },
      (_, n) => pointAtMm(truth, fromMm + ((toMm - fromMm) * n) / 59)!,
    );
    const fields = new Map<number, ScalarField>();
    const cells = conditions.map((condition) => {
      const { sliceMm } = condition;
      const field =
        fields.get(sliceMm) ??
        phantomCrop(around, { spacingMm: [0.7, sliceMm], marginMm: 26, subSlices: sliceMm }, parts);
      fields.set(sliceMm, field);
      return follow(underCondition(field, condition), truth, fromMm, toMm);
    });
    return `| ${id} | ${toMm - fromMm} | ${cells.join(' | ')} |`;
  });
  return [
    `| Artery | Length, mm | ${conditions.map((condition) => condition.name).join(' | ')} |`,
    `|---|---|${conditions.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

const path = join(import.meta.dirname, '../../docs/accuracy.md');
const [begin, end] = ['<!-- centrelines: begin -->', '<!-- centrelines: end -->'];
const made = table();
const text = readFileSync(path, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (asked.length > 0 || from < 0 || to < from) process.stdout.write(`${made}\n`);
else writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${made}\n\n${text.slice(to)}`);
