/** Spine and ribs of the phantom against its known answers, and what is found of them in a real chest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestOnPolyline } from '../../core/analysis/curve/polyline.ts';
import { addRib, dropRib } from '../../core/analysis/ribs/edit-bones.ts';
import { findBones } from '../../core/analysis/ribs/find-bones.ts';
import { boneReport, type LabelledBones, labelFrom, vertebraAt } from '../../core/analysis/ribs/labels.ts';
import { ontoSheet, ribSheet } from '../../core/analysis/ribs/sheet.ts';
import type { ScalarField } from '../../core/analysis/types.ts';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { readNrrd } from '../fixtures/nifti.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { candela } from '../fixtures/terminal.ts';

const known = knownAnswers();
const point = (p: Vec3): PatientPoint => patientPoint(p[0], p[1], p[2]);
const pointsOf = ({ pieces }: LabelledBones['ribs'][number]): PatientPoint[] =>
  pieces.flatMap(({ pointsMm }) => pointsMm);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const away = (points: readonly Vec3[], line: readonly Vec3[]): number =>
  mean(points.map((p) => nearestOnPolyline(line.map(point), point(p))!.distanceMm));

function labelled(field: ScalarField, clickMm: PatientPoint, label: string): LabelledBones {
  const found = findBones(field);
  if (!found.ok) throw new Error(found.problem.code);
  const clicked = vertebraAt(found.value, clickMm);
  if (!clicked.ok) throw new Error(clicked.problem.code);
  const result = labelFrom(found.value, { kind: 'vertebra', id: clicked.value.id, label });
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

describe('spine and ribs of the phantom, 2 mm pixels on 2.5 mm slices', () => {
  let field: ScalarField;
  let bones: LabelledBones;
  beforeAll(() => {
    field = phantomCrop(
      [
        [-172, -128, -72],
        [172, 120, 242],
      ],
      { spacingMm: [2, 2.5], marginMm: 8, noiseHu: 15, subSlices: 1 },
    );
    const l1 = known.vertebrae.find(({ label }) => label === 'L1')!.centreMm;
    bones = labelled(field, patientPoint(l1[0] + 4, l1[1] + 25, l1[2] - 4), 'L1');
  });

  it('finds every vertebra within 2 mm and names it from one click', () => {
    const whole = bones.vertebrae.filter(({ isCut }) => !isCut);
    expect(whole.length).toBeGreaterThanOrEqual(13);
    for (const { label, centreMm } of whole) {
      const truth = known.vertebrae.find((one) => one.label === label)!;
      expect([label, Math.hypot(...truth.centreMm.map((x, axis) => x - centreMm[axis]!)) < 2]).toEqual([
        label,
        true,
      ]);
    }
    expect(bones.spine.lengthMm).toBeGreaterThan(250);
  });

  it('finds all ribs, names them, and follows them within 2 mm', () => {
    expect(bones.ribs).toHaveLength(24);
    for (const rib of bones.ribs) {
      const truth = known.ribs.find(({ number, side }) => number === rib.number && side === rib.side)!;
      expect([rib.id, truth?.id]).toEqual([rib.id, `rib-${rib.side}-${rib.number}`]);
      // Beyond its fracture the known line is that of the rib before it broke, 4 mm aside.
      const most = truth.id === known.fracture.rib ? 2.2 : 1.2;
      expect(away(pointsOf(rib), truth.pointsMm)).toBeLessThan(most);
      expect(away(truth.pointsMm, pointsOf(rib))).toBeLessThan(most);
    }
    const report = boneReport(bones);
    expect(report).toMatchObject({ missingRibs: [], extraRibs: [], doubledRibs: [] });
    expect(report.weakRibs.map((id) => bones.ribs.find((rib) => rib.id === id)!.number)).toEqual([8]);
  });

  it('shows the fracture on the strip of its rib', () => {
    const sheet = ribSheet(bones);
    if (!sheet.ok) throw new Error(sheet.problem.code);
    const shown = ontoSheet(sheet.value, point(known.fracture.pointMm));
    expect(shown?.strip.mark).toBe('L8');
    expect(shown!.distanceMm).toBeLessThan(4);
    const near = shown!.strip.weak.some(
      ({ from, to }) => shown!.point.x > from - 6 && shown!.point.x < to + 6,
    );
    expect(near).toBe(true);
  });

  it('mends a dropped rib by two clicks', () => {
    const rib = bones.ribs.find(({ side, number }) => side === 'right' && number === 6)!;
    const truth = known.ribs.find(({ id }) => id === 'rib-right-6')!.pointsMm;
    const without = dropRib(bones, rib.id);
    expect(boneReport(without).missingRibs).toEqual([{ side: 'right', number: 6 }]);
    const mended = addRib(
      field,
      without,
      point(truth[truth.length - 3]!),
      point(truth[Math.round(truth.length * 0.1)]!),
    );
    if (!mended.ok) throw new Error(mended.problem.code);
    expect(boneReport(mended.value)).toMatchObject({ missingRibs: [], doubledRibs: [], ribCount: 24 });
    const added = mended.value.ribs.find(({ side, number }) => side === 'right' && number === 6)!;
    expect(away(pointsOf(added), truth)).toBeLessThan(1);
  });
});

/** Signed 16-bit voxels of a raw NRRD in LPS. */
function fieldOf(bytes: Uint8Array): ScalarField {
  const { fields, data } = readNrrd(bytes);
  expect([fields.get('type'), fields.get('space')]).toEqual(['int16', 'left-posterior-superior']);
  const triples = (name: string): Vec3[] =>
    [...(fields.get(name) ?? '').matchAll(/\(([^)]*)\)/g)].map(
      ([, text = '']) => text.split(',').map(Number) as unknown as Vec3,
    );
  const [i, j, k] = triples('space directions');
  const [origin] = triples('space origin');
  const size = (fields.get('sizes') ?? '').split(' ').map(Number) as unknown as Vec3;
  const voxels = new Int16Array(new Uint8Array(data).buffer);
  return {
    geometry: { size, patientFromIndex: matrixFromColumns(i!, j!, k!, origin!) },
    voxels,
    rescale: { slope: 1, intercept: 0 },
  };
}

const shared = sharedDataFolder();
const folder = temporaryFolder();
afterAll(() => folder.remove());

describe.skipIf(shared === null)(
  `a chest without contrast medium${shared ? '' : ` (${sharedDataMissing})`}`,
  () => {
    it('finds seven pairs of ribs and nine vertebrae; the others are not in its field of view', async () => {
      const out = join(folder.path, 'chest.nrrd');
      const ended = await candela(['volume', join(shared!, 'series', 'ct-chest-philips'), '--out', out]);
      expect(ended.err).toBe('');
      const field = fieldOf(readFileSync(out));
      const bones = labelled(field, patientPoint(-10, 228, -613), 'T9');
      expect(bones.vertebrae).toHaveLength(9);
      for (const side of ['left', 'right'])
        expect(bones.ribs.filter((rib) => rib.side === side).map(({ number }) => number)).toEqual([
          3, 4, 5, 6, 7, 8, 9,
        ]);
      const report = boneReport(bones);
      expect(report).toMatchObject({ missingRibs: [], extraRibs: [], doubledRibs: [] });
      // The lower ribs leave the images: they say so.
      expect(bones.ribs.filter(({ number }) => number! >= 6).every(({ isCut }) => isCut)).toBe(true);
    });
  },
);
