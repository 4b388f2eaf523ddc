import { matrixFromColumns } from '../../geometry/matrices.ts';
import { type PatientPoint, patientPoint, patientVector, type Vec3 } from '../../geometry/types.ts';
import { polylineLengthMm } from '../curve/polyline.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { LinePiece, ScalarField } from '../types.ts';
import type { FoundBones, FoundRib, FoundVertebra, Side } from './types.ts';

/** Bones made for tests: a straight spine along z with ribs as arcs, and voxels of tubes. */

export const levelMm = 22;

/** Vertebra n counted from the top. */
const vertebraOf = (n: number): FoundVertebra => ({
  id: `vertebra-${n + 1}`,
  centreMm: patientPoint(3, 40, 200 - n * levelMm),
  down: patientVector(0, 0, -1),
  heightMm: levelMm,
  atMm: n * levelMm,
  isCut: false,
});

/** Half a turn from beside the spine to the front, falling. */
export function arcPoints(side: Side, z: number, radiusMm = 90): PatientPoint[] {
  const sign = side === 'left' ? 1 : -1;
  return Array.from({ length: 100 }, (_, n) => {
    const angle = 0.35 + (2.2 * n) / 99;
    return patientPoint(
      3 + sign * radiusMm * Math.sin(angle),
      radiusMm * Math.cos(angle) - 20,
      z - 50 * (n / 99),
    );
  });
}

const ribOf = (side: Side, n: number): FoundRib => {
  const pointsMm = arcPoints(side, 200 - n * levelMm + 4);
  const pieces: LinePiece[] = [
    { pointsMm: pointsMm.slice(0, 12), state: 'found' },
    { pointsMm: pointsMm.slice(11), state: 'found' },
  ];
  return {
    id: `rib-${side}-${n + 1}`,
    side,
    vertebraId: `vertebra-${n + 1}`,
    pieces,
    lengthMm: polylineLengthMm(pointsMm),
    isCut: false,
  };
};

/** `count` vertebrae, of which those numbered in `withRibs` have both ribs. */
export function madeBones(count: number, withRibs: readonly number[]): FoundBones {
  const vertebrae = Array.from({ length: count }, (_, n) => vertebraOf(n));
  return {
    canalMm: Array.from({ length: count * levelMm }, (_, n) => patientPoint(3, 65, 205 - n)),
    spine: samplePoints(
      vertebrae.map(({ centreMm }) => centreMm),
      1,
    ),
    vertebrae,
    ribs: (['left', 'right'] as const).flatMap((side) => withRibs.map((n) => ribOf(side, n))),
  };
}

/** A solid: its value, and its signed distance in mm (negative inside). */
export interface Solid {
  readonly valueHu: number;
  readonly distance: (x: number, y: number, z: number) => number;
}

/** Noise of deviation 1 that is the same each time: the sum of three even draws. */
function noiseAt(n: number): number {
  let state = Math.imul(n + 1, 0x9e3779b1);
  let sum = 0;
  for (let draw = 0; draw < 3; draw++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + draw;
    state ^= state >>> 12;
    sum += (state >>> 0) / 2 ** 32;
  }
  return (sum - 1.5) * 2;
}

/** Voxels in soft tissue, averaged over their edges, with noise; later solids cover earlier ones. */
export function paintSolids(
  origin: Vec3,
  size: Vec3,
  spacing: Vec3,
  solids: readonly Solid[],
  noiseHu = 10,
): ScalarField {
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  const edgeMm = Math.cbrt(spacing[0] * spacing[1] * spacing[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const [x, y, z] = [
          origin[0] + i * spacing[0],
          origin[1] + j * spacing[1],
          origin[2] + k * spacing[2],
        ];
        let value = 50;
        for (const solid of solids) {
          const share = Math.max(0, Math.min(1, 0.5 - solid.distance(x, y, z) / edgeMm));
          value += (solid.valueHu - value) * share;
        }
        voxels[n] = Math.round(value + noiseHu * noiseAt(n));
      }
  const patientFromIndex = matrixFromColumns(
    [spacing[0], 0, 0],
    [0, spacing[1], 0],
    [0, 0, spacing[2]],
    origin,
  );
  return { geometry: { size, patientFromIndex }, voxels, rescale: { slope: 1, intercept: 0 } };
}
