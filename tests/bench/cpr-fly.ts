/** Flights through the demo phantom's airway and aorta, the scenes that the page draws: pictures a second. */
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import { flyCamera, flyTransfer } from '../../core/scene/fly.ts';
import { windowLevel } from '../../core/scene/presets.ts';
import type { VolumeScene } from '../../core/scene/types.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { demoField, demoVolume } from './demo-field.ts';
import { type Figure, figure, median } from './figure.ts';

const rounds = 3;
const frames = 40;
/** A quarter of a full-HD window; 256² of its pixels are computed while it moves, as the page has it. */
const size = { width: 744, height: 486 } as const;
const coarse = Math.sqrt(size.width * size.height) / 256;
const leastPerSecond = 10;

const flights = [
  { id: 'left-main-bronchus', lumen: 'dark', threshold: -500 },
  { id: 'aorta', lumen: 'bright', threshold: 160 },
] as const;

function scenesAlong({ id, lumen, threshold }: (typeof flights)[number]): VolumeScene[] {
  const { vessels, airways } = knownAnswers();
  const own = [...vessels, ...airways].find((one) => one.id === id)!;
  const parent = airways.find((one) => one.id === 'trachea')!;
  const points = lumen === 'dark' ? [...parent.pointsMm, ...own.pointsMm.slice(1)] : own.pointsMm;
  const line = samplePoints(
    points.map((p) => patientPoint(p[0], p[1], p[2])),
    0.5,
  );
  return Array.from({ length: frames }, (_, n): VolumeScene => {
    const camera = flyCamera(line, line.lengthMm * (0.3 + (0.5 * n) / frames));
    if (!camera) throw new Error(`${id}: no way`);
    return {
      kind: 'volume',
      camera,
      mode: 'composite',
      presetId: 'fly',
      transfer: flyTransfer(lumen, threshold),
      shiftHu: 0,
      shading: { ambient: 0.25, diffuse: 0.75, specular: 0.15, power: 16 },
      window: windowLevel(400, 50),
      background: [0, 0, 0],
      stepMm: 0.8,
    };
  });
}

/** Milliseconds of each picture but the first, one after the other as in a flight. */
async function fly(renderer: CpuRenderer, scenes: readonly VolumeScene[]): Promise<number[]> {
  const took: number[] = [];
  for (const scene of scenes) {
    const startMs = performance.now();
    const frame = await renderer.volume(scene, size, { quality: 'moving', coarse, values: false });
    if (!frame) throw new Error('no picture');
    took.push(performance.now() - startMs);
  }
  return took.slice(1);
}

export async function run(): Promise<Figure[]> {
  const renderer = await createHostRenderer(demoVolume(demoField()));
  try {
    const figures: Figure[] = [];
    for (const flight of flights) {
      const scenes = scenesAlong(flight);
      const means: number[] = [];
      let worst = 0;
      for (let round = 0; round < rounds; round++) {
        const took = await fly(renderer, scenes);
        means.push(took.reduce((sum, ms) => sum + ms, 0) / took.length);
        worst = Math.max(worst, ...took);
      }
      const name = `cpr.flight through ${flight.id}, ${size.width} × ${size.height}`;
      const goal = { valueAtLeast: leastPerSecond };
      figures.push(figure(name, 'pictures/s', 1000 / median(means), 'slowest picture', 1000 / worst, goal));
    }
    return figures;
  } finally {
    renderer.dispose();
  }
}
