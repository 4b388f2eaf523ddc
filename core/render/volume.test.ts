import { describe, expect, it } from 'vitest';
import { bench, type VoxelFunction } from '../../native/harness.ts';
import { applyPoint, matrixFromColumns, moved } from '../geometry/matrices.ts';
import { volumeCentre } from '../geometry/planes.ts';
import type { Vec3, VolumeGeometry } from '../geometry/types.ts';
import {
  cameraBasis,
  fitCamera,
  halfHeightMm,
  orbit,
  type StandardView,
  viewFromPatientMatrix,
  withLens,
} from '../scene/camera.ts';
import { presetPart, volumePreset } from '../scene/presets.ts';
import type { Camera, VolumeScene } from '../scene/types.ts';
import { infoOf, obliquePatientFromIndex } from './info-fixture.ts';
import { transferTable } from './transfer.ts';
import { type Quality, renderVolume, stepOf } from './volume.ts';

const size: Vec3 = [70, 36, 12];
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: obliquePatientFromIndex,
};
const picture = { width: 96, height: 80 };

function setUp(voxel: VoxelFunction) {
  const b = bench(size, 'int16', voxel, { maxOutputPixels: 128 * 128 });
  const info = infoOf(b, geometry);
  const draw = (scene: VolumeScene, quality: Quality = 'rest'): void => {
    const table = transferTable(info, scene.transfer, scene.shiftHu);
    renderVolume(b.kernels, info, scene, picture, { quality, table, skipping: true })(0, picture.height);
  };
  return { b, info, draw };
}

const sceneOf = (preset: string, camera: Camera, change: Partial<VolumeScene> = {}): VolumeScene => ({
  kind: 'volume',
  camera,
  ...presetPart(volumePreset(preset)!),
  background: [10, 20, 30],
  ...change,
});

/** Centre of weight of the picture in pixels. */
function centroid(weights: ArrayLike<number>): readonly [number, number] {
  let [sum, x, y] = [0, 0, 0];
  for (let p = 0; p < picture.width * picture.height; p += 1) {
    const w = weights[p] || 0;
    sum += w;
    x += w * (p % picture.width);
    y += w * Math.floor(p / picture.width);
  }
  return [x / sum, y / sum];
}

const views: readonly StandardView[] = ['A', 'P', 'L', 'R', 'H', 'F'];
const voxel: Vec3 = [50, 9, 8];

describe('volume pictures', () => {
  it('project a bright voxel to where the camera says it is, from every side, through either lens', () => {
    const { b, draw } = setUp((i, j, k) => (i === voxel[0] && j === voxel[1] && k === voxel[2] ? 1000 : 0));
    const point = applyPoint(geometry.patientFromIndex, voxel);
    for (const view of views) {
      const straight = fitCamera(geometry, view, picture.width / picture.height);
      const turned = orbit(straight, straight.focalPoint, 0.4, -0.3);
      for (const camera of [straight, turned, withLens(turned, 'perspective')]) {
        draw(sceneOf('xray', camera, { stepMm: 0.1 }));
        const [x, y, depth] = applyPoint(viewFromPatientMatrix(camera), point);
        const half = halfHeightMm(camera);
        const lens = camera.lens.kind === 'perspective' ? half / Math.tan(Math.PI / 12) : Infinity;
        const shrink = lens === Infinity ? 1 : lens / (lens + depth);
        const pixelMm = (2 * half) / picture.height;
        const expected = [
          (x * shrink) / pixelMm + (picture.width - 1) / 2,
          (y * shrink) / pixelMm + (picture.height - 1) / 2,
        ];
        const found = centroid(b.values);
        expect(Math.hypot(found[0] - expected[0]!, found[1] - expected[1]!)).toBeLessThan(0.35);
      }
    }
  });
  it('draw a lit surface on the background, brighter where it faces the viewer', () => {
    const centre: Vec3 = [34.5, 17.5, 5.5];
    const { b, draw } = setUp((i, j, k) => {
      const r = Math.hypot((i - centre[0]) * 0.4, (j - centre[1]) * 0.8, (k - centre[2]) * 2.5);
      return Math.round(800 * Math.min(Math.max((10 - r) / 3, 0), 1));
    });
    const camera = fitCamera(geometry, 'A', picture.width / picture.height);
    draw(sceneOf('bone', camera));
    const at = (x: number, y: number): readonly number[] => {
      const p = (y * picture.width + x) * 4;
      return [...b.rgba.subarray(p, p + 4)];
    };
    expect(at(0, 0)).toEqual([10, 20, 30, 255]);
    const middle = at(48, 40)[0]!;
    expect(middle).toBeGreaterThan(200);
    const edge = Math.floor((8 / halfHeightMm(camera)) * (picture.height / 2));
    expect(at(48 + edge, 40)[0]).toBeLessThan(middle - 40);
  });
  it('lose light with depth: half of what is lost at all in the middle, from every side, through either lens', () => {
    const { b, draw } = setUp(() => 800);
    const middle = volumeCentre(geometry);
    for (const view of views) {
      const straight = fitCamera(geometry, view, 1);
      for (const camera of [straight, withLens(orbit(straight, middle, 0.4, 0.3), 'perspective')]) {
        const { direction } = cameraBasis(camera);
        const levels = [0, 4, -4].flatMap((mm) => {
          const clipPlanes = [{ origin: moved(middle, direction, mm), normal: direction }];
          return [undefined, 0.8].map((depthCue) => {
            draw(sceneOf('bone', camera, { clipPlanes, ...(depthCue && { depthCue }) }));
            return b.rgba[(40 * picture.width + 48) * 4]!;
          });
        });
        const ratio = (n: number): number => levels[2 * n + 1]! / levels[2 * n]!;
        // Light comes from within the first millimetre. The longest edge is 36 · 0.8 mm or 12 · 2.5: 30 mm.
        expect(Math.abs(ratio(0) - 0.6)).toBeLessThan(0.03);
        expect(Math.abs(ratio(1) - (0.6 - (0.8 * 4) / 30))).toBeLessThan(0.03);
        expect(Math.abs(ratio(2) - (0.6 + (0.8 * 4) / 30))).toBeLessThan(0.03);
      }
    }
  });
  it('show nothing of a volume below the transfer function until it is shifted down to it', () => {
    const { b, draw } = setUp(() => 100);
    const camera = fitCamera(geometry, 'L', 1);
    const seen = (): number => {
      const words = new Uint32Array(b.buffer, b.layout.rgba, picture.width * picture.height);
      return words.filter((word) => word !== words[0]).length;
    };
    draw(sceneOf('bone', camera));
    expect(seen()).toBe(0);
    draw(sceneOf('bone', camera, { shiftHu: -150 }));
    expect(seen()).toBeGreaterThan(500);
  });
  it('shift the window of a projection with the hand', () => {
    const { b, draw } = setUp(() => 150);
    const camera = fitCamera(geometry, 'L', 1);
    const middle = (40 * picture.width + 48) * 4;
    draw(sceneOf('mip', camera));
    expect(b.rgba[middle]).toBe(128);
    draw(sceneOf('mip', camera, { shiftHu: 175 }));
    expect(Math.abs(b.rgba[middle]! - 64)).toBeLessThanOrEqual(1);
  });
  it('leave the air around the patient out of the mean, of HU alone', () => {
    const { b, draw } = setUp((i) => (i < 35 ? -1000 : 60));
    const camera = fitCamera(geometry, 'R', 1);
    const view = orbit(camera, camera.focalPoint, Math.PI / 6, 0);
    const most = () => b.values.subarray(0, picture.width * picture.height).filter((value) => value > 30);
    draw(sceneOf('xray', view, { isHu: true }));
    const seen = most();
    expect(seen.length).toBeGreaterThan(1000);
    expect(Math.min(...seen.map((value) => Math.abs(value - 60)))).toBeLessThan(0.5);
    // A ray straight along i meets as many of the lower half's values as of the upper's, and none of them is air.
    draw(sceneOf('xray', camera));
    const middle = b.values[40 * picture.width + 48]!;
    draw(sceneOf('xray', camera, { isHu: true }));
    expect(b.values[40 * picture.width + 48]).toBeGreaterThan(50);
    expect(middle).toBeGreaterThan(-600);
    expect(middle).toBeLessThan(-350);
  });
  it('leave the air around the patient out of the least value, of HU alone', () => {
    const lung = (i: number, j: number): boolean => i > 28 && i < 41 && j > 14 && j < 21;
    const { b, draw } = setUp((i, j) =>
      i < 4 || i > 65 || j < 2 || j > 33 ? -1000 : lung(i, j) ? -850 : 60,
    );
    const camera = fitCamera(geometry, 'A', 1);
    const middle = 40 * picture.width + 48;
    for (const view of [
      camera,
      fitCamera(geometry, 'R', 1),
      orbit(camera, camera.focalPoint, Math.PI / 6, 0),
    ]) {
      draw(sceneOf('minip', view, { isHu: true }));
      expect(b.values[middle]).toBe(-850);
      draw(sceneOf('minip', view));
      expect(b.values[middle]).toBe(-1000);
    }
  });
  it('are the same each time, and nearly the same at half the step', () => {
    const { b, draw } = setUp((i, j, k) => Math.round(300 + 250 * Math.sin(i / 9) * Math.cos(j / 7 + k / 3)));
    const camera = orbit(fitCamera(geometry, 'A', 1), fitCamera(geometry, 'A', 1).focalPoint, 0.5, 0.3);
    const bytes = picture.width * picture.height * 4;
    const render = (stepMm: number): Uint8Array => {
      draw(sceneOf('muscle', camera, { stepMm, shading: null }));
      return b.rgba.slice(0, bytes);
    };
    const first = render(1);
    expect(render(1)).toEqual(first);
    const fine = render(0.5);
    const differences = first.map((x, p) => Math.abs(x - fine[p]!));
    const mean = differences.reduce((sum, x) => sum + x, 0) / bytes;
    expect(mean).toBeLessThan(2);
  });
  it('sample at the finest voxel edge at rest, at most 1 mm, and at three times that while moving', () => {
    const { info } = setUp(() => 0);
    const scene = sceneOf('bone', fitCamera(geometry, 'A'));
    expect(stepOf(info, scene, 'rest')).toBeCloseTo(0.4, 9);
    expect(stepOf(info, scene, 'moving')).toBeCloseTo(1.2, 9);
    expect(stepOf(info, { ...scene, stepMm: 2 }, 'rest')).toBe(2);
    const thick = {
      ...geometry,
      patientFromIndex: matrixFromColumns([3, 0, 0], [0, 3, 0], [0, 0, 5], [0, 0, 0]),
    };
    expect(stepOf({ ...info, geometry: thick }, scene, 'rest')).toBe(1);
    // Micro-CT: none of its voxels is passed over, unless there are more than 8192 on the way.
    const micro = {
      size,
      patientFromIndex: matrixFromColumns([0.01, 0, 0], [0, 0.01, 0], [0, 0, 0.02], [9, 9, 9]),
    };
    expect(stepOf({ ...info, geometry: micro }, scene, 'rest')).toBeCloseTo(0.01, 9);
    const deep = { ...micro, size: [10, 10, 8192] as const };
    expect(stepOf({ ...info, geometry: deep }, scene, 'rest')).toBeCloseTo(0.02, 5);
  });
});
