/** A second series over one scene on both roads: mixed in numbers by the CPU road, canvas over canvas on the card's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPoint, between, matrixFromColumns, moved, normalise } from '../../core/geometry/matrices.ts';
import { volumeCentre } from '../../core/geometry/planes.ts';
import { patientPoint, patientVector, type Vec3 } from '../../core/geometry/types.ts';
import { layOver } from '../../core/render/fused.ts';
import { fitCamera, orbit, withLens } from '../../core/scene/camera.ts';
import { colourMaps, type FusionLayer } from '../../core/scene/fusion.ts';
import type { Camera, VolumeScene } from '../../core/scene/types.ts';
import { shareWithin, ssim } from '../fixtures/ssim.ts';
import { skipReason } from './driver.ts';
import { obliqueBody } from './two-roads/bodies.ts';
import {
  type CpuRoad,
  cpuRoad,
  type GpuRoad,
  gpuRoad,
  type TestVolume,
  volumeOf,
} from './two-roads/roads.ts';
import { sceneOf, ssimLeast } from './two-roads/scenes.ts';

const reason = skipReason('browser');
const side = 256;

describe.skipIf(reason !== null)(
  `A second series on two roads${reason ? ` (skipped: ${reason})` : ''}`,
  { timeout: 180_000 },
  () => {
    let gpu: GpuRoad;
    let body: TestVolume;
    let cpu: CpuRoad;
    let second: CpuRoad;
    let camera: Camera;
    const layer: FusionLayer = { series: '1.2.3', group: 'g', map: 'hot', opacity: 0.6, low: 50, high: 900 };

    beforeAll(async () => {
      body = obliqueBody();
      cpu = cpuRoad(body);
      // Waves around the middle of the body, in voxels of other sizes along other axes than its own.
      const own: Vec3 = [29.5, 29.5, 14.5];
      const turned = matrixFromColumns([3.2, 2.4, 0], [-2.4, 3.2, 0], [0, 0, 8], [0, 0, 0]);
      const away = between(patientPoint(...applyPoint(turned, own)), volumeCentre(body.geometry));
      const placed = matrixFromColumns([3.2, 2.4, 0], [-2.4, 3.2, 0], [0, 0, 8], away);
      second = cpuRoad(
        volumeOf([60, 60, 30], placed, (i, j, k) => {
          const r = Math.hypot(i - own[0], j - own[1], 2 * (k - own[2]));
          return r < 24 ? Math.round(500 + 500 * Math.cos(r / 3)) : 0;
        }),
      );
      gpu = await gpuRoad();
      await gpu.open(cpu);
      const front = fitCamera(body.geometry, 'A');
      camera = orbit(front, front.focalPoint, 0.4, 0.25);
    });
    afterAll(() => gpu?.close());

    const clipPlanes = (): VolumeScene['clipPlanes'] =>
      [
        [[0.2, 1, 0.1], -20],
        [[1, 0, 0], -60],
      ].map(([normal, byMm]) => {
        const unit = normalise(patientVector(...(normal as [number, number, number])));
        return { origin: moved(volumeCentre(body.geometry), unit, byMm as number), normal: unit };
      });

    it.each([
      ['bone', () => sceneOf(camera, {}, 'bone')],
      [
        'a clipped muscle, from near',
        () => sceneOf(withLens(camera, 'perspective'), { clipPlanes: clipPlanes() }, 'muscle'),
      ],
      ['a projection on grey', () => sceneOf(camera, { background: [90, 90, 90] }, 'mip')],
    ] as const)('lies alike over %s, in every colour map', async (_name, sceneNow) => {
      const scene = sceneNow();
      const frame = second.over(scene, side, side);
      for (const map of colourMaps) {
        const look = { ...layer, map };
        const plain = new Uint8ClampedArray(cpu.draw(scene, side, side));
        const rgba = new Uint8ClampedArray(plain);
        layOver({ width: side, height: side, rgba, values: null, coarse: 1 }, frame, look, 'volume');
        const drawn = await gpu.draw(scene, side, side, { layer: look, frame });
        expect(ssim(rgba, drawn, side, side)).toBeGreaterThanOrEqual(ssimLeast);
        // A canvas keeps colours times their share, in 8 bits.
        expect(shareWithin(rgba, drawn, 4)).toBeGreaterThanOrEqual(0.99);
        // Two pictures without it would agree too.
        expect(shareWithin(rgba, plain, 4)).toBeLessThan(0.95);
      }
    });
  },
);
