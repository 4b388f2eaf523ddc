/** Clean 3D on the demo phantom, 512 × 512 × 300: bones, table, scissors; `bench cpr` runs it too. */
import { tableMask } from '../../core/analysis/mask/body.ts';
import { boneRemovalMask } from '../../core/analysis/mask/bones.ts';
import { type Cut, type PictureView, scissorMask } from '../../core/analysis/mask/scissors.ts';
import type { ScalarField, VoxelMask } from '../../core/analysis/types.ts';
import type { Result } from '../../core/base/result.ts';
import { patientPoint, patientVector, viewPoint } from '../../core/geometry/types.ts';
import { demoField } from './demo-field.ts';
import { type Figure, figure, median, timed } from './figure.ts';

const rounds = 3;

const view: PictureView = {
  plane: {
    origin: patientPoint(0, 8, -8),
    right: patientVector(0.8, 0.6, 0),
    down: patientVector(0, 0, -1),
  },
  eyeMm: 700,
};
/** A freehand outline of 200 points. */
const cut: Cut = {
  side: 'inside',
  outline: Array.from({ length: 200 }, (_, n) => {
    const turn = (n / 200) * 2 * Math.PI;
    return viewPoint(
      (95 + 12 * Math.sin(7 * turn)) * Math.cos(turn),
      (140 + 9 * Math.sin(11 * turn)) * Math.sin(turn),
    );
  }),
};

async function measure(
  name: string,
  field: ScalarField,
  make: () => Result<VoxelMask>,
  mostMs: number,
): Promise<Figure> {
  const wall: number[] = [];
  const pass: number[] = [];
  for (let round = 0; round < rounds; round++) {
    pass.push(await timed(() => onePass(field)));
    wall.push(
      await timed(() => {
        const mask = make();
        if (!mask.ok) throw new Error(mask.problem.code);
      }),
    );
  }
  // The first round counts: a reader presses the button once.
  return figure(name, 'ms', Math.max(...wall), 'reading every voxel once', median(pass), {
    valueAtMost: mostMs,
  });
}

let kept = 0;
/** The least that anything can do with the volume. */
function onePass({ voxels }: ScalarField): void {
  let sum = 0;
  for (let n = 0; n < voxels.length; n++) sum += voxels[n]!;
  kept += sum;
}

/** Figures `mask.bones`, `mask.table`, `mask.scissors`. */
export async function run(): Promise<Figure[]> {
  const field = demoField();
  const { geometry } = field;
  const figures = [
    await measure('mask.bones removed from 512 × 512 × 300', field, () => boneRemovalMask(field), 5000),
    await measure('mask.table removed from 512 × 512 × 300', field, () => tableMask(field), 1000),
    await measure(
      'mask.scissors through 512 × 512 × 300, 200 corners, perspective',
      field,
      () => scissorMask(geometry, view, cut),
      500,
    ),
  ];
  if (!Number.isFinite(kept)) throw new Error('not a sum');
  return figures;
}
