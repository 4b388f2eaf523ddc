/** The rib sheet of the demo phantom: spine and ribs found, named from one click, unfolded and drawn. */
import { findBones } from '../../core/analysis/ribs/find-bones.ts';
import { labelFrom, vertebraAt } from '../../core/analysis/ribs/labels.ts';
import { layStrip, ribSheet, stripScene } from '../../core/analysis/ribs/sheet.ts';
import type { ScalarField } from '../../core/analysis/types.ts';
import type { Result } from '../../core/base/result.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import { windowLevel } from '../../core/scene/presets.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { demoField, demoVolume } from './demo-field.ts';
import { type Figure, figure, timed } from './figure.ts';

const rounds = 2;
const ribsLeast = 22;

const look = {
  slabMm: 5,
  projection: 'mip',
  interpolation: 'linear',
  window: windowLevel(1500, 400),
  background: [0, 0, 0],
} as const;

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

/** Ribs on the sheet. */
async function unfold(field: ScalarField, renderer: CpuRenderer): Promise<number> {
  const found = must(findBones(field));
  const l1 = knownAnswers().vertebrae.find(({ label }) => label === 'L1')!.centreMm;
  const { id } = must(vertebraAt(found, patientPoint(l1[0], l1[1], l1[2])));
  const sheet = must(ribSheet(must(labelFrom(found, { kind: 'vertebra', id, label: 'L1' }))));
  const picture = new Uint32Array(sheet.width * sheet.height);
  for (const strip of sheet.strips) {
    const frame = await renderer.slice(stripScene(strip, look), { values: false });
    if (!frame) throw new Error('no picture');
    layStrip(sheet, strip, new Uint32Array(frame.rgba.buffer, frame.rgba.byteOffset), picture);
  }
  return sheet.strips.filter(({ number }) => number !== null).length;
}

export async function run(): Promise<Figure[]> {
  const field = demoField();
  const renderer = await createHostRenderer(demoVolume(field));
  try {
    let least = Number.POSITIVE_INFINITY;
    const took: number[] = [];
    for (let round = 0; round < rounds; round++)
      took.push(
        await timed(async () => {
          least = Math.min(least, await unfold(field, renderer));
        }),
      );
    if (least < ribsLeast) throw new Error(`only ${least} ribs`);
    const name = `cpr.ribSheet of ${least} ribs, found and drawn`;
    return [figure(name, 'ms', Math.max(...took), 'goal', 10_000, { valueAtMost: 10_000 })];
  } finally {
    renderer.dispose();
  }
}
