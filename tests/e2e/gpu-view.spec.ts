import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitCamera, orbit } from '../../core/scene/camera.ts';
import type { Camera } from '../../core/scene/types.ts';
import { uploadOf } from '../../renderer/vtk/upload.ts';
import { shareWithin, ssim } from '../fixtures/ssim.ts';
import { skipReason } from './driver.ts';
import { obliqueBody } from './two-roads/bodies.ts';
import { type CpuRoad, cpuRoad, type GpuRoad, gpuRoad, type TestVolume } from './two-roads/roads.ts';
import { sceneOf, ssimLeast } from './two-roads/scenes.ts';

const reason = skipReason('browser');
const side = 256;

describe.skipIf(reason !== null)(
  `What the graphics card's view does with its card${reason ? ` (skipped: ${reason})` : ''}`,
  { timeout: 180_000 },
  () => {
    let gpu: GpuRoad;
    let body: TestVolume;
    let cpu: CpuRoad;
    let camera: Camera;

    beforeAll(async () => {
      body = obliqueBody();
      cpu = cpuRoad(body);
      gpu = await gpuRoad();
      const front = fitCamera(body.geometry, 'A');
      camera = orbit(front, front.focalPoint, 0.4, 0.25);
    });
    afterAll(() => gpu?.close());

    it('draws a reduced copy as the CPU draws the same copy', async () => {
      const limits = { edgeMost: 64, voxelsMost: 1e9 };
      const { min, max } = cpu.volume;
      const source = { ...body, noData: -32768, least: min, most: max };
      const { geometry, voxels, factor } = uploadOf(source, limits);
      expect(await gpu.open(cpu, limits)).toBe(2);
      expect(factor).toBe(2);
      const scene = sceneOf(camera, {}, 'muscle');
      const reduced = cpuRoad({ geometry, voxels }).draw(scene, side, side);
      expect(ssim(reduced, await gpu.draw(scene, side, side), side, side)).toBeGreaterThanOrEqual(ssimLeast);
    });

    it.each([
      { id: 'muscle', width: 200, height: 151, bandPixels: 4000 },
      { id: 'mip', width: 131, height: 97, bandPixels: 1500 },
    ])('draws $id in bands, which keep a card busy for less, as at once', async (picture) => {
      const { id, width, height, bandPixels } = picture;
      const scene = sceneOf(camera, { background: [40, 60, 80] }, id);
      await gpu.open(cpu);
      const atOnce = await gpu.draw(scene, width, height);
      await gpu.open(cpu, { bandPixels });
      expect(shareWithin(atOnce, await gpu.draw(scene, width, height), 0)).toBe(1);
    });

    it('tells of a lost context, and draws the same afterwards in a new one', async () => {
      const scene = sceneOf(camera, {}, 'heart');
      await gpu.open(cpu);
      const before = await gpu.draw(scene, side, side);
      await gpu.page.evaluate(() => {
        document
          .querySelector('canvas')
          ?.getContext('webgl2')
          ?.getExtension('WEBGL_lose_context')
          ?.loseContext();
      });
      await expect.poll(() => gpu.page.evaluate(() => window.roads.lost())).toBe(1);
      await gpu.open(cpu);
      expect(shareWithin(before, await gpu.draw(scene, side, side), 0)).toBe(1);
    });
  },
);
