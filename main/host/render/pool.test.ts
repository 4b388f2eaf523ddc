import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../core/geometry/matrices.ts';
import { orthonormalPlane, volumeCentre } from '../../../core/geometry/planes.ts';
import { patientVector } from '../../../core/geometry/types.ts';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import { fitCamera } from '../../../core/scene/camera.ts';
import { presetPart, volumePreset, windowLevel } from '../../../core/scene/presets.ts';
import type { SliceScene, VolumeScene } from '../../../core/scene/types.ts';
import { kernelsReady } from '../../../scripts/build-native.mjs';
import { createHostRenderer, renderFrame, renderPng } from './pool.ts';
import { allocateHostVolume, type HostVolume, hostVolume } from './volume-memory.ts';

await kernelsReady();

const geometry = {
  size: [60, 50, 40],
  patientFromIndex: matrixFromColumns([0.8, 0, 0.1], [0, 0.8, 0], [-0.1, 0, 1.5], [-30, 12, 400]),
} as const;

function ball(workerCount: number): HostVolume {
  const request = { geometry, scalarType: 'int16', workerCount, maxOutputPixels: 256 * 256 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory');
  for (let k = 0; k < 40; k += 1)
    for (let j = 0; j < 50; j += 1)
      for (let i = 0; i < 60; i += 1) {
        const r = Math.hypot((i - 29.5) * 0.8, (j - 24.5) * 0.8, (k - 19.5) * 1.5);
        empty.voxels[(k * 50 + j) * 60 + i] =
          Math.round(1000 * Math.min(Math.max((16 - r) / 4, 0), 1)) + ((i * 31 + j * 17 + k * 7) % 40);
      }
  return hostVolume(empty, request, undefined, -32768);
}

const camera = fitCamera(geometry, 'A');
const volumeScene: VolumeScene = {
  kind: 'volume',
  camera,
  ...presetPart(volumePreset('bone')!),
  background: [0, 0, 0],
};
const slice: SliceScene = {
  kind: 'slice',
  plane: orthonormalPlane(volumeCentre(geometry), patientVector(1, 0.1, 0.2), patientVector(0, 1, 0.3)),
  spacingMm: 0.5,
  width: 121,
  height: 97,
  slabMm: 6,
  projection: 'mip',
  interpolation: 'linear',
  window: windowLevel(1000, 500),
  background: [0, 0, 0],
};
const size = { width: 131, height: 119 };

describe('render threads of the host', () => {
  const open: CpuRenderer[] = [];
  const start = async (workers: number): Promise<CpuRenderer> => {
    const renderer = await createHostRenderer(ball(workers));
    open.push(renderer);
    return renderer;
  };
  afterAll(() => {
    for (const renderer of open) renderer.dispose();
  });
  it('draw the same with one thread and with three', async () => {
    const [one, three] = [await start(1), await start(3)];
    for (const scene of [slice, volumeScene, { ...volumeScene, mode: 'mip' } as const]) {
      const [a, b] = [await renderFrame(one, scene, size), await renderFrame(three, scene, size)];
      expect(Buffer.compare(Buffer.from(a.rgba), Buffer.from(b.rgba))).toBe(0);
      expect(new Set(a.rgba).size).toBeGreaterThan(20);
      expect(a.values).toEqual(b.values);
    }
  });
  it('leave out what masks remove, from the moment that the memory grew for them', async () => {
    const renderer = await start(2);
    const layers = [
      { index: 1, role: 'removed', colour: [0, 0, 0], opacity: 1 },
      { index: 2, role: 'shown', colour: [0, 255, 0], opacity: 1 },
    ] as const;
    const before = await renderFrame(renderer, { ...volumeScene, layers }, size);
    const labels = Uint8Array.from({ length: 60 * 50 * 40 }, (_, n) => (n % 60 < 30 ? 1 : 2));
    expect(renderer.setLabels(labels)).toBe(true);
    const after = await renderFrame(renderer, { ...volumeScene, layers }, size);
    const shown = (rgba: Uint8ClampedArray, channel: number): number =>
      rgba.filter((level, n) => n % 4 === channel && level > 30).length;
    // Half of the ball is gone, the other half is green.
    expect(shown(after.rgba, 1) / shown(before.rgba, 1)).toBeGreaterThan(0.4);
    expect(shown(after.rgba, 1) / shown(before.rgba, 1)).toBeLessThan(0.6);
    expect(shown(before.rgba, 0)).toBeGreaterThan(1000);
    const reds = (column: number): number =>
      after.rgba.filter((level, n) => n % 4 === 0 && Math.floor(n / 4) % 131 === column && level > 30).length;
    expect(reds(40) + reds(90)).toBeLessThan(60);
    const plane = await renderFrame(renderer, { ...slice, layers }, size);
    // The tilted plane's corners lie outside.
    expect(new Set(plane.labels)).toEqual(new Set([0, 1, 2]));
    renderer.setLabels(null);
    const again = await renderFrame(renderer, { ...volumeScene, layers }, size);
    expect(Buffer.compare(Buffer.from(again.rgba), Buffer.from(before.rgba))).toBe(0);
  });
  it('keep up with a hand that drags: the newest view is answered, views in between are dropped', async () => {
    const renderer = await start(2);
    const asked = Array.from({ length: 30 }, (_, n) =>
      renderer.slice({ ...slice, slabMm: n }, { quality: 'moving', values: false }),
    );
    const frames = await Promise.all(asked);
    expect(frames.at(-1)).not.toBeNull();
    expect(frames.filter((frame) => frame === null).length).toBeGreaterThan(20);
    const newest = await renderFrame(renderer, { ...slice, slabMm: 29 }, size);
    expect(newest.rgba).toEqual(frames.at(-1)!.rgba);
  });
  it('makes a PNG of the scene’s size', async () => {
    const png = Buffer.from((await renderPng(ball(2), slice, size)).png);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([121, 97]);
    const at = png.indexOf('IDAT');
    const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(raw.length).toBe(97 * (1 + 121 * 3));
  });
  it('knows the volume’s values and forgets padding that is not there', () => {
    const volume = ball(1);
    expect(volume.noData).toBeUndefined();
    expect([volume.min, volume.max]).toEqual([0, 1039]);
    expect(volume.percentiles[1000]).toBe(1039);
  });
});
