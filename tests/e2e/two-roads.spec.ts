import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPoint, moved, normalise, scale } from '../../core/geometry/matrices.ts';
import { volumeCentre } from '../../core/geometry/planes.ts';
import { patientVector, type Vec3 } from '../../core/geometry/types.ts';
import { cameraBasis, fitCamera, halfHeightMm, orbit, withLens } from '../../core/scene/camera.ts';
import { presetPart, volumePreset, volumePresets } from '../../core/scene/presets.ts';
import type { Camera, ClipPlane, TransferFunction, VolumeScene } from '../../core/scene/types.ts';
import { windowLevel } from '../../core/scene/window-presets.ts';
import { shareWithin, ssim } from '../fixtures/ssim.ts';
import { skipReason } from './driver.ts';
import { centreIndex, obliqueBody, offsetMm, small, smallSize } from './two-roads/bodies.ts';
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

const greyAt = (rgba: Uint8ClampedArray, x: number, y: number, width = side): number =>
  rgba[(y * width + x) * 4]!;

describe.skipIf(reason !== null)(
  `One scene on two roads${reason ? ` (skipped: ${reason})` : ''}`,
  { timeout: 180_000 },
  () => {
    let gpu: GpuRoad;
    let body: TestVolume;
    let cpu: CpuRoad;
    let shown: CpuRoad | null = null;
    let camera: Camera;

    /** The same scene on both; the volume is uploaded when it is another than before. */
    async function both(road: CpuRoad, scene: VolumeScene, width = side, height = side) {
      if (shown !== road) await gpu.open(road);
      shown = road;
      return { cpu: road.draw(scene, width, height), gpu: await gpu.draw(scene, width, height) };
    }

    beforeAll(async () => {
      body = obliqueBody();
      cpu = cpuRoad(body);
      gpu = await gpuRoad();
      const front = fitCamera(body.geometry, 'A');
      camera = orbit(front, front.focalPoint, 0.4, 0.25);
    });
    afterAll(() => gpu?.close());

    it('runs on software GL, and the trial knows it', async () => {
      const facts = await gpu.page.evaluate(() => window.roads.facts());
      if (/swiftshader|llvmpipe/i.test(facts.device)) expect(facts.isSoftware).toBe(true);
      expect(facts.max3dTexturePx).toBeGreaterThanOrEqual(512);
      // The trial's own upload and picture are right here, however slow.
      expect(await gpu.page.evaluate(() => window.roads.trialMs())).toBeGreaterThan(0);
    });

    it.each(volumePresets.map(({ id }) => id))('preset %s', async (id) => {
      // Nothing in the body is as dense as metal: shifted, that preset shows its bones.
      const pictures = await both(
        cpu,
        sceneOf(camera, { isHu: true, ...(/implant/i.test(id) && { shiftHu: -1700 }) }, id),
      );
      // Two empty pictures would agree too.
      expect(pictures.cpu.filter((level, n) => n % 4 !== 3 && level > 40).length).toBeGreaterThan(1000);
      expect(ssim(pictures.cpu, pictures.gpu, side, side)).toBeGreaterThanOrEqual(ssimLeast);
      // Far closer than asked for: the shader is the kernels' twin, but the kernels halve a steep step of four rays at once.
      // On this body's bone mrVessels has 98.5 % within two levels and 99.7 within four, also with its levels given in HU.
      const least = id === 'mrVessels' ? 0.98 : 0.99;
      expect(shareWithin(pictures.cpu, pictures.gpu, 2)).toBeGreaterThanOrEqual(least);
    });

    const through = volumeCentre;
    const clip = (normal: Vec3, byMm: number): ClipPlane => ({
      origin: moved(through(body.geometry), normalise(patientVector(...normal)), byMm),
      normal: normalise(patientVector(...normal)),
    });

    it.each([
      ['perspective', (): VolumeScene => sceneOf(withLens(camera, 'perspective'), {}, 'boneCta')],
      [
        'a depth cue',
        (): VolumeScene => sceneOf(withLens(camera, 'perspective'), { depthCue: 0.8 }, 'muscle'),
      ],
      [
        'inside the body',
        (): VolumeScene =>
          sceneOf(
            {
              ...withLens(camera, 'perspective', 1.2),
              position: moved(camera.focalPoint, [0, -1, 0] as never, 60),
            },
            {},
            'muscle',
          ),
      ],
      [
        'clip planes',
        (): VolumeScene =>
          sceneOf(
            camera,
            { clipPlanes: [clip([0.2, 1, 0.1], -20), clip([1, 0, 0], -90), clip([0, 0, -1], -60)] },
            'muscle',
          ),
      ],
      [
        'gradient opacity',
        (): VolumeScene => {
          const gradientOpacity = [
            { gradientPerMm: 10, factor: 0 },
            { gradientPerMm: 60, factor: 1 },
          ];
          const { transfer } = presetPart(volumePreset('muscle')!);
          return sceneOf(camera, { transfer: { ...transfer, gradientOpacity } }, 'muscle');
        },
      ],
      [
        'a shifted function on grey',
        (): VolumeScene => sceneOf(camera, { shiftHu: 120, background: [40, 60, 80] }, 'skin'),
      ],
      ['nearest neighbours', (): VolumeScene => sceneOf(camera, { interpolation: 'nearest' })],
      [
        'a clipped MIP, inverted',
        (): VolumeScene =>
          sceneOf(
            camera,
            { clipPlanes: [clip([0, 1, 0], -30)], window: { ...windowLevel(700, 150), invert: true } },
            'mip',
          ),
      ],
      [
        'a sigmoid window',
        (): VolumeScene =>
          sceneOf(camera, { window: { ...windowLevel(400, -800), function: 'SIGMOID' } }, 'minip'),
      ],
      [
        'a clipped MinIP of the body, from near',
        (): VolumeScene =>
          sceneOf(
            withLens(camera, 'perspective'),
            { isHu: true, clipPlanes: [clip([0, 1, 0], -10)], window: windowLevel(1500, -300) },
            'minip',
          ),
      ],
      [
        'a window table',
        (): VolumeScene =>
          sceneOf(
            camera,
            {
              window: {
                kind: 'table',
                first: -200,
                levels: Uint8Array.from({ length: 1500 }, (_, n) => (n * n) / 9000),
                invert: false,
              },
            },
            'mip',
          ),
      ],
    ] as const)('%s', async (name, scene) => {
      const pictures = await both(cpu, scene());
      // A wall of few voxels is all interpolation: on a card its ripple of a few levels is all there is to compare.
      if (name === 'inside the body' && !gpu.isSoftware) {
        expect(shareWithin(pictures.cpu, pictures.gpu, 8)).toBeGreaterThanOrEqual(0.99);
        return;
      }
      expect(ssim(pictures.cpu, pictures.gpu, side, side)).toBeGreaterThanOrEqual(ssimLeast);
      // Between whole voxels every step is steep.
      const least = name === 'nearest neighbours' ? 0.96 : 0.99;
      expect(shareWithin(pictures.cpu, pictures.gpu, 2)).toBeGreaterThanOrEqual(least);
    });

    it('leaves "no data" out on both', async () => {
      const voxels = (body.voxels as Int16Array).map((value, n) => {
        const [i, j] = [n % 128, Math.floor(n / 128) % 128];
        return Math.hypot(i - 63.5, j - 63.5) > 55 ? -32768 : value;
      });
      const padded = cpuRoad({ ...body, voxels });
      for (const id of ['minip', 'xray', 'skin', 'bone']) {
        const pictures = await both(padded, sceneOf(camera, { isHu: true }, id), 128, 128);
        expect(ssim(pictures.cpu, pictures.gpu, 128, 128), id).toBeGreaterThanOrEqual(ssimLeast);
      }
    });

    it('draws float voxels', async () => {
      const voxels = Float32Array.from(body.voxels, (value, n) => (n % 977 === 0 ? Number.NaN : value / 7));
      const floats = cpuRoad({ ...body, voxels });
      for (const id of ['mrSoftTissue', 'mip']) {
        const pictures = await both(floats, sceneOf(camera, {}, id), 128, 128);
        expect(ssim(pictures.cpu, pictures.gpu, 128, 128), id).toBeGreaterThanOrEqual(ssimLeast);
      }
    });

    describe('planes: what the GPU road draws of one plane is what the CPU road draws', () => {
      it.each(['mip', 'minip', 'mean'] as const)('a slab of 12 mm, %s', async (mode) => {
        const { direction } = cameraBasis(camera);
        const behind = (mm: number): Vec3 => moved(camera.focalPoint, direction, mm);
        const clipPlanes = [
          { origin: behind(-6) as never, normal: direction },
          { origin: behind(6) as never, normal: scale(direction, -1) },
        ];
        const scene = sceneOf(camera, { mode, clipPlanes, stepMm: 1, window: windowLevel(1500, 0) }, 'mip');
        const pictures = await both(cpu, scene);
        expect(shareWithin(pictures.cpu, pictures.gpu, 1)).toBeGreaterThanOrEqual(0.999);
      });

      it('one thin oblique plane', async () => {
        const pixelMm = (2 * halfHeightMm(camera)) / side;
        const { right, down, direction } = cameraBasis(camera);
        const window = windowLevel(1500, 0);
        const plane = { origin: camera.focalPoint, right, down, normal: direction };
        const slice = cpu.slice({
          kind: 'slice',
          plane,
          spacingMm: pixelMm,
          width: side,
          height: side,
          slabMm: 0,
          projection: 'none',
          interpolation: 'linear',
          window,
          background: [0, 0, 0],
        });
        // One sample of each ray lies on the plane, and nothing but it is left.
        const near = Math.min(
          ...[0, 127].flatMap((i) =>
            [0, 127].flatMap((j) =>
              [0, 95].map((k) => {
                const corner = applyPoint(body.geometry.patientFromIndex, [
                  i === 0 ? -0.5 : 127.5,
                  j === 0 ? -0.5 : 127.5,
                  k === 0 ? -0.5 : 95.5,
                ]);
                return [0, 1, 2].reduce(
                  (sum, a) => sum + (corner[a]! - camera.focalPoint[a]!) * direction[a]!,
                  0,
                );
              }),
            ),
          ),
        );
        const stepMm = -near / Math.round(-near);
        const clipPlanes = [
          { origin: moved(camera.focalPoint, direction, -0.01), normal: direction },
          { origin: moved(camera.focalPoint, direction, 0.01), normal: scale(direction, -1) },
        ];
        if (shown !== cpu) await gpu.open(cpu);
        shown = cpu;
        const thin = await gpu.draw(sceneOf(camera, { clipPlanes, stepMm, window }, 'mip'), side, side);
        expect(slice.filter((level) => level > 20 && level < 255).length).toBeGreaterThan(5000);
        expect(shareWithin(slice, thin, 1)).toBeGreaterThanOrEqual(0.999);
      });
    });

    describe('both roads give the closed form', () => {
      const front = (view: 'A' | 'H'): Camera => ({
        ...fitCamera({ size: smallSize, patientFromIndex: small }, view),
        lens: { kind: 'orthographic', parallelScaleMm: 40 },
      });
      const pixelMm = 80 / side;

      it('a ramp: the largest value on a ray', async () => {
        const road = cpuRoad(volumeOf(smallSize, small, (i, j, k) => 10 * k + 0 * (i + j)));
        const scene = sceneOf(front('A'), { mode: 'mip', window: windowLevel(290, 145) }, 'mip');
        const pictures = await both(road, scene);
        for (const row of [60, 128, 200]) {
          // Upwards is towards the head: value 10 per slice of 2 mm.
          const mm = (side / 2 - 0.5 - row) * pixelMm;
          const expected = (10 * (centreIndex[2] + mm / 2) * 255) / 289;
          for (const picture of [pictures.cpu, pictures.gpu])
            expect(Math.abs(greyAt(picture, 128, row) - expected)).toBeLessThan(2);
        }
      });

      it('a shell in air: the least value within it', async () => {
        // Tissue of 10 mm about a lung; along the head-feet axis a pipe that both ends of the scan cut.
        for (const [view, isPipe] of [
          ['A', false],
          ['H', true],
        ] as const) {
          const shell = (i: number, j: number, k: number): number => {
            const [x, y, z] = offsetMm(i, j, k);
            const r = Math.hypot(x, y, isPipe ? 0 : z);
            return r < 12 ? -850 : r < 22 ? 40 : -1000;
          };
          const road = cpuRoad(volumeOf(smallSize, small, shell));
          const window = windowLevel(1000, -500);
          const level = Math.round((150 / 999) * 255);
          const within = await both(road, sceneOf(front(view), { window, isHu: true }, 'minip'));
          const whole = await both(road, sceneOf(front(view), { window }, 'minip'));
          for (const road of ['cpu', 'gpu'] as const) {
            expect(Math.abs(greyAt(within[road], side / 2, side / 2) - level)).toBeLessThan(2);
            expect(greyAt(whole[road], side / 2, side / 2)).toBe(
              isPipe ? greyAt(within[road], side / 2, side / 2) : 0,
            );
          }
        }
      });

      it('a slab of fog: 1 − e^(−τL)', async () => {
        const road = cpuRoad(volumeOf(smallSize, small, () => 100));
        const transfer: TransferFunction = {
          unit: 'modality',
          opacity: [
            { value: 0, opacity: 0.02 },
            { value: 200, opacity: 0.02 },
          ],
          colour: [
            { value: 0, colour: [255, 128, 64] },
            { value: 200, colour: [255, 128, 64] },
          ],
        };
        // From the head: 30 slices of 2 mm, each millimetre lets 98 % through.
        const scene = sceneOf(front('H'), { transfer, shading: null });
        const pictures = await both(road, scene);
        const share = 1 - 0.98 ** 60;
        for (const picture of [pictures.cpu, pictures.gpu]) {
          const at = (128 * side + 128) * 4;
          expect(Math.abs(picture[at]! - 255 * share)).toBeLessThan(1.5);
          expect(Math.abs(picture[at + 1]! - 128 * share)).toBeLessThan(1.5);
        }
      });

      it('a sphere: as wide as it is, lit by the cosine', async () => {
        const radius = 18;
        const ball = (i: number, j: number, k: number): number =>
          1000 * Math.min(Math.max((radius + 1 - Math.hypot(...offsetMm(i, j, k))) / 2, 0), 1);
        const road = cpuRoad(volumeOf(smallSize, small, ball));
        const transfer: TransferFunction = {
          unit: 'modality',
          opacity: [
            { value: 450, opacity: 0 },
            { value: 550, opacity: 0.9999 },
          ],
          colour: [
            { value: 450, colour: [255, 255, 255] },
            { value: 550, colour: [255, 255, 255] },
          ],
        };
        const shading = { ambient: 0, diffuse: 1, specular: 0, power: 1 };
        const pictures = await both(road, sceneOf(front('A'), { transfer, shading, stepMm: 0.25 }));
        for (const picture of [pictures.cpu, pictures.gpu]) {
          let lit = 0;
          for (let n = 0; n < side * side; n += 1) if (picture[n * 4]! > 8) lit += 1;
          const areaMm2 = lit * pixelMm ** 2;
          expect(Math.abs(Math.sqrt(areaMm2 / Math.PI) - radius)).toBeLessThan(0.3);
          for (const offMm of [0, 6, 12]) {
            const expected = 255 * Math.sqrt(1 - (offMm / radius) ** 2);
            const level = greyAt(picture, Math.round(side / 2 - 0.5 + offMm / pixelMm), side / 2);
            expect(Math.abs(level - expected)).toBeLessThan(12);
          }
        }
      });

      it('a wire: where it is', async () => {
        // Along z through (i, j) = (40, 25), 1.2 mm thick.
        const wire = (i: number, j: number): number =>
          1000 * Math.exp(-((i - 40) ** 2 + (j - 25) ** 2) / 0.72);
        const road = cpuRoad(volumeOf(smallSize, small, wire));
        const pictures = await both(road, sceneOf(front('A'), { window: windowLevel(1000, 500) }, 'mip'));
        const at = applyPoint(small, [40, 25, 14.5]);
        const centre = applyPoint(small, centreIndex);
        for (const picture of [pictures.cpu, pictures.gpu]) {
          let [sum, weights] = [0, 0];
          for (let x = 0; x < side; x += 1) {
            const level = greyAt(picture, x, 128);
            sum += level * x;
            weights += level;
          }
          // From the front the patient's left is on the right: x grows with L.
          const mm = (sum / weights - (side / 2 - 0.5)) * pixelMm;
          expect(Math.abs(mm - (at[0] - centre[0]))).toBeLessThan(0.1);
        }
      });
    });
  },
);
