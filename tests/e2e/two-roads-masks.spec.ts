import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moved, normalise } from '../../core/geometry/matrices.ts';
import { volumeCentre } from '../../core/geometry/planes.ts';
import { patientVector } from '../../core/geometry/types.ts';
import { fitCamera, orbit, withLens } from '../../core/scene/camera.ts';
import type { SceneLayer } from '../../core/scene/layers.ts';
import type { Camera, VolumeScene } from '../../core/scene/types.ts';
import { shareWithin, ssim } from '../fixtures/ssim.ts';
import { skipReason } from './driver.ts';
import { obliqueBody } from './two-roads/bodies.ts';
import { type CpuRoad, cpuRoad, type GpuRoad, gpuRoad } from './two-roads/roads.ts';
import { sceneOf, ssimLeast } from './two-roads/scenes.ts';

const reason = skipReason('browser');
const side = 256;

describe.skipIf(reason !== null)(
  `Masks on two roads${reason ? ` (skipped: ${reason})` : ''}`,
  { timeout: 180_000 },
  () => {
    // A corner through the body removed, a slab of it thinned and blue, the rest of a side green.
    const layers: readonly SceneLayer[] = [
      { index: 1, role: 'removed', colour: [0, 0, 0], opacity: 1 },
      { index: 2, role: 'shown', colour: [40, 90, 255], opacity: 0.3 },
      { index: 3, role: 'shown', colour: [40, 220, 80], opacity: 1 },
    ];
    const labelOf = (i: number, j: number, k: number): number => {
      if (i + 0.6 * j + 0.4 * k > 140 || Math.hypot(i - 60, j - 50, k - 50) < 16) return 1;
      return k > 60 && k < 75 ? 2 : i < 50 ? 3 : 0;
    };
    const body = obliqueBody();
    const front = fitCamera(body.geometry, 'A');
    const camera: Camera = orbit(front, front.focalPoint, 0.4, 0.25);
    let gpu: GpuRoad;
    let masked: CpuRoad;

    beforeAll(async () => {
      masked = cpuRoad(body);
      gpu = await gpuRoad();
      await gpu.open(masked);
      const labels = Uint8Array.from({ length: body.voxels.length }, (_, n) =>
        labelOf(n % 128, Math.floor(n / 128) % 128, Math.floor(n / 16384)),
      );
      expect(masked.labels.set(labels)).toBe(true);
    });
    afterAll(() => gpu?.close());

    async function both(scene: VolumeScene) {
      const drawn = masked.draw(scene, side, side);
      expect(await gpu.mask(masked)).toBe(true);
      return { cpu: drawn, gpu: await gpu.draw(scene, side, side) };
    }

    /** Share of pixels that are clearly bluer or greener than they are red. */
    const colouredShare = (rgba: Uint8ClampedArray | Uint8Array): number => {
      let count = 0;
      for (let n = 0; n < rgba.length; n += 4)
        if (Math.max(rgba[n + 1]!, rgba[n + 2]!) > rgba[n]! + 15) count += 1;
      return count / (side * side);
    };

    it.each(['bone', 'muscle', 'skin', 'mip', 'minip', 'xray'])('of the preset %s', async (id) => {
      const scene = sceneOf(camera, { layers, isHu: true }, id);
      const plain = masked.draw(sceneOf(camera, { isHu: true }, id), side, side);
      const pictures = await both(scene);
      expect(shareWithin(plain, pictures.cpu, 2)).toBeLessThan(0.998);
      expect(colouredShare(pictures.cpu)).toBeGreaterThan(
        colouredShare(plain) + (id === 'minip' ? 0.001 : 0.03),
      );
      expect(ssim(pictures.cpu, pictures.gpu, side, side)).toBeGreaterThanOrEqual(ssimLeast);
      expect(shareWithin(pictures.cpu, pictures.gpu, 3)).toBeGreaterThanOrEqual(0.98);
    });

    it('through a perspective lens with clip planes, and gone again', async () => {
      const normal = normalise(patientVector(1, 0.2, 0));
      const clipPlanes = [{ origin: moved(volumeCentre(body.geometry), normal, -60), normal }];
      const scene = sceneOf(withLens(camera, 'perspective'), { layers, clipPlanes }, 'muscle');
      const pictures = await both(scene);
      expect(ssim(pictures.cpu, pictures.gpu, side, side)).toBeGreaterThanOrEqual(ssimLeast);
      masked.labels.set(null);
      const bare = await both(scene);
      expect(ssim(bare.cpu, bare.gpu, side, side)).toBeGreaterThanOrEqual(ssimLeast);
      expect(shareWithin(bare.gpu, pictures.gpu, 2)).toBeLessThan(0.97);
    });
  },
);
