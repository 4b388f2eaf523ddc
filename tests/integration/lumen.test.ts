/** Lumens of the phantom's vessels along their known lines: diameters, stenoses, and how often the truth is covered. */
import { describe, expect, it } from 'vitest';
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { type MeasureOptions, measureLine } from '../../core/analysis/lumen/measure-line.ts';
import type { ScalarField } from '../../core/analysis/types.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { lumenRadiusMm } from '../../core/phantom/anatomy/vessel.ts';
import { vessels } from '../../core/phantom/anatomy/vessels.ts';
import { type KnownLine, knownAnswers } from '../../core/phantom/known-answers.ts';
import { voxelNoise } from '../../core/phantom/random.ts';
import { pathAt } from '../../core/phantom/tube.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';

const known = knownAnswers();
const options: MeasureOptions = { stepMm: 1, sectionMm: 24 };

interface Piece {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly spacingMm: readonly [number, number];
}

/** The known line of a vessel from one arc length to another, and the phantom around it. */
function piece({ id, from, to, spacingMm }: Piece) {
  const vessel = vessels.find((one) => one.id === id)!;
  const answer = known.vessels.find((one) => one.id === id) as KnownLine;
  const count = Math.round((to - from) / 0.5);
  const points = Array.from({ length: count + 1 }, (_, n) =>
    patientPoint(...pathAt(vessel.path, from + ((to - from) * n) / count).point),
  );
  return {
    field: phantomCrop(points, { spacingMm, marginMm: 9 }),
    line: samplePoints(points, 0.5),
    trueMm: (s: number): number => 2 * lumenRadiusMm(vessel, from + s),
    stenosis: answer.stenosis,
  };
}

function noisy(field: ScalarField, sd: number, seed: number): ScalarField {
  const voxels = Int16Array.from(field.voxels, (value, n) => Math.round(value + sd * voxelNoise(seed, n)));
  return { ...field, voxels };
}

describe('diameters along known lines', () => {
  // Stretches without ostia, branches and neighbouring vessels; a third of a voxel, at least 0.2 mm.
  it.each([
    { id: 'rca', from: 40, to: 120, spacingMm: [0.6, 0.6] },
    { id: 'lad', from: 72, to: 112, spacingMm: [0.6, 0.6] },
    { id: 'left-renal', from: 18, to: 44, spacingMm: [0.7, 1] },
    { id: 'left-carotid', from: 20, to: 80, spacingMm: [0.7, 1] },
    { id: 'right-iliac', from: 12, to: 28, spacingMm: [0.7, 1] },
  ] as const)('$id, $spacingMm mm', (asked) => {
    const { field, line, trueMm } = piece(asked);
    const { stations } = measureLine(noisy(field, 15, 3), line, options)!;
    const errors = stations.slice(1, -1).map((s) => Math.abs(s.equivalentDiameterMm - trueMm(s.s)));
    const allowed = Math.max(0.2, asked.spacingMm[1] / 3);
    expect(Math.max(...errors)).toBeLessThan(allowed);
  });
});

describe('stenoses', () => {
  const lesions = [
    { id: 'lad', from: 14, to: 48, spacingMm: [0.5, 0.5] },
    { id: 'left-iliac', from: 16, to: 62, spacingMm: [0.6, 0.6] },
  ] as const;

  it.each(lesions)('of $id within 5 points, covered by its uncertainty, in 20 noisy draws', (asked) => {
    const { field, line, stenosis } = piece(asked);
    const at = stenosis!.arcMm - asked.from;
    let covered = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { stenoses } = measureLine(noisy(field, 20, seed * 101), line, options)!;
      const found = stenoses.find((one) => Math.abs(one.s - at) < 3);
      expect(found, `draw ${seed}`).toBeDefined();
      const error = Math.abs(found!.percentDiameter - stenosis!.percentDiameter);
      expect(error).toBeLessThan(5);
      expect(Math.abs(found!.percentArea - stenosis!.percentArea)).toBeLessThan(5);
      expect(found!.limit).toBeUndefined();
      if (error <= found!.uncertaintyPercent) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(19);
  });

  it('of 70 % in a 3 mm branch is answered as the limit of resolution', () => {
    const { field, line, stenosis } = piece({ id: 'lcx', from: 44, to: 94, spacingMm: [0.6, 0.6] });
    const { stenoses } = measureLine(noisy(field, 20, 5), line, options)!;
    const found = stenoses.find((one) => Math.abs(one.s - (stenosis!.arcMm - 44)) < 3);
    expect(found).toMatchObject({ limit: 'resolution' });
    expect(Math.abs(found!.percentDiameter - 70)).toBeLessThan(found!.uncertaintyPercent);
  });
});
